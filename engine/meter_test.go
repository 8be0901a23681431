package engine

import (
	"math"
	"testing"
	"time"
)

func TestResize(t *testing.T) {
	for _, c := range []struct {
		slice, most int64
		took        time.Duration
		spent       bool
		want        int64
	}{
		{10_000, 100_000, 10 * time.Microsecond, true, 20_000},
		{80_000, 100_000, 10 * time.Microsecond, true, 100_000},
		{100_000, 100_000, 0, true, 100_000},
		{10_000, 100_000, sliceTime / 2, true, 10_000},
		{10_000, 100_000, 10 * time.Microsecond, false, 10_000}, // a piece of a long operation
		{10_000, 100_000, 2 * sliceTime, true, 5_000},
		{10_000, 100_000, 2 * sliceTime, false, 5_000},
		{10_000, 100_000, time.Hour, true, leastSlice},
		{10_000, 100_000, math.MaxInt64, true, leastSlice},
		{7, 7, time.Hour, true, 7}, // less than the least, as was asked for
		{7, 7, 0, true, 7},
		{maxFuel, maxFuel, 0, true, maxFuel},
	} {
		if got := resize(c.slice, c.most, c.took, c.spent); got != c.want {
			t.Errorf("after %d of at most %d in %v, spent %v: %d, want %d", c.slice, c.most, c.took, c.spent, got, c.want)
		}
	}
}
