package jsonata

import (
	"fmt"
	"math"
	"regexp"
	"strings"
)

// parseDate reads a time as a picture describes it. Parts that are missing
// before the first given one are those of now, parts after the last one are
// the least. The result is Undefined if the text is not like the picture.
func parseDate(text, picture string, now date) (any, *Error) {
	parts, err := analyseDate(picture)
	if err != nil {
		return nil, err
	}
	var pattern strings.Builder
	pattern.WriteString(`(?i)\A`)
	possible := true
	for i := range parts {
		part, err := parts[i].pattern()
		if err != nil {
			return nil, err
		}
		possible = possible && part != ""
		fmt.Fprintf(&pattern, "(%s)", part)
	}
	pattern.WriteString(`\z`)
	matcher, failure := regexp.Compile(pattern.String())
	if !possible || failure != nil {
		return Undefined, nil // what no text can be like
	}
	groups := matcher.FindStringSubmatch(text)
	if groups == nil {
		return Undefined, nil
	}
	given := components{}
	for i := range parts {
		if err := parts[i].read(groups[i+1], given); err != nil {
			return nil, err
		}
	}
	if len(given) == 0 {
		return Undefined, nil
	}
	return given.time(now)
}

// pattern is the regular expression of a part; "" if nothing is like it.
func (p *datePart) pattern() (string, *Error) {
	switch {
	case p.specifier == 0:
		return regexp.QuoteMeta(p.literal), nil
	case p.specifier == 'Z' || p.specifier == 'z':
		pattern := `[-+][0-9]+`
		if p.specifier == 'z' {
			pattern = "GMT" + pattern
		}
		if p.integer.regular {
			pattern += string(p.integer.groups[0].char) + `[0-9]+`
		}
		return pattern, nil
	case p.integer == nil:
		if strings.IndexByte("MxFP", p.specifier) < 0 {
			return "", valueError("D3133", string(rune(p.specifier)))
		}
		return `[a-zA-Z]+`, nil
	}
	return p.integer.pattern(p.digits)
}

// pattern is the regular expression of an integer of a number of digits, or
// any number if digits is not positive.
func (f *integerFormat) pattern(digits float64) (string, *Error) {
	switch f.style {
	case lettersStyle:
		return `[a-z]+`, nil
	case romanStyle:
		return `[mdclxvi]+`, nil
	case wordsStyle:
		return wordsPattern, nil
	case sequenceStyle:
		return "", valueError("D3130", f.token)
	}
	occurrences := "+"
	if digits > 0 {
		least := digits - float64(f.optional)
		if digits > maxWidth || least < 0 {
			return "", nil
		}
		occurrences = fmt.Sprintf("{%d,%d}", int(least), int(digits))
	}
	pattern := `[0-9]` + occurrences
	if f.ordinal {
		pattern += `(?:th|st|nd|rd)`
	}
	return pattern, nil
}

// wordsPattern is a sequence of number words.
var wordsPattern = func() string {
	var all []string
	all = append(append(all, cardinals...), ordinals...)
	for _, ten := range tens {
		all = append(all, ten, ten[:len(ten)-1]+"ieth")
	}
	all = append(all, "hundredth")
	for _, magnitude := range magnitudes {
		all = append(all, magnitude, magnitude+"th")
	}
	return `(?:` + strings.ToLower(strings.Join(all, "|")) + `|and|[\-, ])+`
}()

// components is the parts of a time that a text gives, by specifier.
type components map[byte]float64

// read adds the part that a piece of the text gives. A name that is none adds
// nothing.
func (p *datePart) read(text string, given components) *Error {
	switch {
	case p.specifier == 0:
	case p.specifier == 'Z' || p.specifier == 'z':
		if p.specifier == 'z' {
			text = text[len("GMT"):]
		}
		given[p.specifier] = p.readZone(text)
	case p.integer == nil:
		if value, ok := p.readName(text); ok {
			given[p.specifier] = value
		}
	default:
		value, err := p.integer.parse(text)
		if err != nil {
			return err
		}
		given[p.specifier] = value
	}
	return nil
}

