package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// FuzzScanner holds the scanner against encoding/json. It is stricter in what
// documents may be: UTF-8 without lone surrogates, and no deeper than maxDepth.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `null`, `true`, `false`, `0`, `-0.5e+10`, `1e700`, `01`, `1.`, `.5`, `1e`, `+1`, `"a"`, `"\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"`, `"\ud800"`, `"\ude00\ud83d"`,
		`"\x"`, "\"\x01\"", "\"\xff\"", `{"a":1,"a":2}`, `{"a":[1,{"b":null}],}`, `[1 2]`, `{"a" 1}`, `{1:2}`, " \t\r\n{ } ", "{}\x00", "\x00", ``, `{`, `"`, `tru`, `nulll`,
		strings.Repeat("[", 70) + strings.Repeat("]", 70), strings.Repeat("[", 64) + strings.Repeat("]", 64),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newScanner(data)
		s.skip()
		s.end()
		// A number that no float64 holds is one all the same: it is read as text.
		valid := json.Valid(data) && utf8.Valid(data)
		var want any
		_ = json.Unmarshal(data, &want)
		switch {
		case s.err != nil && s.err.Code != fault.InvalidRequestContent:
			t.Fatalf("%q: %v", data, s.err)
		case s.err == nil && !valid:
			t.Fatalf("%q is accepted", data)
		case s.err != nil && valid && !strings.Contains(s.err.Message, "values within values") && !strings.Contains(s.err.Message, "invalid escape"):
			t.Fatalf("%q is refused: %v", data, s.err)
		}
		if text, ok := want.(string); ok && s.err == nil {
			var got *string
			if newScanner(data).string("m", &got); got == nil || *got != text {
				t.Fatalf("%q: read %v, want %q", data, got, text)
			}
		}
	})
}

// FuzzRequests gives every operation that takes a document any bytes.
func FuzzRequests(f *testing.F) {
	for _, s := range []string{
		`{"FunctionName":"n","Role":"r","Code":{"ZipFile":"UEs=","S3Key":null},"Tags":{"a":"b"},"Environment":{"Variables":{"A":"1"}},"Timeout":1}`,
		`{"ZipFile":"UE\u0073=","DryRun":true,"Architectures":["arm64"],"RevisionId":"r","Publish":false}`,
		`{"VpcConfig":{"SubnetIds":["s"],"SecurityGroupIds":null,"Ipv6AllowedForDualStack":true},"LoggingConfig":{"LogFormat":"JSON"},"Layers":[],"EphemeralStorage":{"Size":512}}`,
		`{"TracingConfig":{"Mode":"Active","X":[]},"SnapStart":{"ApplyOn":"None"},"DeadLetterConfig":{"TargetArn":""},"ImageConfig":{"a":1}}`,
		`{"Lambent":{"Fuel":18446744073709551615,"Other":1}}`, `{"Lambent":{"Fuel":-1}}`,
		`{"Lambent":{"Verify":{"Events":[{"Name":"a","Event":"e30="},{"Other":[]}],"Other":{}}}}`, `{"Lambent":{"Verify":null}}`, `{"Lambent":{"Verify":{"Events":[1]}}}`,
		`{"Timeout":1.5}`, `{"Timeout":99999999999}`, `{"Layers":[null]}`, `{"Tags":{"a":1}}`, `{"Environment":[]}`, `[]`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, c := range []struct{ method, target string }{
			{"POST", "/2015-03-31/functions"}, {"PUT", "/2015-03-31/functions/there/code"}, {"PUT", "/2015-03-31/functions/there/configuration"},
		} {
			_, a := newFake()
			m, err := a.Find(c.method, c.target)
			if err != nil {
				t.Fatal(err)
			}
			r := a.Serve(t.Context(), m, &Request{Header: noHeader{}, Body: body})
			if r.Status >= 500 || !json.Valid(r.Body) {
				t.Fatalf("%s %s: %q: %d %s", c.method, c.target, body, r.Status, r.Body)
			}
			if r.Status < 300 && !json.Valid(body) {
				t.Fatalf("%s %s: %q is accepted", c.method, c.target, body)
			}
		}
	})
}

type noHeader struct{}

func (noHeader) Get(string) string { return "" }

func TestBoundsOfDocuments(t *testing.T) {
	_, a := newFake()
	m, _ := a.Find("POST", "/2015-03-31/functions")
	var members bytes.Buffer
	for i := range maxMembers + 1 {
		members.WriteString(`,"` + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + `":"v"`)
	}
	list := strings.Repeat(`,"a"`, maxMembers+1)
	for name, c := range map[string]struct{ body, message string }{
		"deep":              {`{"X":` + strings.Repeat("[", 1<<20), "more than 64 values within values"},
		"members":           {"{" + members.String()[1:] + "}", "more than 4096 members"},
		"entries of a map":  {`{"Tags":{` + members.String()[1:] + "}}", "more than 4096 members"},
		"items of a list":   {`{"Layers":[` + list[1:] + "]}", "more than 4096 members"},
		"not UTF-8":         {"{\"FunctionName\":\"\xff\"}", "invalid UTF-8"},
		"a lone surrogate":  {`{"FunctionName":"\ud800"}`, "invalid escape"},
		"after the end":     {`{}{}`, "expected the end"},
		"nothing":           {``, "unexpected end"},
		"a number too much": {`{"Timeout":2147483648}`, "NUMBER_VALUE cannot be converted to Integer (member Timeout)"},
		"fuel owed":         {`{"Lambent":{"Fuel":-1}}`, "NUMBER_VALUE cannot be converted to Long (member Lambent.Fuel)"},
		"fuel too much":     {`{"Lambent":{"Fuel":18446744073709551616}}`, "NUMBER_VALUE cannot be converted to Long (member Lambent.Fuel)"},
		"fuel in words":     {`{"Lambent":{"Fuel":"much"}}`, "STRING_VALUE cannot be converted to Long (member Lambent.Fuel)"},
		"no sample event":   {`{"Lambent":{"Verify":{"Events":[1]}}}`, "NUMBER_VALUE cannot be converted to structure or map (member Lambent.Verify.Events)"},
		"no base64":         {`{"Lambent":{"Verify":{"Events":[{"Event":"{}"}]}}}`, "STRING_VALUE cannot be converted to Blob (member Lambent.Verify.Events.Event)"},
		"a fraction":        {`{"Timeout":3.5}`, "NUMBER_VALUE cannot be converted to Integer (member Timeout)"},
		"a list":            {`[]`, "Start of list cannot be converted to structure or map"},
		"no value":          {`{"Timeout":}`, `unexpected character '}', expected a value`},
	} {
		r := a.Serve(t.Context(), m, &Request{Header: noHeader{}, Body: []byte(c.body)})
		var answer struct{ Message string }
		json.Unmarshal(r.Body, &answer) // names of members match in any case
		if r.Status != 400 || !strings.Contains(answer.Message, c.message) {
			t.Errorf("%s: %d %s; want 400 and %q", name, r.Status, r.Body, c.message)
		}
	}
}
