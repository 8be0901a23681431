package main

import (
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// pooled returns the latencies of all rounds that were kept.
func (s *Series) pooled() []time.Duration {
	var all []time.Duration
	for _, r := range s.Rounds {
		all = append(all, r.Latencies...)
	}
	return all
}

// rate returns events per second over all rounds.
func (s *Series) rate() float64 {
	events, wall := s.total()
	return float64(events) / wall.Seconds()
}

// cpu returns the processor time of an event, of this process.
func (s *Series) cpu() time.Duration {
	each := make([]time.Duration, len(s.Rounds))
	for i := range s.Rounds {
		each[i] = s.Rounds[i].each()
	}
	return record.Median(each)
}

// heap returns what Go code allocated per event.
func (s *Series) heap() (bytes, objects float64) {
	events, _ := s.total()
	for _, r := range s.Rounds {
		bytes += float64(r.HeapBytes)
		objects += float64(r.HeapObjects)
	}
	return bytes / float64(events), objects / float64(events)
}

func (s *Series) total() (events int, wall time.Duration) {
	for _, r := range s.Rounds {
		events += r.Events
		wall += r.Wall
	}
	return events, wall
}

// ratios returns, round by round, the median latency of s in that of base.
func (s *Series) ratios(base *Series) []float64 {
	ratios := make([]float64, len(s.Rounds))
	for i := range ratios {
		ratios[i] = float64(record.Median(s.Rounds[i].Latencies)) / float64(record.Median(base.Rounds[i].Latencies))
	}
	return ratios
}
