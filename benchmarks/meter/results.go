package main

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/engine"
)

// Results is the file of a run. Durations are nanoseconds.
type Results struct {
	record.Run

	MeterVersion int
	Programs     []Program
}

// Program is what all contenders did with one program.
type Program struct {
	Name   string
	Bytes  int    // of the plain module
	Answer uint64 // the checksum
	Series []Series
}

// Series is what one contender did.
type Series struct {
	Contender string
	Compile   time.Duration // once, so good for its magnitude only
	Samples   []Sample      // by round
}

// Sample is one call.
type Sample struct {
	CPU  time.Duration // of the thread that ran it, in user and system mode
	Wall time.Duration
	Fuel int64 // units used, 0 if that is not counted
}

func newResults(ctx context.Context, o options) *Results {
	versions := make(map[string]string)
	info, _ := debug.ReadBuildInfo() // nil only in programs without modules
	for _, m := range info.Deps {
		if m.Path == "github.com/tetratelabs/wazero" {
			versions[m.Path] = m.Version
		}
	}
	return &Results{Run: record.Begin(ctx, o.Command(), o.Seed, versions), MeterVersion: engine.MeterVersion}
}

func (f *field) results() []Program {
	var all []Program
	for i, p := range f.programs {
		r := Program{Name: p.name, Bytes: len(p.module), Answer: f.answers[i]}
		for _, l := range f.lanes[i] {
			r.Series = append(r.Series, l.series)
		}
		all = append(all, r)
	}
	return all
}
