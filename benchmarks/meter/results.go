package main

import (
	"context"
	"runtime/debug"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
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
	Series []compute.Series
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

func resultsOf(f *compute.Field) []Program {
	var all []Program
	for i, p := range f.Programs {
		all = append(all, Program{Name: p.Name, Bytes: len(p.Binary.Bytes()), Answer: f.Answers[i], Series: f.SeriesOf(i)})
	}
	return all
}
