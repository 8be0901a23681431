package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// MeterVersion numbers what a module is charged for and where: counts of fuel
// are comparable between equal versions only.
const MeterVersion = meter.Version

// What a call of a host function costs, beside what the guest pays for calling.
const (
	HostCallFuel  = 500
	hostByteShift = 4 // one unit per 16 bytes that cross the border
)

// DefaultSlice is InstanceConfig.Slice if that is 0.
const DefaultSlice = 100_000

// Metered returns the module with the meter built in, as engines run it. It
// imports two functions, which engines answer by a Meter: see package
// engine/internal/meter.
func (b *Binary) Metered() ([]byte, error) { return meter.Instrument(b.module) }

// Of the slices that are granted. Fuel says how much work is done, and little
// about how long it takes: a page that is touched for the first time takes as
// long as a thousand operations. So an instance begins with a small slice; slices
// grow while they are spent in less than half of sliceTime, up to
// InstanceConfig.Slice, and shrink as soon as one takes longer.
const (
	firstSlice = 10_000
	leastSlice = 1_000
	sliceTime  = 200 * time.Microsecond
)

// Gauge is the global of an instance that holds the fuel it has left, below 0
// when it owes.
type Gauge interface {
	Left() int64
	SetLeft(int64)
}

// Meter counts the fuel of one instance, and decides when it has had enough.
//
// The guest pays from the gauge as it runs; when that falls below 0 it asks for
// more, by way of the engine. The Meter then looks whether the context is done
// or the budget spent, and grants one more slice. How much the guest has used
// does not depend on the size of slices, nor on the engine.
//
// It is used by the goroutine that uses the instance.
type Meter struct {
	gauge   Gauge
	most    int64     // of a slice
	slice   int64     // the next
	budget  int64     // negative: none
	granted int64     // since Begin
	since   time.Time // the last grant; zero: it was Begin's
}

// NewMeter makes the Meter of a new instance, without a budget. slice is
// InstanceConfig.Slice. It is for engines.
func NewMeter(gauge Gauge, slice uint64) Meter {
	if slice == 0 {
		slice = DefaultSlice
	}
	most := int64(min(slice, maxFuel))
	return Meter{gauge: gauge, most: most, slice: min(most, firstSlice), budget: -1}
}

// maxFuel is more than any guest can use in a century.
const maxFuel = 1 << 62

// Begin counts from 0, and lets the guest use as much as budget; 0 is as much
// as it wants.
func (m *Meter) Begin(budget uint64) {
	m.budget = int64(min(budget, maxFuel))
	if budget == 0 {
		m.budget = -1
	}
	m.since = time.Time{} // not asked: most events take less than a slice
	m.granted = m.next(0)
	m.gauge.SetLeft(m.granted)
}

// Used returns the units used since Begin. A guest that trapped may have paid
// for some operations that it did not come to; one that ran out of fuel has
// used its budget.
func (m *Meter) Used() uint64 {
	used := m.granted - m.gauge.Left()
	if m.budget >= 0 {
		used = min(used, m.budget)
	}
	return uint64(max(used, 0))
}

// Charge takes units from the guest on behalf of a host function. It does not
// return, by Stop, if the guest has to end.
func (m *Meter) Charge(ctx context.Context, units uint64) {
	left := m.gauge.Left() - int64(min(units, maxFuel/2))
	m.gauge.SetLeft(left)
	if left < 0 {
		m.gauge.SetLeft(m.Refill(ctx, left))
	}
}

// ChargeBytes takes what n bytes cost that cross the border.
func (m *Meter) ChargeBytes(ctx context.Context, n uint64) { m.Charge(ctx, n>>hostByteShift) }

// Refill returns what the guest goes on with that has left units left, mostly
// less than 0. It does not return, by Stop, if ctx is done, or with ErrOutOfFuel
// if the budget is spent. It is for engines.
func (m *Meter) Refill(ctx context.Context, left int64) int64 {
	now := time.Now()
	if done(ctx, now) {
		Stop(Interrupted(ctx))
	}
	if !m.since.IsZero() {
		m.slice = resize(m.slice, m.most, now.Sub(m.since), left < 0)
	}
	m.since = now
	used := m.granted - left
	if m.budget >= 0 && used > m.budget {
		Stop(fmt.Errorf("%w: the limit of %d units is spent", ErrOutOfFuel, m.budget))
	}
	left = m.next(used)
	m.granted = used + left
	return left
}

// resize returns the slice that follows one of that size, which took so long and
// was spent, or not: guests ask between the pieces of long operations, too.
func resize(slice, most int64, took time.Duration, spent bool) int64 {
	switch {
	case took > sliceTime:
		return max(min(most, leastSlice), int64(float64(slice)*float64(sliceTime)/float64(took)))
	case spent && took < sliceTime/2:
		return slice + min(slice, most-slice)
	}
	return slice
}

// next is how much a guest gets that has used so much.
func (m *Meter) next(used int64) int64 {
	if m.budget < 0 {
		return m.slice
	}
	return min(m.slice, m.budget-used)
}

// done says whether ctx is done, and waits for it if its time is over: then the
// timer that says so may not have had a processor yet.
func done(ctx context.Context, now time.Time) bool {
	if ctx.Err() != nil {
		return true
	}
	deadline, ok := ctx.Deadline()
	if !ok || now.Before(deadline) {
		return false
	}
	<-ctx.Done()
	return true
}

// Interrupted returns the error of a guest whose ctx is done: it wraps
// ErrInterrupted and the cause.
func Interrupted(ctx context.Context) error {
	return fmt.Errorf("%w: %w", ErrInterrupted, context.Cause(ctx))
}
