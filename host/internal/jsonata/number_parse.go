package jsonata

import (
	"math"
	"strconv"
	"strings"
)

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
