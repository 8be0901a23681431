package record

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Quantile returns the smallest of values that at least the part q of them does
// not exceed, 0 if there are none.
func Quantile[T cmp.Ordered](values []T, q float64) T {
	if len(values) == 0 {
		var zero T
		return zero
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Median is the Quantile 0.5.
func Median[T cmp.Ordered](values []T) T { return Quantile(values, 0.5) }

// Spread shows the median of values, with the lowest and the highest. format is of
// one of them.
func Spread(format string, values []float64) string {
	return fmt.Sprintf(format+" ("+format+"–"+format+")", Median(values), Quantile(values, 0), Quantile(values, 1))
}

// Micros shows a duration as a number of microseconds.
func Micros(d time.Duration) string {
	us := float64(d) / float64(time.Microsecond)
	if us < 100 {
		return fmt.Sprintf("%.1f", us)
	}
	return fmt.Sprintf("%.0f", us)
}
