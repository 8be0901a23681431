package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode"
)

// countWords counts the words that r holds, in lower case. A word is a run of
// letters, marks and digits; an apostrophe or a hyphen between two of them
// belongs to it. It needs memory for the distinct words only, wherever the
// reads of r happen to cut the text.
func countWords(r io.Reader) (counts map[string]int, words int, err error) {
	counts = make(map[string]int)
	var word strings.Builder
	var joint rune // an apostrophe or hyphen after word, not yet part of it
	end := func() {
		if word.Len() > 0 {
			counts[word.String()]++
			words++
			word.Reset()
		}
		joint = 0
	}
	in := bufio.NewReader(r)
	for {
		c, _, err := in.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			end()
			return counts, words, nil
		case err != nil:
			return nil, 0, err
		case unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsDigit(c):
			if joint != 0 {
				word.WriteRune(joint)
				joint = 0
			}
			word.WriteRune(unicode.ToLower(c))
		case isJoint(c) && word.Len() > 0 && joint == 0:
			joint = c
		default:
			end()
		}
	}
}

func isJoint(c rune) bool { return c == '\'' || c == '’' || c == '-' || c == '‐' }
