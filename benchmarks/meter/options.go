package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// options are what the command line says.
type options struct {
	rounds int
	slices []int64
	only   []string // empty: all
	seed   uint64
	json   string // empty: none
	small  bool   // programs do the small amount of work; for tests, there is no flag
}

// maxSlice is the largest slice: its sum over a run must not overflow.
const maxSlice = 1 << 40

func parse(args []string) (options, error) {
	var o options
	var granted, only string
	flags := flag.NewFlagSet("meter", flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", 30, "how often every contender is measured")
	flags.StringVar(&granted, "slices", "100000,1000000", "fuel granted at once, in `units`; each is a contender")
	flags.StringVar(&only, "only", "", "`names` of the programs to measure; all by default")
	flags.Uint64Var(&o.seed, "seed", 1, "of the order within rounds")
	flags.StringVar(&o.json, "json", "", "`file` below this folder to write raw results to")
	flags.Parse(args) // exits on an error
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not a flag; there are only flags", flags.Arg(0))
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
	return o, record.CheckOutput(o.json)
}

// programs builds and reads the programs that are asked for.
func (o options) programs(ctx context.Context, dir string) ([]program, error) {
	all, err := load(ctx, dir)
	if err != nil {
		return nil, err
	}
	if o.small {
		for i := range all {
			all[i].amount = all[i].small
		}
	}
	if len(o.only) == 0 {
		return all, nil
	}
	var some []program
	for _, name := range o.only {
		i := slices.IndexFunc(all, func(p program) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-only has %q, there are %s", name, names(all))
		}
		some = append(some, all[i])
	}
	return some, nil
}

// command is the command line that does the same again.
func (o options) command() string {
	var granted []string
	for _, slice := range o.slices {
		granted = append(granted, strconv.FormatInt(slice, 10))
	}
	c := fmt.Sprintf("go run ./meter -rounds %d -slices %s -seed %d", o.rounds, strings.Join(granted, ","), o.seed)
	if len(o.only) > 0 {
		c += " -only " + strings.Join(o.only, ",")
	}
	if o.json != "" {
		c += " -json " + o.json
	}
	return c
}
