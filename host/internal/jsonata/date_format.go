package jsonata

import (
	"math"
	"strings"
)

var (
	dayNames   = []string{"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"}
)

// zone is the offset of a time zone. What is written "-0530" are -6 hours and
// -30 minutes, as the reference reads it.
type zone struct{ hours, minutes float64 }

func zoneOf(text string) zone {
	offset := leadingInteger(text)
	return zone{math.Floor(offset / 100), math.Mod(offset, 100)}
}

func formatDate(millis float64, picture string, z zone) (string, *Error) {
	parts, err := analyseDate(picture)
	if err != nil {
		return "", err
	}
	d := dateOf(millis + (60*z.hours+z.minutes)*60_000)
	var out strings.Builder
	for i := range parts {
		text, err := parts[i].format(d, z)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

func (p *datePart) format(d date, z zone) (string, *Error) {
	switch p.specifier {
	case 0:
		return p.literal, nil
	case 'Z', 'z':
		return p.formatZone(z)
	case 'C', 'E':
		return "ISO", nil
	case 'P':
		half := "am"
		if d.hour >= 12 {
			half = "pm"
		}
		if p.names == upperLetters {
			half = strings.ToUpper(half)
		}
		return half, nil
	}
	if strings.IndexByte("YMDdFWwXxHhmsf", p.specifier) < 0 {
		return scriptString(Undefined), nil // what the reference writes for an unknown component
	}
	value := d.component(p.specifier)
	if p.specifier == 'Y' && p.digits != -1 && !math.IsNaN(p.digits) {
		value = math.Mod(value, math.Pow(10, p.digits))
	}
	if p.integer == nil {
		return p.formatName(value)
	}
	return p.integer.format(value)
}

func (p *datePart) formatName(value float64) (string, *Error) {
	names, index := dayNames, value
	switch p.specifier {
	case 'M', 'x':
		names, index = monthNames, value-1
	case 'F':
	default:
		return "", valueError("D3133", string(rune(p.specifier)))
	}
	if !(index >= 0 && index < float64(len(names))) {
		return "", valueError("D3133", string(rune(p.specifier))) // of an invalid time
	}
	name := names[int(index)]
	switch p.names {
	case upperLetters:
		name = strings.ToUpper(name)
	case lowerLetters:
		name = strings.ToLower(name)
	}
	if p.max >= 0 && float64(len(name)) > p.max {
		name = name[:int(p.max)]
	}
	return name, nil
}

func (p *datePart) formatZone(z zone) (string, *Error) {
	offset := z.hours*100 + z.minutes
	if offset == 0 && p.zulu {
		return "Z", nil
	}
	f := p.integer
	text := ""
	var err *Error
	switch {
	case f.regular:
		text, err = f.format(offset)
	case f.mandatory == 1 || f.mandatory == 2:
		text, err = f.format(z.hours)
		if z.minutes != 0 && err == nil {
			var minutes string
			two := &integerFormat{zero: '0', mandatory: 2}
			minutes, err = two.format(z.minutes)
			text += ":" + minutes
		}
	case f.mandatory == 3 || f.mandatory == 4:
		text, err = f.format(offset)
	default:
		return "", valueError("D3134", float64(f.mandatory))
	}
	if err != nil {
		return "", err
	}
	if offset >= 0 {
		text = "+" + text
	}
	if p.specifier == 'z' {
		text = "GMT" + text
	}
	return text, nil
}
