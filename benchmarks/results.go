package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"
)

// Results is the file of a run: everything that was measured, and what is
// needed to do it again. Durations are nanoseconds.
type Results struct {
	Date     time.Time
	Command  string
	Seed     uint64
	Commit   string // of Lambent
	Modified bool   // whether Lambent's files differed from that commit
	Versions map[string]string
	Machine  Machine

	LoadBefore, LoadAfter string // of the machine, over 1, 5 and 15 minutes

	Event, Answer string
	Series        []Series
	Phases        []Phases
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
	Wall                   time.Duration
	HeapBytes, HeapObjects uint64 // allocated by Go code, all events together
	Latencies              []time.Duration
}

func newResults(ctx context.Context, o options) *Results {
	r := &Results{
		Date:       time.Now().UTC().Truncate(time.Second),
		Command:    o.command(),
		Seed:       o.seed,
		Versions:   versions(),
		Machine:    thisMachine(),
		LoadBefore: loadAverage(),
		Event:      event,
		Answer:     answer,
	}
	r.Commit, r.Modified = commit(ctx)
	return r
}

// command is the command line that does the same again.
func (o options) command() string {
	c := fmt.Sprintf("go run . -rounds %d -events %d -seed %d", o.rounds, o.events, o.seed)
	if o.output != "" {
		c += " -o " + o.output
	}
	return c
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

// write writes the results to a file, whose folder it makes if need be.
func (r *Results) write(path string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
