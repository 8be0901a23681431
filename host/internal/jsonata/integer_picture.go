package jsonata

import (
	"math"
	"slices"
	"strings"
)

// integerStyle is how a picture writes integers.
type integerStyle uint8

const (
	decimalStyle  integerStyle = iota
	lettersStyle               // a, b, …, z, aa
	romanStyle                 // i, ii, iii
	wordsStyle                 // one, two
	sequenceStyle              // a sequence that is not supported
)

// letterCase is the case of letters and names.
type letterCase uint8

const (
	noCase letterCase = iota // of a date's part that is no name
	lowerLetters
	upperLetters
	titleLetters
)

// integerFormat is an analysed picture of $formatInteger.
type integerFormat struct {
	style     integerStyle
	letters   letterCase
	ordinal   bool
	token     string // of a sequence
	zero      rune   // of decimals
	mandatory int    // digits
	optional  int
	regular   bool // the separators are one character at a regular distance, the only one in the list
	groups    []separator
	width     float64 // of a part of a date: its digits, NaN if not given
}

type separator struct {
	position int // from the right
	char     rune
}

// digitFamilies is the zeros of the decimal digits of Unicode's basic plane.
var digitFamilies = []rune{0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66,
	0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
	0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10}

func familyOf(r rune) (zero rune, ok bool) {
	for _, zero := range digitFamilies {
		if r >= zero && r <= zero+9 {
			return zero, true
		}
	}
	return 0, false
}

func analyseInteger(picture string) (*integerFormat, *Error) {
	f := &integerFormat{letters: lowerLetters, width: math.NaN()}
	primary := picture
	if at := strings.LastIndexByte(picture, ';'); at >= 0 {
		primary = picture[:at]
		f.ordinal = strings.HasPrefix(picture[at+1:], "o")
	}
	switch primary {
	case "A", "I", "W":
		f.letters = upperLetters
	case "Ww":
		f.letters = titleLetters
	}
	switch primary {
	case "A", "a":
		f.style = lettersStyle
	case "I", "i":
		f.style = romanStyle
	case "W", "w", "Ww":
		f.style = wordsStyle
	default:
		return f, f.decimalPattern(primary)
	}
	return f, nil
}

// decimalPattern reads a pattern such as "#,##0" from the right.
func (f *integerFormat) decimalPattern(pattern string) *Error {
	position := 0
	chars := []rune(pattern)
	for _, r := range slices.Backward(chars) {
		if zero, ok := familyOf(r); ok {
			if f.mandatory > 0 && zero != f.zero {
				return newError("D3131")
			}
			f.zero = zero
			f.mandatory++
			position++
		} else if r == '#' {
			f.optional++
			position++
		} else {
			f.groups = append(f.groups, separator{position, r})
		}
	}
	if f.mandatory == 0 {
		f.style, f.token = sequenceStyle, pattern
		return nil
	}
	positions := make([]int, len(f.groups))
	for i, g := range f.groups {
		if g.char != f.groups[0].char {
			return nil
		}
		positions[i] = g.position
	}
	if distance := regularDistance(positions); distance > 0 {
		f.regular = true
		f.groups = []separator{{distance, f.groups[0].char}}
	}
	return nil
}

// format writes an integer.
func (f *integerFormat) format(value float64) (string, *Error) {
	text := ""
	abs := math.Abs(value)
	switch f.style {
	case lettersStyle:
		text = letters(abs, f.letters == upperLetters)
	case romanStyle:
		if abs > maxRoman {
			err := valueError("D3130", "I") // thousands of letters
			return "", err
		}
		if text = roman(abs); f.letters == upperLetters {
			text = strings.ToUpper(text)
		}
	case wordsStyle:
		text = words(abs, f.ordinal)
		switch f.letters {
		case upperLetters:
			text = strings.ToUpper(text)
		case lowerLetters:
			text = strings.ToLower(text)
		}
	case sequenceStyle:
		return "", valueError("D3130", f.token)
	default:
		text = f.decimal(abs)
	}
	if value < 0 {
		text = "-" + text
	}
	return text, nil
}

