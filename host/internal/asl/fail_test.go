package asl_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestFailPaths(t *testing.T) {
	for path, want := range map[string]bool{
		"$.a": true, "$$.Execution.Id": true, "$v": true, "$.a[*]": false, "a": false,
		"States.Format('{}', States.MathAdd(1, 2))": true, "States.JsonToString($.a)": true, "States.ArrayGetItem($.a, 0)": true,
		"States.Base64Encode($.a)": true, "States.Base64Decode($.a)": true, "States.Hash($.a, 'MD5')": true, "States.UUID()": true,
		"States.MathAdd(1, 2)": false, "States.Array($.a)": false, "States.StringToJson($.a)": false,
	} {
		for _, field := range []string{"ErrorPath", "CausePath"} {
			report := asl.Validate(`{"StartAt":"F","States":{"F":{"Type":"Fail","`+field+`":"`+path+`"}}}`, asl.Options{})
			if report.Valid != want {
				t.Errorf("%s %s: valid is %t, found %v", field, path, report.Valid, report.Diagnostics)
			}
		}
	}
}
