package jsonata

import (
	"math"
	"math/rand/v2"
	"time"
)

// time is the time of the evaluation: the same whenever it is asked for.
func (ev *evaluation) time() float64 {
	if ev.now == nil {
		now := time.UnixMilli(0)
		if ev.env.Now != nil {
			now = ev.env.Now()
		}
		ev.now = &now
	}
	return float64(ev.now.UnixMilli())
}

// random draws a number, 0 ≤ n < 1.
func (ev *evaluation) random() float64 {
	if ev.env.Random != nil {
		if f := ev.env.Random(); f >= 0 && f < 1 {
			return f
		}
		return 0
	}
	ev.draws++
	return rand.New(rand.NewPCG(0, ev.draws)).Float64()
}

func nativeMillis(c *call) (any, *Error) { return c.ev.time(), nil }

func nativeNow(c *call) (any, *Error) { return c.formatTime(c.ev.time(), 0) }

func nativeFromMillis(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	millis, err := c.num(0)
	if err != nil {
		return nil, err
	}
	return c.formatTime(millis, 1)
}

// formatTime formats a time with the picture at i and the zone after it.
func (c *call) formatTime(millis float64, i int) (any, *Error) {
	picture, z := isoPicture, zone{}
	var err *Error
	if c.has(i) {
		if picture, err = c.str(i); err != nil {
			return nil, err
		}
	}
	if c.has(i + 1) {
		text, err := c.str(i + 1)
		if err != nil {
			return nil, err
		}
		z = zoneOf(text)
	}
	c.ev.spend(len(picture) * (len(picture) + 1))
	text, err := formatDate(millis, picture, z)
	if err != nil {
		return nil, err
	}
	return c.made(text), nil
}

func nativeToMillis(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	text, err := c.str(0)
	if err != nil {
		return nil, err
	}
	if !c.has(1) {
		c.ev.spend(len(text))
		millis, ok := parseISO(text)
		if !ok {
			return nil, valueError("D3110", text)
		}
		return millis, nil
	}
	picture, err := c.str(1)
	if err != nil {
		return nil, err
	}
	if len(picture) > maxDatePicture {
		return nil, limitError("the picture has %d bytes, %d are allowed", len(picture), maxDatePicture)
	}
	c.ev.spend((len(picture) + 8*len(text)) * len(picture))
	return parseDate(text, picture, dateOf(math.Trunc(c.ev.time())))
}

// maxDatePicture is the longest picture for reading dates, in bytes: it becomes
// a regular expression.
const maxDatePicture = 200
