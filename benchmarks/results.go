package main

import (
	"context"
	"runtime/debug"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// Results is the file of a run: everything that was measured, and what is
// needed to do it again. Durations are nanoseconds.
type Results struct {
	record.Run

	Event, Answer string
	Series        []Series
	Phases        []Phases
	Pages         []Pages
}

// Series is what one contender did with one handler.
type Series struct {
	Handler     string
	Contender   string
	Concurrency int           // goroutines
	Load        time.Duration // making the contender ready, once: compiling, for most
	Rounds      []Round
}

// Round is one measurement of it.
type Round struct {
	Events                 int
	Wall                   time.Duration
	CPU                    time.Duration   // processor time of this process, without children
	HeapBytes, HeapObjects uint64          // allocated by Go code, all events together
	Latencies              []time.Duration // of at most -events of the events, evenly spread
}

func newResults(ctx context.Context, o options) *Results {
	return &Results{
		Run:    record.Begin(ctx, o.Command(), o.Seed, versions()),
		Event:  event,
		Answer: answer,
	}
}

// versions returns the versions of the peers that this program was built with.
func versions() map[string]string {
	peers := []string{
		"github.com/bytecodealliance/wasmtime-go/v39",
		"github.com/extism/go-sdk",
		"github.com/tetratelabs/wazero",
	}
	found := make(map[string]string)
	info, _ := debug.ReadBuildInfo() // nil only in programs without modules
	for _, m := range info.Deps {
		if slices.Contains(peers, m.Path) {
			found[m.Path] = m.Version
		}
	}
	return found
}
