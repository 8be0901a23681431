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
	r := newResults(t.Context(), parsed(t, "-rounds 1 -events 2 -seed 3"))
	for _, n := range concurrencies {
		for i, name := range []string{"Lambent", "peer"} {
			latency := time.Duration(i+1) * 1500 * time.Nanosecond
			r.Series = append(r.Series, Series{Handler: "C", Contender: name, Concurrency: n, Rounds: []Round{
				{Events: 2, Wall: time.Millisecond, HeapBytes: 4096, HeapObjects: 6, Latencies: []time.Duration{latency, latency}},
			}})
		}
	}
	r.Phases = []Phases{{Handler: "C", ModuleSize: 2048, LoadCode: []time.Duration{5000}, Open: []time.Duration{7000}, First: []time.Duration{3000}, Run: []time.Duration{9000}, Init: []time.Duration{4000}, Handle: []time.Duration{2000}}}

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
	if err := r.Report(&report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"C handler, 2 at a time", "| Lambent | 1.5 | 1.5 | 1.00 (1.00–1.00) |", "| peer | 3.0 | 3.0 | 2.00 (2.00–2.00) |", " 2000 | 2.0 | 3 |", "| – the rest | 3.0 |", "| `Engine.Load` | 5.0 |", "| `sandbox.Open`, code in the cache and the image kept | 7.0 |", "| – the first `Sandbox.Run` after it | 3.0 |"} {
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

// TestBars reports figures that reach some bars and miss others.
func TestBars(t *testing.T) {
	r := newResults(t.Context(), parsed(t, "-rounds 2 -events 2 -seed 3"))
	add := func(handler, contender string, concurrency int, each time.Duration) {
		round := Round{Events: 2, Wall: 2 * each / time.Duration(concurrency), CPU: 2 * each, Latencies: []time.Duration{each, each}}
		r.Series = append(r.Series, Series{Handler: handler, Contender: contender, Concurrency: concurrency, Rounds: []Round{round, round}})
	}
	add("C", pristine, 1, 2500*time.Nanosecond)
	add("C", pristine, 2, 2500*time.Nanosecond)
	add("C", reused, 1, 2*time.Microsecond)
	add("C", pooled, 1, 9*time.Microsecond)
	r.Pages = []Pages{
		{4, 100, "pristine", []time.Duration{9000}, []time.Duration{12000}},
		{4, 100, "reuse", []time.Duration{3000}, []time.Duration{3000}},
	}
	var b strings.Builder
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| C: whole path of an event, median | ≤ 3 µs | 2.50 (2.50–2.50) µs | met |",
		"÷ Lambent | ≥ 4 | 3.60 (3.60–3.60) | **missed** |",
		"| C: events for the same processor time, pristine ÷ reuse | ≥ 0.95 | 0.80 (0.80–0.80) | **missed** |",
		"| C: events/s, 2 at a time ÷ 1 at a time | ≥ 1.6 | 2.00 (2.00–2.00) | met |",
		"| 4 MiB | – | – | 9.0 / 3.0 (12.0) | – |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "Go:") {
		t.Error("bars are reported that were not measured")
	}
}

// TestPages measures a little of each field.
func TestPages(t *testing.T) {
	table, err := measurePages(t.Context(), parsed(t, "-rounds 1"))
	if err != nil {
		t.Fatal(err)
	}
	if len(table) != 2*(len(memories)*len(dirtyPages)-1) { // 1,000 pages are more than 1 MiB
		t.Errorf("%d fields", len(table))
	}
}
