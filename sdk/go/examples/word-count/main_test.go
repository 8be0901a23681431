package main

import (
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCount(t *testing.T) {
	got, err := count(request{Text: "To be, or not to be: that is the question.", Top: 2})
	want := response{Words: 10, Distinct: 8, Top: []wordCount{{"be", 2}, {"to", 2}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if got, err := count(request{}); err != nil || got.Words != 0 || got.Top == nil {
		t.Errorf("no text: %+v, %v", got, err)
	}
	for _, top := range []int{-1, maxTop + 1} {
		if _, err := count(request{Top: top}); err == nil {
			t.Errorf("top %d: no error", top)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]map[string]int{
		"don't stop":           {"don't": 1, "stop": 1},
		"l’été, L’ÉTÉ":         {"l’été": 2},
		"e\u0301t e\u0301T":    {"e\u0301t": 2}, // accents as marks of their own
		"well-known -- and":    {"well-known": 1, "and": 1},
		"'quoted' end-":        {"quoted": 1, "end": 1},
		"a--b":                 {"a": 1, "b": 1},
		"Привет, привет! 世界":   {"привет": 2, "世界": 1},
		"x2 \U0001F600 \xff y": {"x2": 1, "y": 1},
	} {
		// One byte at a time: no cut may break a character or a word.
		got, _, err := countWords(iotest.OneByteReader(strings.NewReader(text)))
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestWordsOfABrokenReader(t *testing.T) {
	broken := errors.New("broken")
	if _, _, err := countWords(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
