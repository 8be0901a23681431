package main

import (
	"context"
	"math/rand/v2"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
)

// programs is the part about programs that compute.
type programs struct{ field *compute.Field }

func (b *bench) openPrograms(ctx context.Context) (part, error) {
	some, err := compute.C("sha256", "nbody", "matmul", "json", "sieve", "fib", "qsort")
	if err != nil {
		return nil, err
	}
	if b.small {
		for i := range some {
			some[i].Shorten()
		}
	}
	entrants, err := entrants(b.dir)
	if err != nil {
		return nil, err
	}
	field, err := compute.Open(ctx, some, entrants)
	if err != nil {
		return nil, err
	}
	return programs{field}, nil
}

func (p programs) round(ctx context.Context, random *rand.Rand) error {
	return p.field.Round(ctx, random)
}

// report implements part. Fuel is the same on both engines, or there are no
// results.
func (p programs) report(r *Results) error {
	for i := range p.field.Programs {
		r.Programs = append(r.Programs, Program{p.field.Programs[i].Name, p.field.Answers[i], p.field.SeriesOf(i)})
	}
	return p.field.Agree()
}

func (p programs) close() error { return p.field.Close() }
