package api

import (
	"strings"
	"testing"
)

// TestModel has what bodies violate in AWS's words.
func TestModel(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                    "1 validation error detected: Value null at 'authType' failed to satisfy constraint: Member must not be null",
		`{"AuthType":"X"}`:                      "Value 'X' at 'authType' failed to satisfy constraint: Member must satisfy enum value set: [NONE, AWS_IAM]",
		`{"AuthType":"NONE"}`:                   "",
		`{"AuthType":"NONE","Other":[{"a":1}]}`: "",
		`{"AuthType":"NONE","Cors":{"MaxAge":86401}}`:                        "Value '86401' at 'cors.maxAge' failed to satisfy constraint: Member must have value less than or equal to 86400",
		`{"AuthType":"NONE","Cors":{"MaxAge":-1}}`:                           "Member must have value greater than or equal to 0",
		`{"AuthType":"NONE","Cors":{"AllowMethods":["GET","PROPFIND"]}}`:     "Value '[GET, PROPFIND]' at 'cors.allowMethods' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 6, Member must have length greater than or equal to 0, Member must not be null]",
		`{"AuthType":"NONE","Cors":{"AllowMethods":[null]}}`:                 "Value '[null]' at 'cors.allowMethods'",
		`{"AuthType":"NONE","Cors":{"AllowMethods":["","","","","","",""]}}`: "at 'cors.allowMethods' failed to satisfy constraint: Member must have length less than or equal to 6",
		`{"AuthType":"NO","Cors":{"MaxAge":-1}}`:                             "2 validation errors detected: ",
	} {
		s := newScanner([]byte(text))
		var v violations
		createURL.read(s, "Request", "", &v)
		if s.end(); s.err != nil {
			t.Errorf("%s: %v", text, s.err)
		}
		got := ""
		if err := v.err(); err != nil {
			got = err.Message
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// TestModelOfLists has structures in lists by their number.
func TestModelOfLists(t *testing.T) {
	s := newScanner([]byte(`{"FilterCriteria":{"Filters":[{"Pattern":"{}"},{"Pattern":"` + strings.Repeat("é", 4097) + `"}]},"SourceAccessConfigurations":[{"Type":"X"}]}`))
	var v violations
	updateMappingModel.read(s, "Request", "", &v)
	err := v.err()
	if s.end(); s.err != nil || err == nil {
		t.Fatal(s.err, err)
	}
	for _, want := range []string{
		"at 'filterCriteria.filters.2.member.pattern' failed to satisfy constraint: Member must have length less than or equal to 4096",
		"Value 'X' at 'sourceAccessConfigurations.1.member.type' failed to satisfy constraint: Member must satisfy enum value set: [BASIC_AUTH, ",
		"2 validation errors detected: ",
	} {
		if !strings.Contains(err.Message, want) {
			t.Errorf("%.200s…\nlacks %s", err.Message, want)
		}
	}
	for text, characters := range map[string]int{"": 0, "aé": 2} {
		if n := length(text); n != characters {
			t.Errorf("%q has %d characters", text, n)
		}
	}
}

// FuzzModel reads any body by the largest model: it answers, and does not panic.
func FuzzModel(f *testing.F) {
	f.Add([]byte(`{"FunctionName":"f","EventSourceArn":"arn:aws:sqs:us-east-1:000000000000:q","FilterCriteria":{"Filters":[{"Pattern":"{}"}]}}`))
	f.Add([]byte(`{"SelfManagedEventSource":{"Endpoints":{"KAFKA_BOOTSTRAP_SERVERS":["a:1",null]}},"Tags":{"a":null},"StartingPositionTimestamp":1e400}`))
	f.Add([]byte(`{"Topics":[[]],"BatchSize":9999999999}`))
	_, a := newFake()
	m, err := a.Find("POST", "/2015-03-31/event-source-mappings")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := &call{ctx: t.Context(), api: a, request: &Request{ID: "r-1", Body: text}, operation: m.Operation}
		var v violations
		if _, _, err := c.mappingRequest(createMappingModel, &v); err != nil && err.Code == "" {
			t.Errorf("%v", err)
		}
	})
}
