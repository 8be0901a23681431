package asl

import (
	"math"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// spelled is a value in which the numbers that JSON has no way to write are
// words, as AWS makes of them: the quotient 1/0 comes out as "Infinity". What
// is no JSON for another reason stays so.
func spelled(v any, depth int) any {
	if depth > payload.MaxDepth {
		return v
	}
	switch v := v.(type) {
	case float64:
		switch {
		case math.IsInf(v, 1):
			return "Infinity"
		case math.IsInf(v, -1):
			return "-Infinity"
		case math.IsNaN(v):
			return "NaN"
		}
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = spelled(item, depth+1)
		}
		return items
	case *jsonata.Object:
		o := jsonata.NewObject()
		for name, value := range v.All() {
			o.Set(name, spelled(value, depth+1))
		}
		return o
	}
	return v
}
