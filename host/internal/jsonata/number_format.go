package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

func nativeFormatNumber(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	value, err := c.num(0)
	if err != nil {
		return nil, err
	}
	picture, err := c.str(1)
	if err != nil {
		return nil, err
	}
	options, _ := c.arg(2).(*Object)
	nf, err := numberFormatOf(options)
	if err != nil {
		return nil, err
	}
	c.ev.spend(len(picture) * (len(picture) + 1))
	var pictures []*subPicture
	for _, text := range strings.Split(picture, nf.pattern) {
		if len(pictures) == 2 {
			return nil, newError("D3080")
		}
		p, err := nf.split([]rune(text))
		if err != nil {
			if strings.Count(picture, nf.pattern) > 1 {
				return nil, newError("D3080")
			}
			return nil, err
		}
		pictures = append(pictures, p)
	}
	for _, p := range pictures {
		if err := nf.validate(p); err != nil {
			return nil, err
		}
		nf.analyse(p)
	}
	p := pictures[0]
	switch {
	case value >= 0:
	case len(pictures) == 2:
		p = pictures[1]
	default:
		p.prefix = nf.minus + p.prefix
	}
	return c.made(nf.format(p, value)), nil
}

// maxDigits is the number of decimal places a number is written with at most.
const maxDigits = 100

func (nf *numberFormat) format(p *subPicture, value float64) string {
	switch {
	case indexOf(p.text, nf.percent, 0) >= 0:
		value *= 100
	case indexOf(p.text, nf.perMille, 0) >= 0:
		value *= 1000
	}
	mantissa, exponent := math.Abs(value), 0
	if p.minExponent > 0 {
		mantissa, exponent = scale(mantissa, p.scaling)
	}
	places := min(p.maxFraction, maxDigits)
	digits := nf.digits(math.Abs(roundHalfEven(mantissa, float64(places))), places)
	integer, fraction, _ := strings.Cut(digits, ".")
	integer = strings.TrimLeft(integer, string(nf.zero))
	fraction = strings.TrimRight(fraction, string(nf.zero))
	zeros := func(n int) string { return strings.Repeat(string(nf.zero), max(n, 0)) }
	whole := []rune(zeros(p.minInteger-len([]rune(integer))) + integer)
	part := []rune(fraction + zeros(p.minFraction-len([]rune(fraction))))
	part = nf.groupFraction(p, part)
	number := slices.Concat(nf.group(p, whole), []rune(nf.decimal), part)
	if len(number) > 0 && (len(part) == 0 || indexOf(p.text, nf.decimal, 0) < 0) {
		number = number[:len(number)-1] // as in the reference, one character, whichever it is
	}
	var out strings.Builder
	out.WriteString(p.prefix)
	out.WriteString(string(number))
	if p.minExponent > 0 {
		text := nf.digits(math.Abs(float64(exponent)), 0)
		out.WriteString(nf.exponent)
		if exponent < 0 {
			out.WriteString(nf.minus)
		}
		out.WriteString(zeros(p.minExponent-len([]rune(text))) + text)
	}
	out.WriteString(p.suffix)
	return out.String()
}

// scale finds mantissa and exponent so that the mantissa has a number of
// digits before the point.
func scale(f float64, places int) (mantissa float64, exponent int) {
	least, most := math.Pow(10, float64(places-1)), math.Pow(10, float64(places))
	if f == 0 || math.IsInf(f, 0) || math.IsInf(most, 0) {
		return f, 0
	}
	for f < least {
		f *= 10
		exponent--
	}
	for f > most {
		f /= 10
		exponent++
	}
	return f, exponent
}

// digits writes a number with the digits of the format.
func (nf *numberFormat) digits(f float64, places int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return numberString(f)
	}
	text := strconv.FormatFloat(f, 'f', places, 64)
	if f >= 1e21 {
		text = numberString(f)
	}
	if nf.zero == '0' {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return nf.zero + r - '0'
		}
		return r
	}, text)
}

// group inserts the grouping separators of the integer part. Where the distance
// is not regular and the number too short, positions count from the end, as in
// the reference.
func (nf *numberFormat) group(p *subPicture, whole []rune) []rune {
	separator := []rune(nf.grouping)
	if p.regular > 0 {
		for at := (len(whole) - 1) / p.regular; at > 0; at-- {
			whole = slices.Insert(whole, len(whole)-at*p.regular, separator...)
		}
		return whole
	}
	point := len(whole)
	whole = append(whole, '.') // it counts
	for _, position := range p.groups {
		at := point - position
		if at < 0 {
			at += len(whole)
		}
		whole = slices.Insert(whole, max(at, 0), separator...)
		point++
	}
	return whole[:len(whole)-1]
}

// groupFraction inserts those of the fraction, one after the other.
func (nf *numberFormat) groupFraction(p *subPicture, part []rune) []rune {
	for _, at := range p.fractionGroups {
		at = min(at, len(part))
		part = slices.Concat(part[:at], []rune(nf.grouping), part[at:])
	}
	return part
}
