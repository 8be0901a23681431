package asl_test

import (
	"runtime"
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

func TestTestedReader(t *testing.T) {
	for _, test := range []struct {
		config, fields, data string
		want                 string // status, error and what the stages made
	}{
		{`"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`, `"ItemSelector":{"v.$":"$$.Map.Item.Value.a"},`, "a,b\n1,2\n3,4\n", `SUCCEEDED  afterItemSelector=[{"v":"1"},{"v":"3"}]`},
		{`"InputType":"JSON","ItemsPointer":"/in"`, ``, `{"in":[1,2]}`, `SUCCEEDED  afterItemsPointer=[1,2]`},
		{`"InputType":"JSONL","MaxItems":3`, `"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"k":1}},`, "1\n2\n3\n4\n", `SUCCEEDED  afterItemBatcher=[{"BatchInput":{"k":1},"Items":[1,2]},{"BatchInput":{"k":1},"Items":[3]}]`},
		{`"InputType":"JSON"`, ``, `{}`, `FAILED States.ItemReaderFailed`},
		{`"InputType":"JSON"`, ``, ``, `SUCCEEDED `},
	} {
		none := "[]"
		got, err := asl.TestState(asl.TestRequest{
			Definition: `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{` + test.config + `}},` + test.fields + `
				"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`,
			Mock: &asl.Mock{Result: &none}, MapItemReaderData: test.data,
		})
		if err != nil {
			t.Fatal(err)
		}
		found := got.Status + " "
		if got.Error != nil {
			found += *got.Error
		}
		for _, stage := range []string{"afterItemsPointer", "afterItemSelector", "afterItemBatcher"} {
			if v, ok := got.Data[stage]; ok {
				found += " " + stage + "=" + v.(string)
			}
		}
		if found != test.want {
			t.Errorf("%s %s: got %s, want %s", test.config, test.data, found, test.want)
		}
	}
}

// TestTestedItemsAreBounded makes much of little: an item that no iteration could get
// fails, as does work that no execution may do, and what is too large to be told is not
// kept.
func TestTestedItemsAreBounded(t *testing.T) {
	const reader = `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"}},`
	for _, test := range []struct{ fields, want string }{
		{`"ItemBatcher":{"MaxItemsPerBatch":1,"BatchInput":"` + strings.Repeat("x", 200_000) + `"},`, "SUCCEEDED"},
		{`"QueryLanguage":"JSONata","ItemSelector":"{% $pad('', 300000, 'x') %}",`, "FAILED States.DataLimitExceeded"},
		{`"QueryLanguage":"JSONata","ItemSelector":"{% $pad('', 250000, 'x') %}",`, "FAILED States.QueryEvaluationError"},
	} {
		none := "[]"
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := asl.TestState(asl.TestRequest{
			Definition: `{"Type":"Map",` + reader + test.fields + `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`,
			Mock:       &asl.Mock{Result: &none}, MapItemReaderData: strings.Repeat("1\n", 2_000),
		})
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		found := got.Status
		if got.Error != nil {
			found += " " + *got.Error
		}
		if found != test.want || got.Data["afterItemSelector"] != nil || got.Data["afterItemBatcher"] != nil {
			t.Errorf("%.60s: %s, want %s and none of its items", test.fields, found, test.want)
		}
		if made := after.TotalAlloc - before.TotalAlloc; got.Status == "SUCCEEDED" && made > 64<<20 {
			t.Errorf("%.60s: %d MiB were allocated", test.fields, made>>20)
		}
	}
}
