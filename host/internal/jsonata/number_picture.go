package jsonata

import (
	"slices"
	"strings"
)

// numberFormat is the characters that pictures of $formatNumber use, which the
// function's options may change (XPath and XQuery Functions and Operators 3.1,
// 4.7).
type numberFormat struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, pattern string
	zero                                                                  rune
}

func numberFormatOf(options *Object) (*numberFormat, *Error) {
	nf := &numberFormat{decimal: ".", grouping: ",", exponent: "e", minus: "-", percent: "%", perMille: "\u2030",
		digit: "#", pattern: ";", zero: '0'}
	if options == nil {
		return nf, nil
	}
	fields := map[string]*string{"decimal-separator": &nf.decimal, "grouping-separator": &nf.grouping,
		"exponent-separator": &nf.exponent, "minus-sign": &nf.minus, "percent": &nf.percent,
		"per-mille": &nf.perMille, "digit": &nf.digit, "pattern-separator": &nf.pattern}
	for key, value := range options.All() {
		text, ok := value.(string)
		if !ok {
			err := valueError("T0410", options)
			err.index = 3
			return nil, err
		}
		if field := fields[key]; field != nil {
			*field = text
		} else if key == "zero-digit" && text != "" {
			nf.zero, _ = decodeRune(text)
		}
	}
	return nf, nil
}

func (nf *numberFormat) isDigit(r rune) bool { return r >= nf.zero && r <= nf.zero+9 }

// isActive reports whether a character of a picture stands for something.
func (nf *numberFormat) isActive(r rune) bool {
	s := string(r)
	return nf.isDigit(r) || s == nf.decimal || s == nf.exponent || s == nf.grouping || s == nf.digit || s == nf.pattern
}

// countDigits counts the mandatory digits of a part of a picture, with also
// the optional ones.
func (nf *numberFormat) countDigits(part []rune, optional bool) int {
	n := 0
	for _, r := range part {
		if nf.isDigit(r) || optional && string(r) == nf.digit {
			n++
		}
	}
	return n
}

// subPicture is one of the at most two parts of a picture.
type subPicture struct {
	text, active, mantissa, integer, fraction, exponent []rune
	prefix, suffix                                      string
	hasExponent                                         bool

	groups, fractionGroups               []int // positions of grouping separators
	regular                              int   // their distance, if it is always the same
	minInteger, minFraction, maxFraction int
	scaling, minExponent                 int
}

func indexOf(text []rune, s string, from int) int {
	for i := from; i < len(text) && s != ""; i++ {
		if strings.HasPrefix(string(text[i:min(len(text), i+len(s))]), s) {
			return i
		}
	}
	return -1
}

func lastIndexOf(text []rune, s string) int {
	for i := len(text) - 1; i >= 0; i-- {
		if indexOf(text[i:], s, 0) == 0 {
			return i
		}
	}
	return -1
}

func (nf *numberFormat) split(text []rune) (*subPicture, *Error) {
	active := func(r rune) bool { return nf.isActive(r) && string(r) != nf.exponent }
	start := slices.IndexFunc(text, active)
	switch {
	case start >= 0:
	case len(text) > 0: // AWS's answer; the reference fails with an error of JavaScript
		return nil, newError("D3086")
	default:
		return nil, newError("D3085")
	}
	end := len(text)
	for !active(text[end-1]) {
		end--
	}
	p := &subPicture{text: text, prefix: string(text[:start]), suffix: string(text[end:]), active: text[start:end]}
	p.mantissa = p.active
	if at := indexOf(text, nf.exponent, start); at >= 0 && at <= end {
		// The position counts from the start of the picture, not of the active
		// part, as in the reference.
		p.hasExponent = true
		p.mantissa = p.active[:min(at, len(p.active))]
		p.exponent = p.active[min(at+1, len(p.active)):]
	}
	if at := indexOf(p.mantissa, nf.decimal, 0); at >= 0 {
		p.integer, p.fraction = p.mantissa[:at], p.mantissa[at+1:]
	} else {
		p.integer, p.fraction = p.mantissa, text[end:]
	}
	return p, nil
}

