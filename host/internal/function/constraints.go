package function

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// constraints collects what AWS calls validation errors: values that the model
// of the service does not allow. Their texts were recorded from AWS.
type constraints []string

// refuse notes that value, of the field that AWS names so, breaks rule.
func (c *constraints) refuse(value any, field, rule string, args ...any) {
	text := "null"
	if value != nil {
		text = fmt.Sprintf("'%v'", value)
	}
	*c = append(*c, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", text, field, fmt.Sprintf(rule, args...)))
}

func (c *constraints) required(value *string, field string) {
	if value == nil {
		c.refuse(nil, field, "Member must not be null")
	}
}

func (c *constraints) length(value *string, field string, least, most int) {
	switch {
	case value == nil:
	case len(*value) > most:
		c.refuse(*value, field, "Member must have length less than or equal to %d", most)
	case len(*value) < least:
		c.refuse(*value, field, "Member must have length greater than or equal to %d", least)
	}
}

// pattern wants the whole value to match; text is the expression as AWS shows it.
func (c *constraints) pattern(value *string, field string, expression *regexp.Regexp, text string) {
	if value != nil && !expression.MatchString(*value) {
		c.refuse(*value, field, "Member must satisfy regular expression pattern: %s", text)
	}
}

func (c *constraints) between(value *int, field string, least, most int) {
	switch {
	case value == nil:
	case *value > most:
		c.refuse(*value, field, "Member must have value less than or equal to %d", most)
	case *value < least:
		c.refuse(*value, field, "Member must have value greater than or equal to %d", least)
	}
}

func (c *constraints) oneOf(value *string, field string, allowed ...string) {
	if value != nil && !slices.Contains(allowed, *value) {
		c.refuse(*value, field, "Member must satisfy enum value set: [%s]", strings.Join(allowed, ", "))
	}
}

// text is AWS's message about what was noted.
func (c constraints) text() string {
	plural := ""
	if len(c) > 1 {
		plural = "s"
	}
	return fmt.Sprintf("%d validation error%s detected: %s", len(c), plural, strings.Join(c, "; "))
}

// err returns what was noted, nil if nothing was.
func (c constraints) err() error {
	if len(c) == 0 {
		return nil
	}
	return fault.New(fault.Validation, "%s", c.text())
}

// invalid is what AWS answers to values that the model allows and the service
// does not.
func invalid(format string, args ...any) error {
	return fault.New(fault.InvalidParameterValue, format, args...)
}
