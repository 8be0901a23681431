package jsonata

import (
	"maps"
	"sync"
)

// native is a built-in function.
type native struct {
	signature *signature
	arity     int // parameters that functions such as $map pass
	call      func(*call) (any, *Error)
}

// call is one call of a built-in function. Its arguments have passed the
// signature, unless the function was partially applied: then they may be
// anything.
type call struct {
	ev    *evaluation
	args  []any
	input any // the context
	frame *frame
}

func (c *call) arg(i int) any { return argument(c.args, i) }

func (c *call) has(i int) bool { return c.arg(i) != Undefined }

func (c *call) bad(i int) *Error {
	err := valueError("T0410", c.arg(i))
	err.index = i + 1
	return err
}

func (c *call) str(i int) (string, *Error) {
	if s, ok := c.arg(i).(string); ok {
		return s, nil
	}
	return "", c.bad(i)
}

func (c *call) num(i int) (float64, *Error) {
	if f, ok := c.arg(i).(float64); ok {
		return f, nil
	}
	return 0, c.bad(i)
}

func (c *call) items(i int) ([]any, *Error) {
	if items, ok := itemsOf(c.arg(i)); ok {
		return items, nil
	}
	return nil, c.bad(i)
}

func (c *call) function(i int) (*Function, *Error) {
	if fn, ok := asFunction(c.arg(i)); ok {
		return fn, nil
	}
	return nil, c.bad(i)
}

func mustSignature(text string) *signature {
	sig, err := parseSignature(text)
	if err != nil {
		panic(err)
	}
	return sig
}

// definition is a row of the tables of built-in functions.
type definition struct {
	name, signature string
	arity           int
	call            func(*call) (any, *Error)
}

func define(rows []definition) map[string]*native {
	table := make(map[string]*native, len(rows))
	for _, row := range rows {
		table[row.name] = &native{signature: mustSignature(row.signature), arity: row.arity, call: row.call}
	}
	return table
}

var standardNatives = sync.OnceValue(func() map[string]*native { return define(standard) })

var stepFunctionsNatives = sync.OnceValue(func() map[string]*native {
	table := maps.Clone(standardNatives())
	delete(table, "eval")
	maps.Copy(table, define(stepFunctions))
	return table
})

func natives(dialect Dialect) map[string]*native {
	if dialect == StepFunctions {
		return stepFunctionsNatives()
	}
	return standardNatives()
}

// IsBuiltin reports whether a dialect has a function of that name, without
// "$".
func IsBuiltin(dialect Dialect, name string) bool { return natives(dialect)[name] != nil }

// standard is the functions of JSONata 2.0.6.
var standard = []definition{
	{"sum", "<a<n>:n>", 1, nativeSum},
	{"count", "<a:n>", 1, nativeCount},
	{"max", "<a<n>:n>", 1, nativeMax},
	{"min", "<a<n>:n>", 1, nativeMin},
	{"average", "<a<n>:n>", 1, nativeAverage},
	{"string", "<x-b?:s>", 1, nativeString},
	{"substring", "<s-nn?:s>", 3, nativeSubstring},
	{"substringBefore", "<s-s:s>", 2, nativeSubstringBefore},
	{"substringAfter", "<s-s:s>", 2, nativeSubstringAfter},
	{"lowercase", "<s-:s>", 1, nativeLowercase},
	{"uppercase", "<s-:s>", 1, nativeUppercase},
	{"length", "<s-:n>", 1, nativeLength},
	{"trim", "<s-:s>", 1, nativeTrim},
	{"pad", "<s-ns?:s>", 3, nativePad},
	{"match", "<s-f<s:o>n?:a<o>>", 3, nativeMatch},
	{"contains", "<s-(sf):b>", 2, nativeContains},
	{"replace", "<s-(sf)(sf)n?:s>", 4, nativeReplace},
	{"split", "<s-(sf)n?:a<s>>", 3, nativeSplit},
	{"join", "<a<s>s?:s>", 2, nativeJoin},
	{"formatNumber", "<n-so?:s>", 3, nativeFormatNumber},
	{"formatBase", "<n-n?:s>", 2, nativeFormatBase},
	{"formatInteger", "<n-s:s>", 2, nativeFormatInteger},
	{"parseInteger", "<s-s:n>", 2, nativeParseInteger},
	{"number", "<(nsb)-:n>", 1, nativeNumber},
	{"floor", "<n-:n>", 1, nativeFloor},
	{"ceil", "<n-:n>", 1, nativeCeil},
	{"round", "<n-n?:n>", 2, nativeRound},
	{"abs", "<n-:n>", 1, nativeAbs},
	{"sqrt", "<n-:n>", 1, nativeSqrt},
	{"power", "<n-n:n>", 2, nativePower},
	{"random", "<:n>", 0, nativeRandom},
	{"boolean", "<x-:b>", 1, nativeBoolean},
	{"not", "<x-:b>", 1, nativeNot},
	{"map", "<af>", 2, nativeMap},
	{"zip", "<a+>", 0, nativeZip},
	{"filter", "<af>", 2, nativeFilter},
	{"single", "<af?>", 2, nativeSingle},
	{"reduce", "<afj?:j>", 3, nativeReduce},
	{"sift", "<o-f?:o>", 2, nativeSift},
	{"keys", "<x-:a<s>>", 1, nativeKeys},
	{"lookup", "<x-s:x>", 2, nativeLookup},
	{"append", "<xx:a>", 2, nativeAppend},
	{"exists", "<x:b>", 1, nativeExists},
	{"spread", "<x-:a<o>>", 1, nativeSpread},
	{"merge", "<a<o>:o>", 1, nativeMerge},
	{"reverse", "<a:a>", 1, nativeReverse},
	{"each", "<o-f:a>", 2, nativeEach},
	{"error", "<s?:x>", 1, nativeError},
	{"assert", "<bs?:x>", 2, nativeAssert},
	{"type", "<x:s>", 1, nativeType},
	{"sort", "<af?:a>", 2, nativeSort},
	{"shuffle", "<a:a>", 1, nativeShuffle},
	{"distinct", "<x:x>", 1, nativeDistinct},
	{"base64encode", "<s-:s>", 1, nativeBase64Encode},
	{"base64decode", "<s-:s>", 1, nativeBase64Decode},
	{"encodeUrlComponent", "<s-:s>", 1, nativeEncodeURLComponent},
	{"encodeUrl", "<s-:s>", 1, nativeEncodeURL},
	{"decodeUrlComponent", "<s-:s>", 1, nativeDecodeURLComponent},
	{"decodeUrl", "<s-:s>", 1, nativeDecodeURL},
	{"eval", "<sx?:x>", 2, nativeEval},
	{"toMillis", "<s-s?:n>", 2, nativeToMillis},
	{"fromMillis", "<n-s?s?:s>", 3, nativeFromMillis},
	{"clone", "<(oa)-:o>", 1, nativeClone},
	{"now", "<s?s?:s>", 2, nativeNow},
	{"millis", "<:n>", 0, nativeMillis},
}

// stepFunctions is the functions that AWS Step Functions adds or changes.
var stepFunctions = []definition{
	{"partition", "<an:a>", 2, nativePartition},
	{"range", "<nnn:a<n>>", 3, nativeRange},
	{"hash", "<ss:s>", 2, nativeHash},
	{"random", "<n?:n>", 1, nativeSeededRandom},
	{"uuid", "<:s>", 0, nativeUUID},
	{"parse", "<s-:x>", 1, nativeParse},
}