// validate checks the rules of 4.7.3. Of several that are broken the last
// counts.
func (nf *numberFormat) validate(p *subPicture) *Error {
	code := ""
	twice := func(s string) bool { return indexOf(p.text, s, 0) != lastIndexOf(p.text, s) }
	has := func(s string) bool { return indexOf(p.text, s, 0) >= 0 }
	check := func(broken bool, rule string) {
		if broken {
			code = rule
		}
	}
	decimal := indexOf(p.text, nf.decimal, 0)
	percent := has(nf.percent) || has(nf.perMille)
	check(twice(nf.decimal), "D3081")
	check(twice(nf.percent), "D3082")
	check(twice(nf.perMille), "D3083")
	check(has(nf.percent) && has(nf.perMille), "D3084")
	check(nf.countDigits(p.mantissa, true) == 0, "D3085")
	check(slices.ContainsFunc(p.active, func(r rune) bool { return !nf.isActive(r) }), "D3086")
	if decimal >= 0 {
		around := func(i int) bool { return i >= 0 && i < len(p.text) && string(p.text[i]) == nf.grouping }
		check(around(decimal-1) || around(decimal+1), "D3087")
	} else {
		check(len(p.integer) > 0 && string(p.integer[len(p.integer)-1]) == nf.grouping, "D3088")
	}
	check(has(nf.grouping+nf.grouping), "D3089")
	if at := indexOf(p.integer, nf.digit, 0); at >= 0 {
		check(nf.countDigits(p.integer[:at], false) > 0, "D3090")
	}
	if at := lastIndexOf(p.fraction, nf.digit); at >= 0 {
		check(nf.countDigits(p.fraction[at:], false) > 0, "D3091")
	}
	check(p.hasExponent && len(p.exponent) > 0 && percent, "D3092")
	check(p.hasExponent && (len(p.exponent) == 0 || nf.countDigits(p.exponent, false) != len(p.exponent)), "D3093")
	if code != "" {
		return newError(code)
	}
	return nil
}

// analyse computes sizes and groups, as in 4.7.4.
func (nf *numberFormat) analyse(p *subPicture) {
	groups := func(part []rune, left bool) (positions []int) {
		for at := indexOf(part, nf.grouping, 0); at >= 0; at = indexOf(p.integer, nf.grouping, at+1) {
			counted := part[min(at, len(part)):]
			if left {
				counted = part[:min(at, len(part))]
			}
			positions = append(positions, nf.countDigits(counted, true))
		}
		return positions
	}
	p.groups, p.fractionGroups = groups(p.integer, false), groups(p.fraction, true)
	p.regular = regularDistance(p.groups)
	p.minInteger = nf.countDigits(p.integer, false)
	p.scaling = p.minInteger
	p.minFraction, p.maxFraction = nf.countDigits(p.fraction, false), nf.countDigits(p.fraction, true)
	if p.minInteger == 0 && p.maxFraction == 0 {
		if p.hasExponent {
			p.minFraction, p.maxFraction = 1, 1
		} else {
			p.minInteger = 1
		}
	}
	if p.hasExponent && p.minInteger == 0 && indexOf(p.integer, nf.digit, 0) >= 0 {
		p.minInteger = 1
	}
	if p.minInteger == 0 && p.minFraction == 0 {
		p.minFraction = 1
	}
	p.minExponent = nf.countDigits(p.exponent, false)
}

// regularDistance returns the distance of positions that are the multiples of
// it, 0 if they are not.
func regularDistance(positions []int) int {
	if len(positions) == 0 {
		return 0
	}
	factor := positions[0]
	for _, b := range positions[1:] {
		for b != 0 {
			factor, b = b, factor%b
		}
	}
	for i := range positions {
		if !slices.Contains(positions, (i+1)*factor) {
			return 0
		}
	}
	return factor
}