func (f *integerFormat) decimal(value float64) string {
	digits := []rune(numberString(value))
	if n := f.mandatory - len(digits); n > 0 {
		digits = append([]rune(strings.Repeat("0", n)), digits...)
	}
	if f.zero != '0' {
		for i := range digits {
			digits[i] += f.zero - '0'
		}
	}
	digits = f.separate(digits)
	if !f.ordinal {
		return string(digits)
	}
	suffix := map[rune]string{'1': "st", '2': "nd", '3': "rd"}[digits[len(digits)-1]]
	if suffix == "" || len(digits) > 1 && digits[len(digits)-2] == '1' {
		suffix = "th"
	}
	return string(digits) + suffix
}

// separate inserts the separators.
func (f *integerFormat) separate(digits []rune) []rune {
	insert := func(fromRight int, char rune) {
		at := len(digits) - fromRight
		if at < 0 { // the number is too short; as in the reference
			digits = append([]rune{char}, digits[max(len(digits)+at, 0):]...)
			return
		}
		digits = slices.Insert(digits, at, char)
	}
	if !f.regular {
		for _, g := range slices.Backward(f.groups) {
			insert(g.position, g.char)
		}
		return digits
	}
	g := f.groups[0]
	whole := len(digits)
	for n := (whole - 1) / g.position; n > 0; n-- {
		insert(n*g.position, g.char)
	}
	return digits
}

func nativeFormatInteger(c *call) (any, *Error) {
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
	c.ev.spend(len(picture) * (len(picture) + 1))
	f, err := analyseInteger(picture)
	if err != nil {
		return nil, err
	}
	text, err := f.format(math.Floor(value))
	if err != nil {
		return nil, err
	}
	return c.made(text), nil
}

func nativeParseInteger(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	value, err := c.str(0)
	if err != nil {
		return nil, err
	}
	picture, err := c.str(1)
	if err != nil {
		return nil, err
	}
	c.ev.spend((len(picture) + len(value)) * (len(picture) + 1))
	f, err := analyseInteger(picture)
	if err != nil {
		return nil, err
	}
	number, err := f.parse(value)
	return number, err
}

// parse reads an integer that format could have written; NaN if it is none.
func (f *integerFormat) parse(value string) (float64, *Error) {
	switch f.style {
	case lettersStyle:
		first := 'a'
		if f.letters == upperLetters {
			first = 'A'
		}
		return parseLetters(value, first), nil
	case romanStyle:
		if f.letters != upperLetters {
			value = upperCase(value)
		}
		return parseRoman(value), nil
	case wordsStyle:
		return parseWords(lowerCase(value)), nil
	case sequenceStyle:
		return 0, valueError("D3130", f.token)
	}
	digits := []rune(value)
	if f.ordinal {
		digits = digits[:max(len(digits)-2, 0)]
	}
	text := make([]rune, 0, len(digits))
	for _, r := range digits {
		if f.regular && r == ',' || !f.regular && f.separates(r) {
			continue
		}
		text = append(text, r-f.zero+'0')
	}
	return leadingInteger(string(text)), nil
}

func (f *integerFormat) separates(r rune) bool {
	return slices.ContainsFunc(f.groups, func(g separator) bool { return g.char == r })
}

// leadingInteger is JavaScript's parseInt(s): the integer a string begins with.
func leadingInteger(s string) float64 {
	s = strings.TrimLeft(s, " \t\n\r\v\f\u00a0\ufeff\u2028\u2029")
	sign := 1.0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		n := 2
		for n < len(s) && hexValue(s[n]) >= 0 {
			n++
		}
		if n == 2 {
			return math.NaN()
		}
		return sign * bigNumber(s[2:n], 16)
	}
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 0 {
		return math.NaN()
	}
	value, ok := decimalNumber(s[:n])
	if !ok {
		value = math.Inf(1)
	}
	return sign * value
}
