package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// arrival is an event for a function.
type arrival struct {
	function int
	due      time.Duration // after the begin, in an open loop
}

// popularity says how often each function gets an event, by Zipf's law.
type popularity struct {
	order []int     // functions, the one that gets most of them first
	sums  []float64 // of the weights of as many
}

// zipf has the function at place k of a shuffled order get events in proportion to
// k to the power of -exponent.
func zipf(functions int, exponent float64, random *rand.Rand) *popularity {
	p := &popularity{order: random.Perm(functions), sums: make([]float64, functions)}
	sum := 0.0
	for i := range p.sums {
		sum += math.Pow(float64(i+1), -exponent)
		p.sums[i] = sum
	}
	return p
}

// draw returns the function of the next event.
func (p *popularity) draw(random *rand.Rand) int {
	at, _ := slices.BinarySearch(p.sums, random.Float64()*p.sums[len(p.sums)-1])
	return p.order[min(at, len(p.order)-1)]
}

// arrivals returns so many, at random times that make that rate per second.
func (p *popularity) arrivals(n int, rate float64, random *rand.Rand) []arrival {
	all := make([]arrival, n)
	due := 0.0
	for i := range all {
		due += random.ExpFloat64() / rate
		all[i] = arrival{p.draw(random), time.Duration(due * float64(time.Second))}
	}
	return all
}

// lru counts what a table of slots would miss, if events came one after the other
// and the function that was not used for longest made room.
type lru struct {
	slots int
	table []int // functions, the one used last at the end
}

// misses uses the functions of arrivals, and returns how many were not there.
func (l *lru) misses(all []arrival) (n int) {
	for _, a := range all {
		if i := slices.Index(l.table, a.function); i >= 0 {
			l.table = slices.Delete(l.table, i, i+1)
		} else if n++; len(l.table) == l.slots {
			l.table = slices.Delete(l.table, 0, 1)
		}
		l.table = append(l.table, a.function)
	}
	return n
}
