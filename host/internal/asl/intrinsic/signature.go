package intrinsic

import "github.com/lambent-dev/lambent/host/internal/jsonata"

// valueKind is what an argument must be.
type valueKind string

const (
	anything valueKind = "any value"
	text     valueKind = "a string"
	number   valueKind = "a number"
	boolean  valueKind = "a boolean"
	array    valueKind = "an array"
	object   valueKind = "an object"
)

func (k valueKind) accepts(v any) bool {
	ok := true
	switch k {
	case text:
		_, ok = v.(string)
	case number:
		_, ok = v.(float64)
	case boolean:
		_, ok = v.(bool)
	case array:
		_, ok = v.([]any)
	case object:
		_, ok = v.(*jsonata.Object)
	}
	return ok
}

// signature says what arguments a function takes: at least min, those beyond
// the listed ones being any value if it is variadic.
type signature struct {
	min      int
	kinds    []valueKind
	variadic bool
	call     func(*Call, Env, []any) (any, error)
}

func (s *signature) kind(i int) valueKind {
	if i < len(s.kinds) {
		return s.kinds[i]
	}
	return anything
}

// signatures are the functions by name. It is never changed.
var signatures = map[string]*signature{
	"States.Format":         {min: 1, kinds: []valueKind{text}, variadic: true, call: format},
	"States.StringToJson":   fixed(stringToJSON, text),
	"States.JsonToString":   fixed(jsonToString, anything),
	"States.Array":          {variadic: true, call: makeArray},
	"States.ArrayPartition": fixed(arrayPartition, array, number),
	"States.ArrayContains":  fixed(arrayContains, array, anything),
	"States.ArrayRange":     fixed(arrayRange, number, number, number),
	"States.ArrayGetItem":   fixed(arrayGetItem, array, number),
	"States.ArrayLength":    fixed(arrayLength, array),
	"States.ArrayUnique":    fixed(arrayUnique, array),
	"States.Base64Encode":   fixed(base64Encode, text),
	"States.Base64Decode":   fixed(base64Decode, text),
	"States.Hash":           fixed(hash, anything, text),
	"States.JsonMerge":      fixed(jsonMerge, object, object, boolean),
	"States.MathRandom":     {min: 2, kinds: []valueKind{number, number, number}, call: mathRandom},
	"States.MathAdd":        fixed(mathAdd, number, number),
	"States.StringSplit":    fixed(stringSplit, text, text),
	"States.UUID":           fixed(uuid),
}

// fixed is the signature of a function that takes exactly these arguments.
func fixed(call func(*Call, Env, []any) (any, error), kinds ...valueKind) *signature {
	return &signature{min: len(kinds), kinds: kinds, call: call}
}
