// A function that answers what it finds when an event comes, and leaves as much
// behind as it can.
package main

import (
	"context"
	crand "crypto/rand"
	"hash/maphash"
	legacy "math/rand"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

// What the init phase makes.
var (
	colour  = os.Getenv("COLOUR") // package level, before main
	name    = os.Getenv("AWS_LAMBDA_FUNCTION_NAME")
	stream  = os.Getenv("AWS_LAMBDA_LOG_STREAM_NAME")
	started = time.Now()
	table   = make(map[int]bool)
	events  int

	ticks   atomic.Int64
	ticked  = make(chan int64)  // from a goroutine that init left
	slept   = make(chan uint64) // from another: what it draws when it wakes up in an event
	entered atomic.Bool         // there is an event
	asked   = make(chan chan uint64)
)

func main() {
	for i := range 100 {
		table[i] = true
	}
	os.Setenv("SET_BY_MAIN", "yes")
	go func() {
		for range time.Tick(time.Millisecond) {
			ticked <- ticks.Add(1)
		}
	}()
	go func() {
		for !entered.Load() {
			time.Sleep(time.Millisecond)
		}
		slept <- rand.Uint64()
	}()
	go func() {
		for answer := range asked {
			answer <- rand.Uint64()
		}
	}()
	lambent.StartFunc(answer)
}

// Answer is what an event finds.
type Answer struct {
	Colour, Name, InitStream, Stream, Set string

	Random map[string]string // by what it was drawn from

	Events int
	Ticks  []int64
	Since  time.Duration // init
	Took   time.Duration // of a sleep of a millisecond
	Left   string        // by an earlier event
}

func answer(ctx context.Context, in struct{ Stay time.Duration }) (Answer, error) {
	begin := time.Now()
	entered.Store(true)
	a := Answer{
		Colour: colour, Name: name, InitStream: stream, Stream: os.Getenv("AWS_LAMBDA_LOG_STREAM_NAME"), Set: os.Getenv("SET_BY_MAIN"),
		Events: events, Since: begin.Sub(started), Left: os.Getenv("LEFT") + left(),
		Random: map[string]string{
			"math/rand/v2":      strconv.FormatUint(rand.Uint64(), 16),
			"math/rand":         strconv.FormatUint(legacy.Uint64(), 16),
			"math/rand.Perm":    join(legacy.Perm(50)),
			"hash/maphash":      strconv.FormatUint(maphash.String(maphash.MakeSeed(), "x"), 16),
			"crypto/rand":       crand.Text(),
			"select":            choices(),
			"order of init":     order(table),
			"order of an event": order(fresh()),
			"another goroutine": strconv.FormatUint(ask(), 16),
			"one that slept":    strconv.FormatUint(<-slept, 16),
		},
	}
	a.Ticks = append(a.Ticks, <-ticked, <-ticked)
	sleep := time.Now()
	time.Sleep(time.Millisecond)
	a.Took = time.Since(sleep)

	// What must be gone with the next event.
	events++
	os.Setenv("LEFT", "a variable")
	os.WriteFile("/tmp/left", []byte("a file"), 0o600)
	go func() {
		for range time.Tick(time.Millisecond) {
			ticks.Add(1000)
			events++
		}
	}()
	time.Sleep(in.Stay)
	return a, nil
}

func left() string {
	b, _ := os.ReadFile("/tmp/left")
	return string(b)
}

func ask() uint64 {
	answer := make(chan uint64)
	asked <- answer
	return <-answer
}

// choices are 64 that select makes between two channels that are ready.
func choices() string {
	a, b := make(chan int, 64), make(chan int, 64)
	for range 64 {
		a <- 0
		b <- 1
	}
	var chosen []int
	for range 64 {
		select {
		case v := <-a:
			chosen = append(chosen, v)
		case v := <-b:
			chosen = append(chosen, v)
		}
	}
	return join(chosen)
}

func fresh() map[int]bool {
	m := make(map[int]bool)
	for i := range 100 {
		m[i] = true
	}
	return m
}

// order is that in which m is ranged over: of each of 16 times, what comes first.
// (A map has few orders, and this is to tell many events apart.)
func order(m map[int]bool) string {
	var keys []int
	for range 16 {
		for key := range m {
			keys = append(keys, key)
			break
		}
	}
	return join(keys)
}

func join(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		b.WriteString(strconv.Itoa(n) + " ")
	}
	return b.String()
}
