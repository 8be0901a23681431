package main

import "github.com/lambent-dev/lambent/benchmarks/internal/compute"

// summary is one contender over all programs.
type summary struct {
	mean    float64 // geometric, of the medians
	fastest float64 // geometric, of the fastest rounds
	worst   float64 // of the medians
	where   string  // the program with the worst
}

// summarize compares the contender of that index with the first.
func summarize(programs []Program, contender int, of compute.Measure) summary {
	var s summary
	var medians, fastest []float64
	for i := range programs {
		p := &programs[i]
		r := compute.RatioOf(&p.Series[contender], &p.Series[0], of)
		medians, fastest = append(medians, r.Median), append(fastest, r.Fastest)
		if r.Median > s.worst {
			s.worst, s.where = r.Median, p.Name
		}
	}
	s.mean, s.fastest = compute.GeometricMean(medians), compute.GeometricMean(fastest)
	return s
}
