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

func nativeNumber(c *call) (any, *Error) {
	switch v := c.arg(0).(type) {
	case UndefinedValue:
		return Undefined, nil
	case float64:
		return v, nil
	case bool:
		if v {
			return 1.0, nil
		}
		return 0.0, nil
	case string:
		c.ev.spend(len(v))
		if f, ok := decimalNumber(v); ok {
			return f, nil
		}
		if f, ok := prefixedNumber(v); ok {
			return f, nil
		}
	}
	return nil, valueError("D3030", c.arg(0))
}

// decimalNumber reads -?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)? if that is finite.
func decimalNumber(s string) (float64, bool) {
	digits := func(i int) int {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i
	}
	start := 0
	if strings.HasPrefix(s, "-") {
		start = 1
	}
	i := digits(start)
	if i == start {
		return 0, false
	}
	if i < len(s) && s[i] == '.' {
		from := i + 1
		if i = digits(from); i == from {
			return 0, false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		from := i + 1
		if from < len(s) && (s[from] == '-' || s[from] == '+') {
			from++
		}
		if i = digits(from); i == from {
			return 0, false
		}
	}
	if i != len(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// prefixedNumber reads hexadecimal, octal and binary numbers. The reference
// accepts strings that only begin with the first, contain the second or end
// with the third; of such a string the number is NaN.
func prefixedNumber(s string) (float64, bool) {
	isDigit := func(base int) func(byte) bool {
		return func(c byte) bool {
			v := hexValue(c)
			return v >= 0 && int(v) < base
		}
	}
	count := func(i int, ok func(byte) bool) int {
		n := 0
		for i+n < len(s) && ok(s[i+n]) {
			n++
		}
		return n
	}
	accepted := len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && isDigit(16)(s[2])
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '0' {
			continue
		}
		switch s[i+1] | 0x20 {
		case 'o':
			accepted = accepted || isDigit(8)(s[i+2])
		case 'b':
			n := count(i+2, isDigit(2))
			accepted = accepted || n > 0 && i+2+n == len(s)
		}
	}
	if !accepted {
		return 0, false
	}
	s = strings.Trim(s, " \t\n\r\v\f\u00a0\ufeff\u2028\u2029")
	if len(s) < 3 || s[0] != '0' {
		return math.NaN(), true
	}
	base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
	if base == 0 || count(2, isDigit(base)) != len(s)-2 {
		return math.NaN(), true
	}
	if f, err := strconv.ParseUint(s[2:], base, 53); err == nil {
		return float64(f), true
	}
	return bigNumber(s[2:], base), true
}

// bigNumber reads digits that do not fit an integer, correctly rounded.
func bigNumber(digits string, base int) float64 {
	bits := map[int]int{16: 4, 8: 3, 2: 1}[base]
	hex := strings.TrimLeft(digits, "0")
	if base == 16 {
		f, _ := strconv.ParseFloat("0x"+hex+"p0", 64)
		return f
	}
	var b strings.Builder
	for i := range len(hex) { // to binary, then to hexadecimal digits
		for bit := bits - 1; bit >= 0; bit-- {
			b.WriteByte('0' + (hex[i]-'0')>>bit&1)
		}
	}
	binary := b.String()
	binary = strings.Repeat("0", (4-len(binary)%4)%4) + binary
	out := make([]byte, 0, len(binary)/4)
	for i := 0; i < len(binary); i += 4 {
		n, _ := strconv.ParseUint(binary[i:i+4], 2, 8)
		out = append(out, hexDigits[n])
	}
	f, _ := strconv.ParseFloat("0x"+string(out)+"p0", 64)
	return f
}

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
