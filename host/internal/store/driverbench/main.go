// Command driverbench measures SQLite drivers on the store's workload: it builds
// one program for each driver, runs them interleaved, and prints medians.
//
//	go run . -rounds 7
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store/driverbench/workload"
)

var drivers = []string{"modernc", "ncruces"}

func main() {
	rounds := flag.Int("rounds", 7, "rounds; in each, every driver runs once")
	span := flag.Duration("for", time.Second, "time for each part of a run")
	flag.Parse()
	dir, err := os.MkdirTemp("", "driverbench")
	check(err)
	defer os.RemoveAll(dir)

	size := map[string]int64{}
	for _, name := range append([]string{"none"}, drivers...) {
		build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(dir, name), "./"+name)
		build.Stderr = os.Stderr
		check(build.Run())
		info, err := os.Stat(filepath.Join(dir, name))
		check(err)
		size[name] = info.Size()
	}

	all := map[string][]workload.Figures{}
	for range *rounds {
		for _, name := range drivers {
			data := filepath.Join(dir, name+".data")
			check(os.MkdirAll(data, 0o700))
			program := filepath.Join(dir, name)
			f := run(program, "-dir", data, "-for", span.String())
			f.Open = run(program, "-dir", data, "-open").Open
			all[name] = append(all[name], f)
		}
		slices.Reverse(drivers)
	}

	fmt.Printf("%-9s %10s %10s %10s %12s %10s %10s %14s %10s\n", "driver", "open", "open more", "write", "64 writers", "read", "list 100", "reads beside", "binary")
	for _, name := range slices.Sorted(slices.Values(drivers)) {
		f := all[name]
		fmt.Printf("%-9s %7.0f µs %7.0f µs %7.0f µs %10.0f/s %7.1f µs %7.1f µs %12.0f/s %+6.1f MB\n", name,
			median(f, func(f workload.Figures) float64 { return f.Open }),
			median(f, func(f workload.Figures) float64 { return f.OpenMore }),
			median(f, func(f workload.Figures) float64 { return f.Write }),
			median(f, func(f workload.Figures) float64 { return f.Writes64 }),
			median(f, func(f workload.Figures) float64 { return f.PointRead }),
			median(f, func(f workload.Figures) float64 { return f.List100 }),
			median(f, func(f workload.Figures) float64 { return f.ReadsBusy }),
			float64(size[name]-size["none"])/1e6)
	}
}

func run(program string, args ...string) (f workload.Figures) {
	c := exec.Command(program, args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, os.Stderr
	check(c.Run())
	check(json.Unmarshal(out.Bytes(), &f))
	return f
}

func median[T cmp.Ordered](all []workload.Figures, of func(workload.Figures) T) T {
	var values []T
	for _, f := range all {
		values = append(values, of(f))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
