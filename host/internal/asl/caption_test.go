package asl_test

import (
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

const captioned = `{"StartAt": "Call", "States": {
	"Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:greet", "Next": "Send",
		"Retry": [{"ErrorEquals": ["A", "B"], "MaxAttempts": 1}, {"ErrorEquals": ["C"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]},
	"Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Put"},
	"Put": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Next": "Work"},
	"Work": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "Next": "Hour"},
	"Hour": {"Type": "Wait", "Seconds": 7200, "Next": "Seconds"},
	"Seconds": {"Type": "Wait", "Seconds": 61, "Next": "Long"},
	"Long": {"Type": "Wait", "SecondsPath": "$.long", "Next": "Until"},
	"Until": {"Type": "Wait", "TimestampPath": "$.until", "Next": "Date"},
	"Date": {"Type": "Wait", "Timestamp": "2030-01-01T00:00:00Z", "Next": "Which"},
	"Which": {"Type": "Choice", "Default": "Done", "Choices": [
		{"Variable": "$.n", "NumericGreaterThanEquals": 3, "Next": "Done"},
		{"Variable": "$.n", "NumericEqualsPath": "$.m", "Next": "Done"},
		{"Variable": "$.s", "StringMatches": "a*", "Next": "Done"},
		{"Not": {"Variable": "$.s", "IsPresent": true}, "Next": "Done"},
		{"Variable": "$.s", "IsNull": false, "Next": "Done"},
		{"And": [{"Variable": "$.b", "BooleanEquals": true}, {"Or": [{"Variable": "$.t", "TimestampLessThan": "2030-01-01T00:00:00Z"}, {"Variable": "$.s", "StringEquals": "x"}]}], "Next": "Broken"},
		{"Variable": "$.s", "IsString": true, "Next": "Caught"},
		{"Not": {"Variable": "$.n", "NumericLessThan": 2}, "Next": "Done"}]},
	"Caught": {"Type": "Fail", "ErrorPath": "$.error.Error"},
	"Done": {"Type": "Succeed"},
	"Broken": {"Type": "Fail", "Error": "Oh.No"}}}`

func TestCaptions(t *testing.T) {
	machine, err := asl.Parse(captioned, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Call": "greet", "Send": "sqs:sendMessage.waitForTaskToken", "Put": "s3:putObject", "Work": "work",
		"Hour": "2 h", "Seconds": "61 s", "Long": "$.long s", "Until": "until $.until", "Date": "until 2030-01-01T00:00:00Z",
		"Which": "", "Done": "", "Broken": "Oh.No", "Caught": "$.error.Error",
	} {
		if got := machine.States[name].Caption(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got, want := machine.States["Call"].Retries(), []string{"A, B: once", "C: never", "States.ALL: 3 times"}; !slices.Equal(got, want) {
		t.Errorf("retries %q, want %q", got, want)
	}
	var labels []string
	for _, rule := range machine.States["Which"].Choices {
		labels = append(labels, rule.Label)
	}
	want := []string{"$.n ≥ 3", "$.n = $.m", `$.s matches "a*"`, "$.s is not present", "$.s is not null", `$.b = true and ($.t < "2030-01-01T00:00:00Z" or $.s = "x")`, "$.s is string", "not $.n < 2"}
	if !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q", labels, want)
	}
}

func TestRulesOfJSONataAreLabelled(t *testing.T) {
	machine, err := asl.Parse(`{"QueryLanguage": "JSONata", "StartAt": "C", "States": {
		"C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > 3 %}", "Next": "D"}, {"Condition": true, "Next": "D"}]},
		"D": {"Type": "Succeed"}}}`, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rules := machine.States["C"].Choices
	if rules[0].Label != "$states.input.n > 3" || rules[1].Label != "true" {
		t.Errorf("labels %q and %q", rules[0].Label, rules[1].Label)
	}
}
