package fault

import (
	"fmt"
	"strings"
)

// The rules of the service model, in AWS's words.
const NotNull = "Member must not be null"

// MostLength is the rule of a text or list that is too long.
func MostLength(n int) string {
	return fmt.Sprintf("Member must have length less than or equal to %d", n)
}

// LeastLength is the rule of one that is too short.
func LeastLength(n int) string {
	return fmt.Sprintf("Member must have length greater than or equal to %d", n)
}

// MostValue is the rule of a number that is too large.
func MostValue(n int) string {
	return fmt.Sprintf("Member must have value less than or equal to %d", n)
}

// LeastValue is the rule of one that is too small.
func LeastValue(n int) string {
	return fmt.Sprintf("Member must have value greater than or equal to %d", n)
}

// Within is the rule of a number that is too large or too small.
func Within(least, most int) string {
	return fmt.Sprintf("Member must have value between %d and %d", least, most)
}

// Matches is the rule of a text that does not match an expression.
func Matches(expression string) string {
	return "Member must satisfy regular expression pattern: " + expression
}

// OneOf is the rule of a text that is none of a set.
func OneOf(set []string) string {
	return "Member must satisfy enum value set: [" + strings.Join(set, ", ") + "]"
}

// maxShown is how much of a value a Violation repeats, in bytes.
const maxShown = 4096

// Violation says that the value of a field, nil for none, breaks a rule. The field
// is written as the service does it: camel case, from the outermost one on.
func Violation(field string, value *string, rule string) string {
	shown := "null"
	if value != nil {
		shown = "'" + Clip(*value, maxShown) + "'"
	}
	return fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", shown, field, rule)
}

// Violates is the error of a single Violation.
func Violates(field string, value *string, rule string) *Error {
	return Violated([]string{Violation(field, value, rule)})
}

// HiddenViolation is Violation of a field whose value is nobody else's business.
func HiddenViolation(field, rule string) string {
	return fmt.Sprintf("Value at '%s' failed to satisfy constraint: %s", field, rule)
}

// Violations is AWS's message about all of them.
func Violations(all []string) string {
	plural := "s"
	if len(all) == 1 {
		plural = ""
	}
	return fmt.Sprintf("%d validation error%s detected: %s", len(all), plural, strings.Join(all, "; "))
}

// Violated is the error of them, nil if there are none.
func Violated(all []string) *Error {
	if len(all) == 0 {
		return nil
	}
	return &Error{Code: Validation, Message: Violations(all)}
}
