package main

import (
	"slices"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	hundred := make([]int, 100) // 100 to 1
	for i := range hundred {
		hundred[i] = 100 - i
	}
	for _, test := range []struct {
		values []int
		q      float64
		want   int
	}{
		{nil, 0.5, 0},
		{[]int{7}, 0.99, 7},
		{[]int{3, 1, 2}, 0.5, 2},
		{[]int{4, 1, 3, 2}, 0.5, 2},
		{hundred, 0, 1},
		{hundred, 0.5, 50},
		{hundred, 0.99, 99},
		{hundred, 1, 100},
	} {
		if got := quantile(test.values, test.q); got != test.want {
			t.Errorf("quantile %v of %v is %d, want %d", test.q, test.values, got, test.want)
		}
	}
	if hundred[0] != 100 {
		t.Error("quantile reordered its argument")
	}
}

func TestSeries(t *testing.T) {
	round := func(latencies ...time.Duration) Round {
		return Round{Wall: time.Second, HeapBytes: 60, HeapObjects: 6, Latencies: latencies}
	}
	base := &Series{Rounds: []Round{round(1, 2, 9), round(4, 4, 4)}}
	s := &Series{Rounds: []Round{round(4, 4, 4), round(1, 2, 9)}}
	if got, want := s.ratios(base), []float64{2, 0.5}; !slices.Equal(got, want) {
		t.Errorf("ratios are %v, want %v", got, want)
	}
	if got := s.rate(); got != 3 {
		t.Errorf("rate is %v, want 3", got)
	}
	if bytes, objects := s.heap(); bytes != 20 || objects != 2 {
		t.Errorf("%v bytes and %v objects per event, want 20 and 2", bytes, objects)
	}
}
