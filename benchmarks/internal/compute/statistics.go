package compute

import (
	"math"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// Measure is one of the times of a sample.
type Measure func(Sample) time.Duration

// CPU is the processor time of a sample.
func CPU(s Sample) time.Duration { return s.CPU }

// Wall is the time that a sample took.
func Wall(s Sample) time.Duration { return s.Wall }

// Times returns a measure of all rounds.
func (s *Series) Times(of Measure) []time.Duration {
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

// Ratio is how often a contender takes the time of another. The quantiles are of
// the rounds, in each of which the two are compared.
type Ratio struct {
	Median, P25, P75 float64
	Fastest          float64 // of the fastest rounds of both: what else the machine does never makes one faster
}

// RatioOf compares the rounds of two series.
func RatioOf(s, base *Series, of Measure) Ratio {
	all := make([]float64, len(s.Samples))
	for i := range all {
		all[i] = float64(of(s.Samples[i])) / float64(of(base.Samples[i]))
	}
	fastest := float64(slices.Min(s.Times(of))) / float64(slices.Min(base.Times(of)))
	return Ratio{record.Median(all), record.Quantile(all, 0.25), record.Quantile(all, 0.75), fastest}
}

// GeometricMean of positive values.
func GeometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}
