package api

import (
	"fmt"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// violations are what the service model has against the fields of a request.
// AWS answers them all at once, each in the words of these methods.
type violations []string

// err returns nil if there are none.
func (v violations) err() *fault.Error {
	if len(v) == 0 {
		return nil
	}
	s := "s"
	if len(v) == 1 {
		s = ""
	}
	return fault.New(fault.Validation, "%d validation error%s detected: %s", len(v), s, strings.Join(v, "; "))
}

// add notes that value, at a field, breaks a rule. The field is written as the
// service does it: camel case, from the outermost one on.
func (v *violations) add(field, value, rule string) {
	*v = append(*v, fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: %s", clip(value), field, rule))
}

func (v *violations) null(field string) {
	*v = append(*v, fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", field))
}

func (v *violations) pattern(field, value, pattern string) {
	v.add(field, value, "Member must satisfy regular expression pattern: "+pattern)
}

func (v *violations) tooLong(field, value string, max int) {
	v.add(field, value, fmt.Sprintf("Member must have length less than or equal to %d", max))
}

func (v *violations) tooShort(field, value string, min int) {
	v.add(field, value, fmt.Sprintf("Member must have length greater than or equal to %d", min))
}

func (v *violations) between(field string, value *int, min, max int) {
	if value == nil {
		return
	}
	switch {
	case *value < min:
		v.add(field, fmt.Sprint(*value), fmt.Sprintf("Member must have value greater than or equal to %d", min))
	case *value > max:
		v.add(field, fmt.Sprint(*value), fmt.Sprintf("Member must have value less than or equal to %d", max))
	}
}

func (v *violations) enum(field string, value *string, set ...string) {
	if value == nil {
		return
	}
	for _, s := range set {
		if s == *value {
			return
		}
	}
	v.add(field, *value, "Member must satisfy enum value set: ["+strings.Join(set, ", ")+"]")
}
