package jsonata

import (
	"math"
	"strconv"
)

// appendNumber writes a finite number as JavaScript does: the shortest digits
// that read back as the same number, an exponent below 1e-6 and from 1e21.
func appendNumber(b []byte, f float64) []byte {
	if f == 0 {
		return append(b, '0') // also for -0
	}
	if i := int64(f); float64(i) == f && i > -1e15 && i < 1e15 {
		return strconv.AppendInt(b, i, 10)
	}
	if abs := math.Abs(f); abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, 'e', -1, 64)
	// Go writes at least two digits of exponent, JavaScript as many as needed.
	for i := start; i < len(b)-2; i++ {
		if b[i] == 'e' && b[i+2] == '0' {
			return append(b[:i+2], b[i+3:]...)
		}
	}
	return b
}

// numberString is JavaScript's String(f).
func numberString(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return string(appendNumber(nil, f))
}

// to15Digits is JavaScript's Number(f.toPrecision(15)), which JSONata applies
// to the numbers in a structure that it writes as a string.
func to15Digits(f float64) float64 {
	if i := int64(f); float64(i) == f && i > -1e15 && i < 1e15 {
		return f
	}
	var buf [32]byte
	rounded, err := strconv.ParseFloat(string(strconv.AppendFloat(buf[:0], f, 'e', 14, 64)), 64)
	if err != nil {
		return f
	}
	return rounded
}
