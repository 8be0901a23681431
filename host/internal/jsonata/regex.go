package jsonata

import (
	"fmt"
	"io"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// regex is a regular expression of JavaScript, run by Go's engine, whose time
// is linear in the text. Both pattern and text are taken as UTF-16 units, each
// a character of its own, which is what JavaScript does without the u flag.
type regex struct {
	source string
	first  *regexp.Regexp // matches from the start of the text on
	// later matches in what follows the text's first unit, which is there for
	// the assertions that look back at it.
	later func() *regexp.Regexp
	size  int // instructions of the program: what a unit costs at most
}

// maxRegexSize is how large the programs of all regular expressions in an
// expression may be, in instructions.
const maxRegexSize = 20_000

// compileRegex compiles a regular expression whose program may have room
// instructions.
func compileRegex(source, flags string, room int) (*regex, *Error) {
	fail := func(format string, args ...any) (*regex, *Error) {
		err := newError("S0303")
		err.Message = fmt.Sprintf(format, args...)
		return nil, err
	}
	if strings.Count(flags, "i") > 1 || strings.Count(flags, "m") > 1 {
		return fail("flags %q are given twice", flags)
	}
	t := regexTranslator{units: toUnits(source), multiline: strings.Contains(flags, "m")}
	pattern, err := t.translate()
	if err != nil {
		return fail("%v", err)
	}
	prefix := ""
	if strings.Contains(flags, "i") {
		prefix = "(?i)"
	}
	later := prefix + `\A(?s:.)(?s:.*?)(` + pattern + `)`
	if _, err := syntax.Parse(later, syntax.Perl); err != nil {
		return fail("%v", err)
	}
	tree, err := syntax.Parse(prefix+pattern, syntax.Perl)
	if err != nil {
		return fail("%v", err)
	}
	// The estimate may be some times what is needed.
	if size := regexSize(tree, 4*room); size > 4*room {
		return fail("it needs far more than %d instructions, which are left of %d", room, maxRegexSize)
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return fail("%v", err)
	}
	if size := len(program.Inst); size > room {
		return fail("it needs %d instructions, %d are left of %d", size, room, maxRegexSize)
	}
	first, err := regexp.Compile(prefix + pattern)
	if err != nil {
		return fail("%v", err)
	}
	return &regex{
		source: source,
		first:  first,
		later:  sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(later) }),
		size:   len(program.Inst),
	}, nil
}

// unitReader hands a text to the engine unit by unit, and accounts for the
// work that each means.
type unitReader struct {
	ev    *evaluation
	units []uint16
	cost  int
}

func (r *unitReader) ReadRune() (rune, int, error) {
	if len(r.units) == 0 {
		return 0, 0, io.EOF
	}
	r.ev.spend(r.cost)
	unit := r.units[0]
	r.units = r.units[1:]
	return rune(unit), 1, nil
}

// find returns the bounds of the first match that starts at from or behind it,
// and of its groups, in units; nil if there is none. A group that took no part
// is at -1.
func (re *regex) find(ev *evaluation, units []uint16, from int) []int {
	reader := &unitReader{ev: ev, units: units, cost: 1 + re.size/4}
	if from == 0 {
		return re.first.FindReaderSubmatchIndex(reader)
	}
	reader.units = units[from-1:]
	bounds := re.later().FindReaderSubmatchIndex(reader)
	if bounds == nil {
		return nil
	}
	bounds = bounds[2:]
	for i := range bounds {
		if bounds[i] >= 0 {
			bounds[i] += from - 1
		}
	}
	return bounds
}
