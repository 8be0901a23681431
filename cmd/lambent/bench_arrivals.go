package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"
)

// randomArrivals returns when n events arrive that know nothing of each other,
// rate of them in a second on average: a Poisson process.
func randomArrivals(n int, rate float64, seed uint64) []time.Duration {
	random := rand.New(rand.NewPCG(seed, 0))
	arrivals := make([]time.Duration, n)
	at := 0.0 // seconds
	for i := range arrivals {
		at += random.ExpFloat64() / rate
		arrivals[i] = seconds(at)
	}
	return arrivals
}

// maxArrival is the latest arrival: a longer benchmark is a mistake.
const maxArrival = 7 * 24 * time.Hour

// seconds returns s seconds, at most maxArrival.
func seconds(s float64) time.Duration {
	return time.Duration(min(s, maxArrival.Seconds()) * float64(time.Second))
}

// readTrace reads a file of arrivals: see benchCommand.
func readTrace(path string) ([]time.Duration, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	arrivals, err := parseTrace(f)
	if err != nil {
		return nil, fmt.Errorf("--trace %s: %w", path, err)
	}
	return arrivals, nil
}

func parseTrace(r io.Reader) ([]time.Duration, error) {
	var arrivals []time.Duration
	var last float64
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		at, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || !(at >= 0 && at <= maxArrival.Seconds()):
			return nil, fmt.Errorf("line %d is %.40q; it must be a number of seconds, 0 to %.0f", n, text, maxArrival.Seconds())
		case at < last:
			return nil, fmt.Errorf("line %d: %v comes after %v; arrivals must ascend", n, at, last)
		case len(arrivals) == maxBenchEvents:
			return nil, fmt.Errorf("line %d: there are more than %d arrivals", n, maxBenchEvents)
		}
		last = at
		arrivals = append(arrivals, seconds(at))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	if len(arrivals) == 0 {
		return nil, fmt.Errorf("there are no arrivals in it, one per line")
	}
	return arrivals, nil
}
