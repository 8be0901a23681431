package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// TestResults writes results and reports them: what is written reads back, and
// nothing of either names this machine.
func TestResults(t *testing.T) {
	r := newResults(t.Context(), options{rounds: 1, events: 2, seed: 3})
	for _, n := range concurrencies {
		for i, name := range []string{"Lambent", "peer"} {
			latency := time.Duration(i+1) * 1500 * time.Nanosecond
			r.Series = append(r.Series, Series{Handler: "C", Contender: name, Concurrency: n, Rounds: []Round{
				{Wall: time.Millisecond, HeapBytes: 4096, HeapObjects: 6, Latencies: []time.Duration{latency, latency}},
			}})
		}
	}
	r.Phases = []Phases{{Handler: "C", ModuleSize: 2048, Run: []time.Duration{9000}, Init: []time.Duration{4000}, Handle: []time.Duration{2000}}}

	path := filepath.Join(t.TempDir(), "folder", "results.json")
	if err := record.Write(path, r); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var read Results
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&read, r) {
		t.Errorf("written %+v, read %+v", r, read)
	}

	var report strings.Builder
	if err := r.report(&report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"C handler, 2 at a time", "| Lambent | 1.5 | 1.5 | 1.00 (1.00–1.00) |", "| peer | 3.0 | 3.0 | 2.00 (2.00–2.00) |", " 2000 | 2.0 | 3 |", "| – the rest | 3.0 |"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, report.String())
		}
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(written), report.String()} {
		if len(host) > 3 && strings.Contains(text, host) || strings.Contains(text, folder) {
			t.Errorf("this machine is named in:\n%s", text)
		}
	}
}
