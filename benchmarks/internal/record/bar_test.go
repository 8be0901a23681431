package record

import (
	"math"
	"testing"
)

func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		bar   Bar
		value float64
		want  string
	}{
		{Bar{Most: 2}, 2, "met"},
		{Bar{Most: 2}, 2.01, "**missed**"},
		{Bar{Most: 2}, math.NaN(), "not measured"},
		{Bar{Least: 2}, 2, "met"},
		{Bar{Least: 2}, 1.99, "**missed**"},
		{Bar{Least: 2}, math.Inf(1), "not measured"},
	} {
		if got := test.bar.Verdict(test.value); got != test.want {
			t.Errorf("%v of %+v is %q, want %q", test.value, test.bar, got, test.want)
		}
	}
}
