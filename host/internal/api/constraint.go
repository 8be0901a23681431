package api

import (
	"slices"
	"strconv"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// violations are what the service model has against the fields of a request.
// AWS answers them all at once.
type violations []string

// err returns nil if there are none.
func (v violations) err() *fault.Error { return fault.Violated(v) }

// add notes that value, at a field, breaks a rule.
func (v *violations) add(field, value, rule string) {
	*v = append(*v, fault.Violation(field, &value, rule))
}

func (v *violations) null(field string) {
	*v = append(*v, fault.Violation(field, nil, fault.NotNull))
}

func (v *violations) pattern(field, value, pattern string) {
	v.add(field, value, fault.Matches(pattern))
}

func (v *violations) tooLong(field, value string, max int) {
	v.add(field, value, fault.MostLength(max))
}

func (v *violations) tooShort(field, value string, min int) {
	v.add(field, value, fault.LeastLength(min))
}

func (v *violations) between(field string, value *int, min, max int) {
	switch {
	case value == nil:
	case *value < min:
		v.add(field, strconv.Itoa(*value), fault.LeastValue(min))
	case *value > max:
		v.add(field, strconv.Itoa(*value), fault.MostValue(max))
	}
}

func (v *violations) enum(field string, value *string, set ...string) {
	if value != nil && !slices.Contains(set, *value) {
		v.add(field, *value, fault.OneOf(set))
	}
}
