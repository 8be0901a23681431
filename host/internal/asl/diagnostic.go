package asl

import "strings"

// Severity is how bad a diagnostic is.
type Severity string

// A definition with an Error cannot be created; one with Warnings only can.
const (
	Error   Severity = "ERROR"
	Warning Severity = "WARNING"
)

// The codes of diagnostics, AWS's.
const (
	codeJSON               = "INVALID_JSON_DESCRIPTION"
	codeSchema             = "SCHEMA_VALIDATION_FAILED"
	codeTarget             = "MISSING_TRANSITION_TARGET"
	codeEnd                = "MISSING_END_STATE"
	codeDuplicateState     = "DUPLICATE_STATE_NAME"
	codeStateName          = "INVALID_STATE_NAME"
	codeDuplicateLabel     = "DUPLICATE_LABEL_NAME"
	codeLabel              = "INVALID_LABEL_NAME"
	codeNested             = "TOO_DEEPLY_NESTED"
	codeInvalidJSONata     = "INVALID_JSONATA_EXPRESSION"
	codeUnsupportedJSONata = "UNSUPPORTED_JSONATA_EXPRESSION"
	codeNoDollar           = "NO_DOLLAR"
	codeNoPath             = "NO_PATH"
	codeStaticResult       = "PASS_RESULT_IS_STATIC"
)

// Diagnostic is one finding about a definition.
type Diagnostic struct {
	Severity Severity
	Code     string
	Message  string
	// Location is a path into the definition, as /States/X/Next; "" if the
	// finding is about no place.
	Location string
}

// InvalidDefinition is the error of a definition that cannot be used. Its text
// is that of AWS's InvalidDefinition.
type InvalidDefinition struct{ Diagnostics []Diagnostic }

func (e *InvalidDefinition) Error() string {
	var findings []string
	for _, d := range e.Diagnostics {
		if d.Severity == Error && len(findings) < 100 {
			location := d.Location
			if location == "" {
				location = "null"
			}
			findings = append(findings, d.Code+": "+d.Message+" at "+location)
		}
	}
	return "Invalid State Machine Definition: '" + strings.Join(findings, ", ") + "'"
}
