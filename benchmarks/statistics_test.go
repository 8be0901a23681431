package main

import (
	"slices"
	"testing"
	"time"
)

func TestSeries(t *testing.T) {
	round := func(latencies ...time.Duration) Round {
		return Round{Events: len(latencies), Wall: time.Second, HeapBytes: 60, HeapObjects: 6, Latencies: latencies}
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
