package function

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestUnparsed has what AWS Lambda says of events that are no JSON. The first two were
// recorded; column is that of the message, on the first line but for one.
func TestUnparsed(t *testing.T) {
	const (
		source = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: "
		token  = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
	)
	for _, c := range []struct {
		event, message string
		column         string
	}{
		{"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt", "Invalid UTF-8 start byte 0x87", "3"},
		{"\x99\xeb,j\x07\xa1zYh", "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value " + token, "1"},
		{"", "No content to map due to end-of-input", "1"},
		{" \n ", "No content to map due to end-of-input", "2"}, // on the second line
		{"abc", "Unrecognized token 'abc': was expecting " + token, "4"},
		{"abc d", "Unrecognized token 'abc': was expecting " + token, "5"},
		{"nul", "Unrecognized token 'nul': was expecting " + token, "4"},
		{"truely", "Unrecognized token 'truely': was expecting " + token, "7"},
		{"[falsé]", "Unrecognized token 'falsé': was expecting " + token, "9"},
		{"NaN", "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", "4"},
		{"@", "Unexpected character ('@' (code 64)): expected a valid value " + token, "1"},
		{"'x'", "Unexpected character (''' (code 39)): expected a valid value " + token, "1"},
		{"{", "Unexpected end-of-input: expected close marker for Object (start marker at " + source + "1])", "2"},
		{"[1,[2", "Unexpected end-of-input: expected close marker for Array (start marker at " + source + "4])", "6"},
		{"[1,", "Unexpected end-of-input within/between Array entries", "4"},
		{`{"a":`, "Unexpected end-of-input within/between Object entries", "6"},
		{`{"a":}`, "Unexpected character ('}' (code 125)): expected a value", "6"},
		{"[1,]", "Unexpected character (']' (code 93)): expected a value", "4"},
		{"[,1]", "Unexpected character (',' (code 44)): expected a value", "2"},
		{"{a:1}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", "2"},
		{`{"a":1,}`, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", "8"},
		{`{"a" 1}`, "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", "6"},
		{`{"a":1 "b"}`, "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", "8"},
		{"[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", "4"},
		{"[1}", "Unexpected close marker '}': expected ']' (for Array starting at " + source + "1])", "4"},
		{"]", "Unexpected close marker ']': expected '}' (for root starting at " + source + "0])", "2"},
		{`"abc`, "Unexpected end-of-input: was expecting closing quote for a string value", "5"},
		{`{"abc`, "Unexpected end-of-input in field name", "6"},
		{"\"a\nb\"", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value", "3"},
		{`"\q"`, "Unrecognized character escape 'q' (code 113)", "4"},
		{`"\u12x4"`, "Unexpected character ('x' (code 120)): expected a hex-digit for character escape sequence", "6"},
		{"\"\xc3(\"", "Invalid UTF-8 middle byte 0x28", "4"},
		{"01", "Invalid numeric value: Leading zeroes not allowed", "2"},
		{"1.x", "Unexpected character ('x' (code 120)) in numeric value: Decimal point not followed by a digit", "3"},
		{"-a", "Unexpected character ('a' (code 97)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", "2"},
		{"1e:", "Unexpected character (':' (code 58)) in numeric value: Exponent indicator not followed by a digit", "3"},
		{"12x", "Unexpected character ('x' (code 120)): Expected space separating root-level values", "3"},
		{"\x01", `Illegal character ((CTRL-CHAR, code 1)): only regular white space (\r, \n, \t) is allowed between tokens`, "1"},
		{"/* */1", "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)", "1"},
		{strings.Repeat("[", 1001), "Document nesting depth (1001) exceeds the maximum allowed (1000, from `StreamReadConstraints.getMaxNestingDepth()`)", "1002"},
		{strings.Repeat("x", 300), "Unrecognized token '" + strings.Repeat("x", 256) + "...': was expecting " + token, "257"},
	} {
		want := c.message + "\n at " + source + c.column + "]"
		if strings.Contains(c.event, " \n ") {
			want = strings.Replace(want, "line: 1", "line: 2", 1)
		}
		if got := unparsed([]byte(c.event)); got != want {
			t.Errorf("%.40q:\ngot  %s\nwant %s", c.event, got, want)
		}
	}
}

// FuzzUnparsed finds something wrong with every event that is refused, and says it
// shortly.
func FuzzUnparsed(f *testing.F) {
	for _, event := range []string{`{"a":[1,-2.5e+3,true,null,"\u00e9\n"]}`, "[[[[", "{\"\xff\":1}", "tru\xc3\xa9", "1 2", "-", "1.", "\xed\xa0\x80", `"\u12`} {
		f.Add([]byte(event))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		said := unparsed(event)
		nothing := strings.HasPrefix(said, "The event is not UTF-8\n")
		if nothing != (json.Valid(event) && !strings.HasPrefix(said, "Invalid UTF-8")) && !strings.HasPrefix(said, "Document nesting depth") {
			t.Errorf("%q, which is JSON: %v: %s", event, json.Valid(event), said)
		}
		if !utf8.ValidString(said) || len(said) > 2_000 {
			t.Errorf("%q: %q", event, said)
		}
	})
}