// readZone gives the offset of a time zone in minutes.
func (p *datePart) readZone(text string) float64 {
	hours, minutes := text, ""
	if p.integer.regular {
		hours, minutes, _ = strings.Cut(text, string(p.integer.groups[0].char))
	} else if len(text) > 3 {
		hours, minutes = text[:3], text[3:]
	}
	if minutes == "" {
		return leadingInteger(hours) * 60
	}
	return leadingInteger(hours)*60 + leadingInteger(minutes)
}

func (p *datePart) readName(text string) (float64, bool) {
	cut := func(name string) string {
		if p.max > 0 && p.max < float64(len(name)) {
			return name[:int(p.max)]
		}
		return name
	}
	switch p.specifier {
	case 'P':
		switch text {
		case "am", "AM":
			return 0, true
		case "pm", "PM":
			return 1, true
		}
	case 'F':
		for i, name := range dayNames[1:] {
			if cut(name) == text {
				return float64(i + 1), true
			}
		}
	default:
		for i, name := range monthNames {
			if cut(name) == text {
				return float64(i + 1), true
			}
		}
	}
	return 0, false
}

// only reports whether at least one of the wanted parts is given, and none of
// the unwanted. Zero counts as not given, as in the reference.
func (c components) only(wanted, unwanted string) bool {
	has := func(specifiers string) bool {
		for i := range len(specifiers) {
			if v := c[specifiers[i]]; v != 0 && v == v {
				return true
			}
		}
		return false
	}
	return has(wanted) && !has(unwanted)
}

func (c components) time(now date) (any, *Error) {
	byDate := c.only("YMD", "XxWwd")
	byDay := !byDate && c.only("Yd", "XMxWwD")
	byWeekOfMonth := c.only("Xxw", "YMWdD")
	byWeek := !byWeekOfMonth && c.only("XW", "YMxwdD")
	byHalf := !c.only("Hmsf", "Ph") && c.only("Phmsf", "H")
	order := "YMD"
	switch {
	case byDay:
		order = "YD"
	case byWeekOfMonth:
		order = "XxwF"
	case byWeek:
		order = "XWF"
	}
	if byHalf {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	if err := c.complete(order, now); err != nil {
		return nil, err
	}
	if byWeek || byWeekOfMonth {
		return nil, newError("D3136") // not supported by the reference
	}
	month, day, hour := math.Max(c['M']-1, 0), c['D'], c['H']
	if math.IsNaN(c['M']) {
		month = 0
	}
	if byDay {
		d := dateOf(makeTime(c['Y'], 0, 1, 0, 0, 0, 0) + (c['d']-1)*millisPerDay)
		month, day = d.month, d.day
	}
	if byHalf {
		if hour = c['h']; hour == 12 {
			hour = 0
		}
		if c['P'] == 1 {
			hour += 12
		}
	}
	millis := makeTime(c['Y'], month, day, hour, c['m'], c['s'], c['f'])
	for _, specifier := range []byte("Zz") {
		if offset := c[specifier]; offset != 0 && offset == offset {
			millis -= offset * 60_000
			break
		}
	}
	return millis, nil
}

// complete adds the parts that are not given. It is an error if one lies
// between parts that are.
func (c components) complete(order string, now date) *Error {
	started, ended := false, false
	for _, specifier := range []byte(order) {
		if _, ok := c[specifier]; ok {
			if started = true; ended {
				return newError("D3136")
			}
			continue
		}
		switch {
		case !started:
			c[specifier] = now.component(specifier)
		default:
			ended = true
			c[specifier] = 0
			if specifier == 'M' || specifier == 'D' || specifier == 'd' {
				c[specifier] = 1
			}
		}
	}
	return nil
}
