package jsonata

import (
	"math"
	"strings"
)

// datePart is a literal or a marker of a date picture (XPath and XQuery
// Functions and Operators 3.1, 9.8).
type datePart struct {
	literal   string
	specifier byte // 0 for a literal, unknownSpecifier for a character that is not ASCII
	names     letterCase
	zulu      bool           // "t": a time zone of zero is "Z"
	width     bool           // the marker has a width modifier
	max       float64        // its maximum, NaN if it has none
	digits    float64        // of years, months, days: the digits shown, -1 for all
	integer   *integerFormat // nil if it is written as a name
}

const unknownSpecifier = 0x7F

// presentations is what markers without a presentation modifier mean.
var presentations = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

func analyseDate(picture string) ([]datePart, *Error) {
	var parts []datePart
	literal := func(text string) {
		if text != "" {
			parts = append(parts, datePart{literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		before, rest, found := strings.Cut(picture, "[")
		literal(before)
		if !found {
			return parts, nil
		}
		if strings.HasPrefix(rest, "[") {
			parts = append(parts, datePart{literal: "["})
			picture = rest[1:]
			continue
		}
		marker, rest, found := strings.Cut(rest, "]")
		if !found {
			return nil, newError("D3135")
		}
		part, err := analyseMarker(strings.Join(strings.Fields(marker), ""))
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		picture = rest
	}
}

// analyseMarker reads what is between the brackets.
func analyseMarker(marker string) (datePart, *Error) {
	p := datePart{max: math.NaN(), digits: math.NaN()}
	name := ""
	if marker != "" {
		r, size := decodeRune(marker)
		name = string(r)
		if p.specifier = unknownSpecifier; size == 1 && r != 0 {
			p.specifier = marker[0]
		}
		marker = marker[size:]
	}
	presentation, widths, hasWidth := marker, "", false
	if at := strings.LastIndexByte(marker, ','); at >= 0 {
		presentation, widths, hasWidth = marker[:at], marker[at+1:], true
	}
	least := math.NaN()
	if hasWidth {
		p.width = true
		from, to, ranged := strings.Cut(widths, "-")
		least = width(from)
		if ranged {
			p.max = width(to)
		}
	}
	modifier := ""
	switch {
	case presentation == "":
		presentation = presentations[p.specifier]
	case len([]rune(presentation)) > 1 && strings.ContainsRune("atco", rune(presentation[len(presentation)-1])):
		modifier = presentation[len(presentation)-1:]
		presentation = presentation[:len(presentation)-1]
	}
	if presentation == "" {
		return p, valueError("D3132", name)
	}
	p.zulu = modifier == "t"
	return p, p.present(presentation, modifier, least)
}

// width reads a width; "*" is none.
func width(text string) float64 {
	if text == "*" {
		return math.NaN()
	}
	return leadingInteger(text)
}

func (p *datePart) present(presentation, modifier string, least float64) (err *Error) {
	switch {
	case strings.HasPrefix(presentation, "Nn"):
		p.names = titleLetters
	case presentation[0] == 'N':
		p.names = upperLetters
	case presentation[0] == 'n':
		p.names = lowerLetters
	case strings.IndexByte("YMDdFWwXxHhmsf", p.specifier) >= 0:
		pattern := presentation
		if modifier != "" {
			pattern += ";" + modifier
		}
		if p.integer, err = analyseInteger(pattern); err != nil {
			return err
		}
		p.widen(least)
	}
	if p.specifier == 'Z' || p.specifier == 'z' {
		p.integer, err = analyseInteger(presentation)
	}
	return err
}

// widen applies the width modifier to the digits.
func (p *datePart) widen(least float64) {
	f := p.integer
	if f.style == decimalStyle && float64(f.mandatory) < least {
		f.mandatory = int(math.Min(least, maxWidth))
	}
	if strings.IndexByte("YMD", p.specifier) < 0 {
		return
	}
	p.digits = -1
	if !math.IsNaN(p.max) {
		p.digits = p.max
		f.mandatory = int(math.Max(0, math.Min(p.max, maxWidth)))
	} else if digits := f.mandatory + f.optional; f.style == decimalStyle && digits >= 2 {
		p.digits = float64(digits)
	}
}

// maxWidth is the largest number of digits that a width modifier may ask for.
const maxWidth = 1000
