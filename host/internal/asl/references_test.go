package asl_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestReferences(t *testing.T) {
	task := `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":%a,"Assign":{"v":%s},"Output":{"v":%o},
		"Catch":[{"ErrorEquals":["States.ALL"],"Output":%c,"Next":"End"}],"Next":"End"}`
	for _, test := range []struct{ place, expr, want string }{
		{"%o", `phone + phone`, "Reference to 'phone' at the top level is not supported. at /States/S/Output/v"},
		{"%o", `$map([1], function($n) { a & b })`, "Reference to 'a' at the top level is not supported. at /States/S/Output/v; " +
			"Reference to 'b' at the top level is not supported. at /States/S/Output/v"},
		{"%o", `$$.a`, "Reference to '$$' is not supported. at /States/S/Output/v"},
		{"%o", `$`, "Reference to '$' at the top level is not supported. at /States/S/Output/v"},
		{"%o", `$states.input & $states.result.a & $states.context & $states`, ""},
		{"%o", `$states.errorOutput`, "Field '$states.errorOutput' does not exist. at /States/S/Output/v"},
		{"%o", `$states.odd`, "Field '$states.odd' does not exist. at /States/S/Output/v"},
		{"%s", `$states.result`, ""},
		{"%a", `$states.result`, "Field '$states.result' does not exist. at /States/S/Arguments"},
		{"%c", `$states.errorOutput`, ""},
		{"%c", `$states.result`, "Field '$states.result' does not exist. at /States/S/Catch[0]/Output"},
	} {
		state := task
		for _, place := range []string{"%a", "%s", "%o", "%c"} {
			expr := "1"
			if place == test.place {
				expr = test.expr
			}
			text, _ := json.Marshal("{% " + expr + " %}")
			state = strings.ReplaceAll(state, place, string(text))
		}
		report := asl.Validate(`{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":`+state+`,"End":{"Type":"Succeed"}}}`, asl.Options{})
		var found []string
		for _, d := range report.Diagnostics {
			if d.Code != "UNSUPPORTED_JSONATA_EXPRESSION" {
				t.Errorf("%s: code %s", test.expr, d.Code)
			}
			found = append(found, d.Message+" at "+d.Location)
		}
		if got := strings.Join(found, "; "); got != test.want || report.Valid != (test.want == "") {
			t.Errorf("%s in %s: got %q, want %q", test.expr, test.place, got, test.want)
		}
	}
	report := asl.Validate(`{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","Output":"{% $states.result %}","End":true}}}`, asl.Options{})
	if report.Valid {
		t.Error("a Pass state may read a result")
	}
}
