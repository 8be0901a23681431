package jsonata

import (
	"math"
	"strings"
)

var (
	cardinals = []string{"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
		"Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"}
	ordinals = []string{"Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth",
		"Ninth", "Tenth", "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth",
		"Seventeenth", "Eighteenth", "Nineteenth"}
	tens       = []string{"Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"}
	magnitudes = []string{"Thousand", "Million", "Billion", "Trillion"}
)

// words writes an integer in English.
func words(n float64, ordinal bool) string {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return numberString(n)
	}
	var b strings.Builder
	appendWords(&b, n, false, ordinal)
	return b.String()
}

// appendWords writes a number; continued says that a larger part stands before.
func appendWords(b *strings.Builder, n float64, continued, ordinal bool) {
	join := func(text string) {
		if continued {
			b.WriteString(text)
		}
	}
	rest := func(n float64) {
		if n > 0 {
			appendWords(b, n, true, ordinal)
		} else if ordinal {
			b.WriteString("th")
		}
	}
	switch {
	case n <= 19:
		join(" and ")
		if ordinal {
			b.WriteString(ordinals[int(n)])
		} else {
			b.WriteString(cardinals[int(n)])
		}
	case n < 100:
		join(" and ")
		word, unit := tens[int(n)/10-2], math.Mod(n, 10)
		switch {
		case unit > 0:
			b.WriteString(word + "-")
			appendWords(b, unit, false, ordinal)
		case ordinal:
			b.WriteString(strings.TrimSuffix(word, "y") + "ieth")
		default:
			b.WriteString(word)
		}
	case n < 1000:
		join(", ")
		b.WriteString(cardinals[int(n)/100] + " Hundred")
		rest(math.Mod(n, 100))
	default:
		magnitude, factor := 1, 1e3
		for magnitude < len(magnitudes) && n >= 1e3*factor {
			magnitude, factor = magnitude+1, 1e3*factor
		}
		many := math.Floor(n / factor)
		join(", ")
		appendWords(b, many, false, false)
		b.WriteString(" " + magnitudes[magnitude-1])
		rest(n - many*factor)
	}
}

// wordValue is the value of a word in lower case.
func wordValue(word string) float64 {
	for i := range cardinals {
		if strings.EqualFold(word, cardinals[i]) || strings.EqualFold(word, ordinals[i]) {
			return float64(i)
		}
	}
	for i, ten := range tens {
		if strings.EqualFold(word, ten) || strings.EqualFold(word, ten[:len(ten)-1]+"ieth") {
			return float64(10 * (i + 2))
		}
	}
	if word == "hundredth" {
		return 100
	}
	for i, magnitude := range magnitudes {
		if strings.EqualFold(word, magnitude) || strings.EqualFold(word, magnitude+"th") {
			return math.Pow(10, float64(3*(i+1)))
		}
	}
	return math.NaN()
}

// parseWords reads an integer in English, in lower case.
func parseWords(text string) float64 {
	segments := []float64{0}
	for _, word := range splitWords(text) {
		top := len(segments) - 1
		value := wordValue(word)
		switch {
		case !(value < 100):
			segments[top] *= value
		case segments[top] >= 1000:
			segments = append(segments, value)
		default:
			segments[top] += value
		}
	}
	sum := 0.0
	for _, segment := range segments {
		sum += segment
	}
	return sum
}

// splitWords splits at ", ", " and ", white space, "\" and "-".
func splitWords(text string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text); {
		size := 0
		switch {
		case text[i] == ',' && i+1 < len(text) && isScriptSpace(text[i+1]):
			size = 2
		case isScriptSpace(text[i]) && strings.HasPrefix(text[i+1:], "and") && i+4 < len(text) && isScriptSpace(text[i+4]):
			size = 5
		case isScriptSpace(text[i]) || text[i] == '\\' || text[i] == '-':
			size = 1
		default:
			i++
			continue
		}
		parts = append(parts, text[start:i])
		i += size
		start = i
	}
	return append(parts, text[start:])
}

func isScriptSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// maxRoman is the largest number written in Roman numerals, which have no sign
// above a thousand.
const maxRoman = 1_000_000

var romanNumerals = []struct {
	value   float64
	letters string
}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"},
	{9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}}

func roman(n float64) string {
	var b strings.Builder
	for _, numeral := range romanNumerals {
		for ; n >= numeral.value; n -= numeral.value {
			b.WriteString(numeral.letters)
		}
	}
	return b.String()
}

func parseRoman(text string) float64 {
	sum, most := 0.0, 1.0
	for i := len(text) - 1; i >= 0; i-- {
		value := math.NaN()
		for _, numeral := range romanNumerals {
			if len(numeral.letters) == 1 && text[i] == numeral.letters[0]-'a'+'A' {
				value = numeral.value
			}
		}
		if value < most {
			sum -= value
		} else {
			most = value
			sum += value
		}
	}
	return sum
}

// letters writes a number as the columns of a spreadsheet are named.
func letters(n float64, upper bool) string {
	first := 'a'
	if upper {
		first = 'A'
	}
	var reversed []byte
	for n > 0 && len(reversed) < 1100 { // float64 has no more than 220 such digits
		reversed = append(reversed, byte(first)+byte(math.Mod(n-1, 26)))
		n = math.Floor((n - 1) / 26)
	}
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return string(reversed)
}

func parseLetters(text string, first rune) float64 {
	units := toUnits(text)
	sum := 0.0
	for i := range units {
		unit := units[len(units)-1-i]
		sum += float64(rune(unit)-first+1) * math.Pow(26, float64(i))
	}
	return sum
}
