package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
)

// options are what the command line says.
type options struct {
	*command.Flags
	rounds int
	slices []int64
	only   []string // empty: all
	small  bool     // programs do the small amount of work; for tests, there is no flag
}

// maxSlice is the largest slice: its sum over a run must not overflow.
const maxSlice = 1 << 40

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("./meter", "the order within rounds")}
	var granted, only string
	o.IntVar(&o.rounds, "rounds", 30, "how often every contender is measured")
	o.StringVar(&granted, "slices", "100000,1000000", "fuel granted at once, in `units`; each is a contender")
	o.StringVar(&only, "only", "", "`names` of the programs to measure; all by default")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("-rounds is %d, it must be positive", o.rounds)
	}
	for s := range strings.SplitSeq(granted, ",") {
		slice, err := strconv.ParseInt(s, 10, 64)
		if err != nil || slice < 1 || slice > maxSlice {
			return o, fmt.Errorf("-slices has %q, allowed are numbers of 1 to %d, separated by commas", s, int64(maxSlice))
		}
		if slices.Contains(o.slices, slice) {
			return o, fmt.Errorf("-slices has %d twice", slice)
		}
		o.slices = append(o.slices, slice)
	}
	if only != "" {
		o.only = strings.Split(only, ",")
	}
	return o, nil
}

// programs builds and reads the programs that are asked for.
func (o options) programs(ctx context.Context, dir string) ([]compute.Program, error) {
	all, err := compute.C("sha256", "nbody", "matmul", "sieve", "fib", "qsort")
	if err != nil {
		return nil, err
	}
	sort, err := compute.AssemblyScript()
	if err != nil {
		return nil, err
	}
	golang, err := compute.Go(ctx, dir)
	if err != nil {
		return nil, err
	}
	all = append(append(all, sort), golang...)
	if len(o.only) > 0 {
		if all, err = compute.Choose(all, o.only); err != nil {
			return nil, fmt.Errorf("-only: %w", err)
		}
	}
	if o.small {
		for i := range all {
			all[i].Shorten()
		}
	}
	return all, nil
}
