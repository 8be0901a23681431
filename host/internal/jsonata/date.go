package jsonata

import (
	"math"
	"time"
)

// Times are milliseconds since 1970 as JavaScript counts them: in UTC, without
// leap seconds, NaN if invalid.

const (
	millisPerDay = 24 * 60 * 60 * 1000
	maxMillis    = 8.64e15 // beyond this JavaScript has no dates
)

// clipTime makes a number a time.
func clipTime(millis float64) float64 {
	if !(math.Abs(millis) <= maxMillis) {
		return math.NaN()
	}
	return math.Trunc(millis)
}

// makeTime is JavaScript's Date.UTC: months count from 0, parts may be beyond
// their usual bounds, years up to 99 are of the twentieth century.
func makeTime(year, month, day, hour, minute, second, millis float64) float64 {
	for _, part := range []float64{year, month, day, hour, minute, second, millis} {
		if math.IsNaN(part) || math.Abs(part) > maxMillis {
			return math.NaN()
		}
	}
	if year = math.Trunc(year); year >= 0 && year <= 99 {
		year += 1900
	}
	month = math.Trunc(month)
	year += math.Floor(month / 12)
	month -= 12 * math.Floor(month/12)
	if math.Abs(year) > 400_000 {
		return math.NaN()
	}
	days := float64(time.Date(int(year), time.Month(int(month)+1), 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	days += math.Trunc(day) - 1
	inDay := math.Trunc(hour)*3_600_000 + math.Trunc(minute)*60_000 + math.Trunc(second)*1000 + math.Trunc(millis)
	return clipTime(days*millisPerDay + inDay)
}

// date is a time taken apart.
type date struct {
	millis                                    float64
	year, month, day, hour, minute, second, f float64 // month from 0
	weekday                                   float64 // from Sunday, 0
}

func dateOf(millis float64) date {
	millis = clipTime(millis)
	if math.IsNaN(millis) {
		nan := millis
		return date{nan, nan, nan, nan, nan, nan, nan, nan, nan}
	}
	t := time.UnixMilli(int64(millis)).UTC()
	return date{
		millis: millis, year: float64(t.Year()), month: float64(t.Month() - 1), day: float64(t.Day()),
		hour: float64(t.Hour()), minute: float64(t.Minute()), second: float64(t.Second()),
		f: float64(t.Nanosecond() / 1_000_000), weekday: float64(t.Weekday()),
	}
}

// startOfFirstWeek is the Monday of the week that has the first Thursday of a
// month, as ISO 8601 defines it for years. Months count from 0 and may be
// beyond the year.
func startOfFirstWeek(year, month float64) float64 {
	first := makeTime(year, month, 1, 0, 0, 0, 0)
	weekday := dateOf(first).weekday
	if weekday == 0 {
		weekday = 7
	}
	if weekday > 4 {
		return first + (8-weekday)*millisPerDay
	}
	return first - (weekday-1)*millisPerDay
}

// week is the number of the week of a date, in its year if months is 12, in
// its month if it is 1.
func (d date) week(months float64) float64 {
	month := d.month
	if months == 12 {
		month = 0
	}
	today := makeTime(d.year, d.month, d.day, 0, 0, 0, 0)
	since := func(start float64) float64 { return math.Floor((today-start)/(7*millisPerDay) + 1) }
	number := (today-startOfFirstWeek(d.year, month))/(7*millisPerDay) + 1
	most := 52.0
	if months == 1 {
		most = 4
	}
	switch {
	case number > most && today >= startOfFirstWeek(d.year, month+months):
		return 1
	case number < 1:
		return since(startOfFirstWeek(d.year, month-months))
	}
	return math.Floor(number)
}

// weekOwner is the year, or month from 1, that the week of a date counts to.
func (d date) weekOwner(months float64) float64 {
	month := d.month
	if months == 12 {
		month = 0
	}
	shift := 0.0
	switch {
	case d.millis < startOfFirstWeek(d.year, month):
		shift = -1
	case d.millis >= startOfFirstWeek(d.year, month+months):
		shift = 1
	}
	if months == 12 {
		return d.year + shift
	}
	return math.Mod(d.month+shift+12, 12) + 1
}

// component is the number that a component specifier of a picture means.
func (d date) component(specifier byte) float64 {
	switch specifier {
	case 'Y':
		return d.year
	case 'M':
		return d.month + 1
	case 'D':
		return d.day
	case 'd':
		today := makeTime(d.year, d.month, d.day, 0, 0, 0, 0)
		return (today-makeTime(d.year, 0, 1, 0, 0, 0, 0))/millisPerDay + 1
	case 'F':
		if d.weekday == 0 {
			return 7
		}
		return d.weekday
	case 'W':
		return d.week(12)
	case 'w':
		return d.week(1)
	case 'X':
		return d.weekOwner(12)
	case 'x':
		return d.weekOwner(1)
	case 'H':
		return d.hour
	case 'h':
		if hour := math.Mod(d.hour, 12); hour != 0 {
			return hour
		}
		return 12
	case 'm':
		return d.minute
	case 's':
		return d.second
	case 'f':
		return d.f
	}
	return math.NaN()
}
