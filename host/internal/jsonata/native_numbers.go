package jsonata

import (
	"math"
	"strconv"
	"strings"
)

func nativeSum(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	total, err := c.total(items)
	return total, err
}

func (c *call) total(items []any) (float64, *Error) {
	c.ev.spend(len(items))
	total := 0.0
	for _, item := range items {
		f, ok := item.(float64)
		if !ok {
			return 0, c.bad(0)
		}
		total += f
	}
	return total, nil
}

func nativeCount(c *call) (any, *Error) {
	if !c.has(0) {
		return 0.0, nil
	}
	n, ok := lengthOf(c.arg(0))
	if !ok {
		return nil, c.bad(0)
	}
	return float64(n), nil
}

func nativeAverage(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil || len(items) == 0 {
		return Undefined, err
	}
	total, err := c.total(items)
	return total / float64(len(items)), err
}

func nativeMax(c *call) (any, *Error) { return c.extreme(math.Inf(-1), math.Max) }
func nativeMin(c *call) (any, *Error) { return c.extreme(math.Inf(1), math.Min) }

func (c *call) extreme(best float64, better func(x, y float64) float64) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil || len(items) == 0 {
		return Undefined, err
	}
	c.ev.spend(len(items))
	for _, item := range items {
		f, ok := item.(float64)
		if !ok {
			return nil, c.bad(0)
		}
		best = better(best, f)
	}
	return best, nil
}

// mapNumber applies a function to the only argument.
func (c *call) mapNumber(f func(float64) float64) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	x, err := c.num(0)
	if err != nil {
		return nil, err
	}
	return f(x), nil
}

func nativeAbs(c *call) (any, *Error)   { return c.mapNumber(math.Abs) }
func nativeFloor(c *call) (any, *Error) { return c.mapNumber(math.Floor) }
func nativeCeil(c *call) (any, *Error)  { return c.mapNumber(math.Ceil) }

func nativeSqrt(c *call) (any, *Error) {
	if x, ok := c.arg(0).(float64); ok && x < 0 {
		return nil, valueError("D3060", x)
	}
	return c.mapNumber(math.Sqrt)
}

func nativePower(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	x, err := c.num(0)
	if err != nil {
		return nil, err
	}
	y := math.NaN()
	if c.has(1) {
		if y, err = c.num(1); err != nil {
			return nil, err
		}
	}
	result := math.Pow(x, y)
	if math.Abs(x) == 1 && (math.IsInf(y, 0) || math.IsNaN(y)) {
		result = math.NaN() // in JavaScript
	}
	if math.IsInf(result, 0) || math.IsNaN(result) {
		err := valueError("D3061", x)
		err.value2 = c.arg(1)
		return nil, err
	}
	return result, nil
}

func jsFloor(f float64) float64 { return math.Floor(f) }

// jsRound is JavaScript's Math.round: halves are rounded up.
func jsRound(f float64) float64 {
	floor := math.Floor(f)
	if f-floor >= 0.5 {
		return floor + 1
	}
	return floor
}

// roundHalfEven rounds to a number of decimal places, halves to the even
// neighbour. The point is moved in the decimal notation, as multiplying would
// add errors.
func roundHalfEven(f, precision float64) float64 {
	if precision != 0 {
		f = shiftPoint(f, precision)
	}
	result := jsRound(f)
	if math.Abs(result-f) == 0.5 && math.Abs(math.Mod(result, 2)) == 1 {
		result--
	}
	if precision != 0 {
		result = shiftPoint(result, -precision)
	}
	if result == 0 {
		return 0 // not -0
	}
	return result
}

func shiftPoint(f, places float64) float64 {
	if places != math.Trunc(places) || math.IsInf(places, 0) {
		return math.NaN() // as the notation would not be that of a number
	}
	mantissa, exponent, found := strings.Cut(numberString(f), "e")
	if found {
		e, err := strconv.ParseFloat(exponent, 64)
		if err != nil {
			return math.NaN()
		}
		places += e
	}
	result, err := strconv.ParseFloat(mantissa+"e"+numberString(places), 64)
	if err != nil && !math.IsInf(result, 0) {
		return math.NaN()
	}
	return result
}

func nativeRound(c *call) (any, *Error) {
	precision := 0.0
	if c.has(1) {
		var err *Error
		if precision, err = c.num(1); err != nil {
			return nil, err
		}
	}
	return c.mapNumber(func(f float64) float64 { return roundHalfEven(f, precision) })
}

func nativeRandom(c *call) (any, *Error) { return c.ev.random(), nil }

func nativeFormatBase(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	value, err := c.num(0)
	if err != nil {
		return nil, err
	}
	radix := 10.0
	if c.has(1) {
		if radix, err = c.num(1); err != nil {
			return nil, err
		}
		radix = roundHalfEven(radix, 0)
	}
	if !(radix >= 2 && radix <= 36) {
		return nil, valueError("D3100", radix)
	}
	return integerInBase(roundHalfEven(value, 0), int(radix)), nil
}

// integerInBase writes an integer as JavaScript does: digits beyond the
// precision of a number are zero.
func integerInBase(f float64, radix int) string {
	if radix == 10 || math.IsNaN(f) || math.IsInf(f, 0) {
		return numberString(f)
	}
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	zeros := 0
	for ; f >= 1<<53; zeros++ {
		f /= float64(radix)
	}
	return sign + strconv.FormatInt(int64(f), radix) + strings.Repeat("0", zeros)
}
