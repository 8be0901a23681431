package jsonata

import (
	"regexp/syntax"
)

// regexSize estimates how many instructions the program of a regular expression
// has, no fewer than it will; when it finds more than room it looks no further.
// A program may be much larger than its pattern, because it has whatever is
// repeated so many times, and compiling it to see takes that much time and
// memory.
func regexSize(re *syntax.Regexp, room int) int {
	size := 1
	switch re.Op {
	case syntax.OpLiteral:
		return max(1, len(re.Rune))
	case syntax.OpConcat:
		size = 0
	case syntax.OpCapture:
		size = 2
	case syntax.OpAlternate:
		size = len(re.Sub)
	}
	for _, sub := range re.Sub {
		if size > room {
			return size
		}
		size += regexSize(sub, room-size)
	}
	if re.Op != syntax.OpRepeat {
		return size
	}
	// Each repetition has an instruction to leave by, unless it must be there.
	times := max(re.Min+1, re.Max)
	if size > room/times {
		return room + 1
	}
	return size * times
}
