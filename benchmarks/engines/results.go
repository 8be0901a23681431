package main

import (
	"context"
	"runtime/debug"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/engine"
)

// Results is the file of a run. Durations are nanoseconds.
type Results struct {
	record.Run

	MeterVersion int
	Programs     []Program
	Handlers     []Events
	Calls        []Calls
	Starts       []Starts
}

// Program is what all contenders did with one program.
type Program struct {
	Name   string
	Answer uint64 // the checksum
	Series []compute.Series
}

// Events is what a handler did in a sandbox.
type Events struct {
	Handler, Engine, Mode string
	Rounds                []Round
}

// Modes of sandboxes.
const (
	pristine = "pristine"
	warmed   = "pristine, warm-up event"
	reused   = "reuse"
)

// Round is one round of events, one after the other.
type Round struct {
	Events      int
	CPU, Wall   time.Duration // of all; CPU is the calling thread's
	Median, P99 time.Duration // latency of one
}

func (e *Events) add(latencies []time.Duration, all compute.Sample) {
	e.Rounds = append(e.Rounds, Round{len(latencies), all.CPU, all.Wall, record.Median(latencies), record.Quantile(latencies, 0.99)})
}

// Calls is batches of calls of one kind.
type Calls struct {
	Engine, What string
	Batches      []Batch
}

// Kinds of calls.
const (
	callOut = "the guest calls its host"
	callIn  = "the host calls the guest"
)

// Batch is calls, one after the other.
type Batch struct {
	Calls     int
	CPU, Wall time.Duration // of all
}

func (c *Calls) add(count int, all compute.Sample) {
	c.Batches = append(c.Batches, Batch{count, all.CPU, all.Wall})
}

// Starts is servers that were started, by round.
type Starts struct {
	Engine        string
	Size          int             // of the function's module, in bytes
	Start         []time.Duration // until there is an answer to GET /health
	First, Second []time.Duration // calls of the function
}

func newResults(ctx context.Context, o options) *Results {
	versions := make(map[string]string)
	info, _ := debug.ReadBuildInfo() // nil only in programs without modules
	for _, m := range info.Deps {
		if strings.HasPrefix(m.Path, "github.com/bytecodealliance/wasmtime-go/") || m.Path == "github.com/tetratelabs/wazero" {
			versions[m.Path] = m.Version
		}
	}
	return &Results{Run: record.Begin(ctx, o.Command(), o.Seed, versions), MeterVersion: engine.MeterVersion}
}
