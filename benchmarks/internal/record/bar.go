package record

import "math"

// Bar is a figure to reach: at most Most, or at least Least. The other is 0.
type Bar struct{ Most, Least float64 }

// Verdict says in Markdown whether a value reaches the bar. One that is not finite
// comes of a division by a time that was too short to be counted.
func (b Bar) Verdict(value float64) string {
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return "not measured"
	case b.Most > 0 && value > b.Most, value < b.Least:
		return "**missed**"
	}
	return "met"
}
