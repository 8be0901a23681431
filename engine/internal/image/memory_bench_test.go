package image

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// BenchmarkEvent is what an event costs beside the guest: Watch, Settle and
// Restore, after so many pages were written, which are the same every time. The
// median is of events, not of rounds: the machine has other things to do.
func BenchmarkEvent(b *testing.B) {
	platforms := []struct {
		name string
		p    *platform
	}{
		{"gate", detect()},
		{"scan", without(func(p *platform) { p.faults = nil })},
		{"drop", without(func(p *platform) { p.faults, p.scan = nil, nil })},
	}
	page := os.Getpagesize()
	for _, size := range []int{1 << 20, 16 << 20, 256 << 20} {
		for _, dirty := range []int{1, 10, 100, 1000} {
			if dirty*page > size {
				continue
			}
			for _, kind := range platforms {
				b.Run(fmt.Sprintf("%s/%dMiB/%d", kind.name, size>>20, dirty), func(b *testing.B) {
					benchmarkEvent(b, kind.p, size, dirty)
				})
			}
		}
	}
}

func benchmarkEvent(b *testing.B, p *platform, size, dirty int) {
	content := make([]byte, size)
	for at := 0; at < size; at += 2 * blockSize {
		content[at] = 1
	}
	i, err := freeze(p, content)
	if err != nil {
		b.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, uint64(size))
	if err != nil {
		b.Fatal(err)
	}
	defer m.Release()
	page := os.Getpagesize()
	step := size / page / dirty * page
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		m.Watch()
		watched := time.Since(began)
		for at := range dirty {
			m.bytes[at*step] += 2
		}
		began = time.Now()
		m.Settle()
		if err := m.Restore(); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(began)+watched)
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2]), "median-ns")
	b.ReportMetric(float64(times[len(times)/10]), "tenth-ns")
}

// BenchmarkFaults is what it costs to read the thread's count.
func BenchmarkFaults(b *testing.B) {
	p := detect()
	if p.faults == nil {
		b.Skip("no fault gate")
	}
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		for range 8 {
			p.faults()
		}
		times = append(times, time.Since(began)/8)
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2]), "median-ns")
}
