// Word-count counts the words of a text in any script and names the most
// frequent ones.
//
//	{"text":"To be or not to be","top":2} → {"words":6,"distinct":4,"top":[{"word":"be","count":2},{"word":"to","count":2}]}
package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

type request struct {
	Text string `json:"text"`
	Top  int    `json:"top"` // how many words to name; default 10
}

type response struct {
	Words    int         `json:"words"`
	Distinct int         `json:"distinct"`
	Top      []wordCount `json:"top"`
}

type wordCount struct {
	Word  string `json:"word"`
	Count int    `json:"count"`
}

const (
	defaultTop = 10
	maxTop     = 1000
)

func count(in request) (response, error) {
	if in.Top < 0 || in.Top > maxTop {
		return response{}, fmt.Errorf("top is %d; allowed are 0 to %d", in.Top, maxTop)
	}
	counts, words, err := countWords(strings.NewReader(in.Text))
	if err != nil {
		return response{}, err
	}
	return response{
		Words:    words,
		Distinct: len(counts),
		Top:      mostFrequent(counts, cmp.Or(in.Top, defaultTop)),
	}, nil
}

// mostFrequent returns the n words that occur most; of those that occur equally
// often, the ones that come first in the order of their characters.
func mostFrequent(counts map[string]int, n int) []wordCount {
	all := make([]wordCount, 0, len(counts))
	for word, count := range counts {
		all = append(all, wordCount{word, count})
	}
	slices.SortFunc(all, func(a, b wordCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Word, b.Word))
	})
	return all[:min(n, len(all))]
}

func main() { lambent.Start(count) }
