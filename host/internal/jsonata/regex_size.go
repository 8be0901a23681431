package jsonata

import (
	"regexp/syntax"
)

// regexSize estimates how many instructions the program of a regular expression
// has, no fewer than it will; about room is enough to know of what is larger.
// The parser tells repetitions apart from what they repeat, so the program may
// be much larger than the pattern, and compiling it to see takes that much time
// and memory.
func regexSize(re *syntax.Regexp, room int) int {
	size := 2
	switch re.Op {
	case syntax.OpLiteral:
		size += len(re.Rune)
		if re.Flags&syntax.FoldCase != 0 {
			size += len(re.Rune)
		}
	case syntax.OpCharClass:
		size += len(re.Rune) / (2 * rangesPerInstruction)
	}
	for _, sub := range re.Sub {
		if size > room {
			return size
		}
		size += regexSize(sub, room-size)
	}
	if re.Op == syntax.OpRepeat {
		// One for each time that it must or may be repeated, and its own.
		times := max(re.Min, re.Max, 1)
		if re.Max < 0 {
			times = re.Min + 1
		}
		if size > room/times {
			return room + 1
		}
		size *= times
	}
	return size
}

// rangesPerInstruction is how many ranges of characters count as one more
// instruction: the program has them all in one.
const rangesPerInstruction = 4
