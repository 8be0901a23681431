package jsonata

import (
	"math"
	"regexp"
	"strconv"
)

// isoForm is what $toMillis accepts without a picture. The reference lets
// parts be repeated; what is then no date is NaN.
var isoForm = regexp.MustCompile(
	`^(\d{4})((?:-[0-3]\d)*)((?:T[0-2]\d:[0-5]\d:[0-5]\d)*)(?:\.(\d+))?(?:(Z)|([+-][0-2]\d):?([0-5]\d))?$`)

const (
	isoYear = iota + 1
	isoDate
	isoClock
	isoFraction
	isoZulu
	isoZoneHours
	isoZoneMinutes
)

// parseISO reads a time of ISO 8601, in UTC if it names no zone. ok says that
// the text has the form; the time may still be invalid and then is NaN.
func parseISO(text string) (millis float64, ok bool) {
	g := isoForm.FindStringSubmatch(text)
	if g == nil {
		return 0, false
	}
	number := func(text string) float64 {
		n, _ := strconv.Atoi(text) // digits, as the form says
		return float64(n)
	}
	year, month, day := number(g[isoYear]), 1.0, 1.0
	var hour, minute, second, fraction, offset float64
	switch date := g[isoDate]; len(date) {
	case len("-01-02"):
		day = number(date[4:])
		fallthrough
	case len("-01"):
		month = number(date[1:3])
	case 0:
	default:
		return math.NaN(), true
	}
	switch clock := g[isoClock]; {
	case len(clock) == len("T03:04:05"):
		hour, minute, second = number(clock[1:3]), number(clock[4:6]), number(clock[7:])
		fraction = number((g[isoFraction] + "000")[:3])
	case clock != "" || g[isoFraction] != "" || g[isoZoneHours] != "":
		return math.NaN(), true
	}
	if zone := g[isoZoneHours]; zone != "" {
		offset = number(zone[1:])*60 + number(g[isoZoneMinutes])
		if zone[0] == '-' {
			offset = -offset
		}
	}
	midnight := hour == 24 && minute == 0 && second == 0 && fraction == 0
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 && !midnight || math.Abs(offset) >= 24*60 {
		return math.NaN(), true
	}
	// Four hundred years have always the same number of days; moved by them no
	// year is taken for one of the twentieth century.
	const cycle = 146_097 * millisPerDay
	return makeTime(year+400, month-1, day, hour, minute-offset, second, fraction) - cycle, true
}
