package function

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// constraints collects what AWS calls validation errors: values that the model
// of the service does not allow. Their texts were recorded from AWS.
type constraints []string

// refuse notes that value, of the field that AWS names so, breaks rule.
func (c *constraints) refuse(value any, field, rule string, args ...any) {
	if len(args) > 0 {
		rule = fmt.Sprintf(rule, args...)
	}
	var shown *string
	if value != nil {
		text := fmt.Sprint(value)
		shown = &text
	}
	*c = append(*c, fault.Violation(field, shown, rule))
}

func (c *constraints) required(value *string, field string) {
	if value == nil {
		c.refuse(nil, field, fault.NotNull)
	}
}

// length counts characters, as AWS does.
func (c *constraints) length(value *string, field string, least, most int) {
	if value == nil {
		return
	}
	switch n := utf8.RuneCountInString(*value); {
	case n > most:
		c.refuse(*value, field, fault.MostLength(most))
	case n < least:
		c.refuse(*value, field, fault.LeastLength(least))
	}
}

// pattern wants the whole value to match; text is the expression as AWS shows it.
func (c *constraints) pattern(value *string, field string, expression *regexp.Regexp, text string) {
	if value != nil && !expression.MatchString(*value) {
		c.refuse(*value, field, fault.Matches(text))
	}
}

func (c *constraints) between(value *int, field string, least, most int) {
	switch {
	case value == nil:
	case *value > most:
		c.refuse(*value, field, fault.MostValue(most))
	case *value < least:
		c.refuse(*value, field, fault.LeastValue(least))
	}
}

func (c *constraints) oneOf(value *string, field string, allowed ...string) {
	if value != nil && !slices.Contains(allowed, *value) {
		c.refuse(*value, field, fault.OneOf(allowed))
	}
}

// text is AWS's message about what was noted.
func (c constraints) text() string { return fault.Violations(c) }

// err returns what was noted, nil if nothing was.
func (c constraints) err() error {
	if len(c) == 0 {
		return nil
	}
	return fault.Violated(c)
}

// invalid is what AWS answers to values that the model allows and the service
// does not.
func invalid(format string, args ...any) error {
	return fault.New(fault.InvalidParameterValue, format, args...)
}
