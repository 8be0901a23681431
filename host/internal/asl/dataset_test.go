package asl_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestDatasets: objects are gone over by member, but only in distributed mode.
func TestDatasets(t *testing.T) {
	for _, test := range []struct{ name, mode, fields, input, selected, cause string }{
		{"inline array", `"Mode":"INLINE"`, ``, `[7]`, `[{"i":0,"v":7}]`, ""},
		{"inline object", `"Mode":"INLINE"`, ``, `{"a":7}`, "", `Reference path "$" must point to array.`},
		{"inline object by an expression", `"Mode":"INLINE"`, `"QueryLanguage":"JSONata","Items":"{% $states.input %}",`, `{"a":7}`, "", "Expected 'array', but was 'object'"},
		{"inline object as literal", `"Mode":"INLINE"`, `"QueryLanguage":"JSONata","Items":{"a":7},`, `{}`, "", "The field 'Items' must be an array"},
		{"inline object as input", `"Mode":"INLINE"`, `"QueryLanguage":"JSONata",`, `{"a":7}`, "", "Map state input must be an array"},
		{"distributed array", `"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"`, ``, `[7]`, `[{"i":0,"v":7}]`, ""},
		{"distributed object", `"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"`, ``, `{"b":7,"a":8}`, `[{"i":0,"v":7},{"i":1,"v":8}]`, ""},
		{"distributed object as literal", `"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"`, `"QueryLanguage":"JSONata","Items":{"b":7},`, `1`, `[{"i":0,"v":7}]`, ""},
		{"distributed object as input", `"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"`, `"QueryLanguage":"JSONata",`, `{"b":7}`, `[{"i":0,"v":7}]`, ""},
		{"distributed text", `"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"`, ``, `"b"`, "", `Reference path "$" must point to array.`},
	} {
		t.Run(test.name, func(t *testing.T) {
			selector := `{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"}`
			if strings.Contains(test.fields, "JSONata") {
				selector = `{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value %}"}`
			}
			none := "[]"
			got, err := asl.TestState(asl.TestRequest{
				Definition: `{"Type":"Map",` + test.fields + `"ItemSelector":` + selector + `,"ItemProcessor":{"ProcessorConfig":{` + test.mode + `},
					"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`,
				Input: test.input, Mock: &asl.Mock{Result: &none},
			})
			if err != nil {
				t.Fatal(err)
			}
			cause := ""
			if got.Cause != nil {
				cause = *got.Cause
			}
			if test.cause != "" {
				if got.Status != "FAILED" || !strings.Contains(cause, test.cause) {
					t.Errorf("got %s %q, want the cause %q", got.Status, cause, test.cause)
				}
				return
			}
			if got.Status != "SUCCEEDED" || got.Data["afterItemSelector"] != test.selected {
				t.Errorf("got %s %v %q, want %s", got.Status, got.Data["afterItemSelector"], cause, test.selected)
			}
		})
	}
}
