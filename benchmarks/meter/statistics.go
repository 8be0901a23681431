package main

import (
	"math"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// measure is one of the times of a sample.
type measure func(Sample) time.Duration

func cpu(s Sample) time.Duration  { return s.CPU }
func wall(s Sample) time.Duration { return s.Wall }

// times returns a measure of all rounds.
func (s *Series) times(of measure) []time.Duration {
	all := make([]time.Duration, len(s.Samples))
	for i, sample := range s.Samples {
		all[i] = of(sample)
	}
	return all
}

// fuel returns the fuel of all rounds.
func (s *Series) fuel() []int64 {
	all := make([]int64, len(s.Samples))
	for i, sample := range s.Samples {
		all[i] = sample.Fuel
	}
	return all
}

// ratio is how often a contender takes the time of another. The quantiles are of
// the rounds, in each of which the two are compared.
type ratio struct {
	median, p25, p75 float64
	fastest          float64 // of the fastest rounds of both: what else the machine does never makes one faster
}

func ratioOf(s, base *Series, of measure) ratio {
	all := make([]float64, len(s.Samples))
	for i := range all {
		all[i] = float64(of(s.Samples[i])) / float64(of(base.Samples[i]))
	}
	fastest := float64(slices.Min(s.times(of))) / float64(slices.Min(base.times(of)))
	return ratio{record.Median(all), record.Quantile(all, 0.25), record.Quantile(all, 0.75), fastest}
}

// geometricMean of positive values.
func geometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}

// summary is one contender over all programs.
type summary struct {
	mean    float64 // geometric, of the medians
	fastest float64 // geometric, of the fastest rounds
	worst   float64 // of the medians
	where   string  // the program with the worst
}

// summarize compares the contender of that index with the first.
func summarize(programs []Program, contender int, of measure) summary {
	var s summary
	var medians, fastest []float64
	for i := range programs {
		p := &programs[i]
		r := ratioOf(&p.Series[contender], &p.Series[0], of)
		medians, fastest = append(medians, r.median), append(fastest, r.fastest)
		if r.median > s.worst {
			s.worst, s.where = r.median, p.Name
		}
	}
	s.mean, s.fastest = geometricMean(medians), geometricMean(fastest)
	return s
}
