package host

import "github.com/lambent-dev/lambent/host/internal/asl"

// Finding is one thing that is wrong with a definition, or likely to be.
type Finding struct {
	Severity string `json:"severity"` // ERROR or WARNING
	Code     string `json:"code"`     // AWS's: SCHEMA_VALIDATION_FAILED, …
	Message  string `json:"message"`
	Location string `json:"location,omitempty"` // as /States/Pay/Next
}

// CheckMachine says what is wrong with a definition in Amazon States Language,
// in its order: what AWS's ValidateStateMachineDefinition answers, with the
// warnings, at most 1,000 findings. A definition without an ERROR can be run.
func CheckMachine(definition string, express bool) []Finding {
	report := asl.Validate(definition, asl.Options{Express: express, Warnings: true, MaxResults: 1000})
	findings := []Finding{}
	for _, d := range report.Diagnostics {
		findings = append(findings, Finding{string(d.Severity), d.Code, d.Message, d.Location})
	}
	return findings
}
