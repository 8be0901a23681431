package meter

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// listing is a meter that writes down, instead of charging, where it would:
// "charge 3", "check 3" between the operations.
type listing struct {
	*meter
	lines []string
	slots map[int]int // line before which a slot is
	done  bool        // the first function is listed
}

var names = map[wasm.Opcode]string{
	0x00: "unreachable", 0x01: "nop", 0x02: "block", 0x03: "loop", 0x04: "if", 0x05: "else", 0x06: "try", 0x07: "catch",
	0x08: "throw", 0x0b: "end", 0x0c: "br", 0x0d: "br_if", 0x0e: "br_table", 0x0f: "return", 0x10: "call", 0x12: "return_call",
	0x18: "delegate", 0x19: "catch_all", 0x1a: "drop", 0x1f: "try_table", 0x20: "get", 0x41: "const",
}

func (l *listing) Operation(c *wasm.Code) {
	before := len(l.segments)
	if l.meter.Operation(c); l.done {
		return
	}
	// Segments that charge opened stand before the operation, others after it.
	for i := before; i < len(l.segments); i++ {
		l.slots[i] = len(l.lines) + 1
		if l.segments[i].check && c.Op.Opcode != wasm.OpLoop {
			l.slots[i] = len(l.lines)
		}
	}
	line := names[c.Op.Opcode]
	if c.Op.Opcode == wasm.OpBr || c.Op.Opcode == wasm.OpBrIf {
		line = fmt.Sprintf("%s %d", line, c.Op.Index)
	}
	l.lines = append(l.lines, line)
}

func (l *listing) End(c *wasm.Code) {
	if l.meter.End(c); l.done {
		return
	}
	l.done = true
	var out []string
	for i, line := range append(l.lines, "") {
		for j, s := range l.segments {
			if l.slots[j] != i || s.cost == 0 {
				continue
			}
			word := "charge"
			if s.check {
				word = "check"
			}
			out = append(out, fmt.Sprintf("%s %d", word, s.cost))
		}
		out = append(out, line)
	}
	l.lines = out[:len(out)-1]
}

// Types in the modules of list.
const (
	emptyType = iota
	carrying  // 18 results: 2 more than are free
	carried   // 18 parameters and results
)

// list returns the listing of code in a function with one local, which costs 2
// to enter.
func list(t *testing.T, code ...[]byte) string {
	t.Helper()
	return listOf(t, 1, code...)
}

func listOf(t *testing.T, locals int, code ...[]byte) string {
	t.Helper()
	var b wb.Builder
	b.Type(nil, nil)
	b.Type(nil, types(18, wb.I32))
	b.Type(types(18, wb.I32), types(18, wb.I32))
	b.Tag(emptyType)
	b.Memory(1, 1)
	b.Func(emptyType, types(locals, wb.I32), code...)
	b.Func(carried, nil, repeated(18, wb.LocalGet))
	module, err := wasm.Read(b.Bytes(), wasm.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	l := &listing{slots: map[int]int{}}
	if _, err := module.Rewrite(func(w *wasm.Rewriter) wasm.Hook { l.meter = newMeter(w); return l }); err != nil {
		t.Fatal(err)
	}
	return strings.Join(l.lines, "; ")
}

func TestPlacement(t *testing.T) {
	get, drop := wb.LocalGet(0), wb.Drop
	block, loop, end := wb.Block(wb.Empty), wb.Loop(wb.Empty), wb.End
	work := wb.Cat(get, drop) // costs 1
	for _, c := range []struct {
		name string
		code []byte
		want string
	}{
		{"rule 1: a segment at the beginning", work,
			"charge 3; get; drop; end"},
		{"rule 1: what is not reached costs nothing", wb.Cat(work, wb.Return, work, block, work, loop, work, end, end, work),
			"charge 4; get; drop; return; get; drop; block; get; drop; loop; get; drop; end; end; get; drop; end"},
		{"rule 1: after unreachable", wb.Cat(block, wb.Unreachable, end, work),
			"charge 3; block; unreachable; end; get; drop; end"},
		{"rule 1: after a loop without end", wb.Cat(loop, wb.Br(0), end, work),
			"check 2; loop; check 2; br 0; end; get; drop; end"},
		{"rule 2: a block shares", wb.Cat(block, work, end, work),
			"charge 4; block; get; drop; end; get; drop; end"},
		{"rule 2: if and else begin", wb.Cat(get, wb.If(wb.Empty), work, wb.Else, work, work, end, work),
			"charge 5; get; if; charge 1; get; drop; else; charge 2; get; drop; get; drop; end; get; drop; end"},
		{"rule 2: a loop begins and checks", wb.Cat(loop, work, end, work),
			"check 3; loop; check 2; get; drop; end; get; drop; end"},
		{"rule 2: try and catch begin", wb.Cat(wb.Raw(0x06, wb.Empty), work, wb.Raw(0x07, 0), work, wb.Raw(0x19), work, work, end, work),
			"check 1003; try; charge 1; get; drop; catch; charge 2; get; drop; catch_all; charge 3; get; drop; get; drop; end; get; drop; end"},
		{"rule 3: br_if begins", wb.Cat(block, get, wb.BrIf(0), work, end, work),
			"charge 5; block; get; br_if 0; charge 1; get; drop; end; get; drop; end"},
		{"rule 3: a branch back", wb.Cat(loop, block, get, wb.BrIf(1), work, end, work, work, end, work),
			"check 3; loop; check 3; block; get; br_if 1; charge 3; get; drop; end; get; drop; get; drop; end; get; drop; end"},
		{"rule 4: the end of a block that was left", wb.Cat(block, block, get, wb.BrIf(1), work, end, work, end, work),
			"charge 5; block; block; get; br_if 1; charge 2; get; drop; end; get; drop; end; get; drop; end"},
		{"rule 4: that branches go to, too", wb.Cat(block, block, get, wb.BrIf(1), get, wb.BrIf(0), work, end, work, end, work),
			"charge 5; block; block; get; br_if 1; charge 2; get; br_if 0; charge 1; get; drop; end; charge 1; get; drop; end; get; drop; end"},
		{"rule 4: the end of an if that returns", wb.Cat(get, wb.If(wb.Empty), wb.Return, end, work),
			"charge 4; get; if; charge 1; return; end; charge 1; get; drop; end"},
		{"rule 4: nothing gets to the end", wb.Cat(get, wb.If(wb.Empty), wb.Return, wb.Else, wb.Unreachable, end, work),
			"charge 4; get; if; charge 1; return; else; charge 1; unreachable; end; get; drop; end"},
		{"a throw leaves", wb.Cat(get, wb.If(wb.Empty), wb.Throw(0), end, work),
			"check 4; get; if; charge 500; throw; end; charge 1; get; drop; end"},
		{"a clause leaves", wb.Cat(block, wb.Raw(0x1f, wb.Empty, 1, 2, 0), work, end, work, end, work),
			"check 1003; block; try_table; charge 1; get; drop; end; charge 1; get; drop; end; get; drop; end"},
		{"br_table leaves", wb.Cat(block, block, get, wb.BrTable(1, 0), end, work, end, work),
			"charge 6; block; block; get; br_table; end; charge 1; get; drop; end; get; drop; end"},
		{"a call checks", wb.Call(0), "check 5; call; end"},
		{"a tail call checks", wb.ReturnCall(0), "check 5; return_call; end"},
	} {
		if got := list(t, c.code); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

// Rule 5: no way through a function costs much more than uncheckedMost before
// it checks, and short functions do not check.
func TestPlacementOfLongCode(t *testing.T) {
	work := func(n int) []byte { return []byte(strings.Repeat(string(wb.Cat(wb.LocalGet(0), wb.Drop)), n)) }
	segments := func(code ...[]byte) string {
		var out []string
		for _, line := range strings.Split(list(t, code...), "; ") {
			if strings.HasPrefix(line, "charge ") || strings.HasPrefix(line, "check ") {
				out = append(out, line)
			}
		}
		return strings.Join(out, "; ")
	}
	operands := bytes.Repeat(wb.LocalGet(0), 3)
	arm := func(n int) []byte { return wb.Cat(wb.LocalGet(0), wb.If(wb.Empty), work(n), wb.End) }
	for _, c := range []struct {
		name, got, want string
	}{
		{"64 units", segments(work(62)), "charge 64"},
		{"65 units", segments(work(63)), "check 65"},
		{"25,000 units in a row", segments(work(25_000)), "check 10000; check 10000; check 5002"},
		// The checks in the if do not help whoever goes around it.
		{"around an if", segments(work(6000), arm(12_000), work(6000)), "check 8000; charge 3996; check 8004; check 4004"},
		{"after a branch", segments(wb.Block(wb.Empty), work(6000), wb.LocalGet(0), wb.BrIf(0), work(9000), wb.End, work(6000)),
			"check 10000; charge 3996; check 5004; check 2004"},
		// Each may charge 256 more than its 13, and not ask.
		{"fills", segments(bytes.Repeat(wb.Cat(operands, wb.MemoryFill), 60)), "check 486; check 296"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

// What is carried beyond 16 values costs 1 each, once where a loop is entered,
// and ways that meet cost 1 for 64 locals each.
func TestPlacementOfValues(t *testing.T) {
	gets, drops := bytes.Repeat(wb.LocalGet(0), 18), bytes.Repeat(wb.Drop, 18)
	get := wb.LocalGet(0)
	typed := func(op, typ byte) []byte { return wb.Raw(op, typ) }
	const block, loop, ifs = 0x02, 0x03, 0x04
	for _, c := range []struct {
		name   string
		locals int
		code   []byte
		want   string
	}{
		{"a block and a branch", 1, wb.Cat(typed(block, carrying), gets, wb.Br(0), wb.End, drops), "charge 25"},
		{"a block with parameters, br_if", 1, wb.Cat(gets, typed(block, carried), get, wb.BrIf(0), wb.End, drops), "charge 44"},
		{"a loop", 1, wb.Cat(gets, typed(loop, carried), get, wb.BrIf(0), wb.End, drops), "check 40; check 5"},
		{"an if", 1, wb.Cat(gets, get, typed(ifs, carried), wb.Else, wb.End, drops), "charge 42"},
		{"br_table, to two", 1, wb.Cat(typed(block, carrying), gets, get, wb.BrTable(0, 0), wb.End, drops), "charge 29"},
		{"a call", 1, wb.Cat(gets, wb.Call(1), drops), "check 43"},
		{"63 locals", 63, wb.Cat(wb.Block(wb.Empty), get, wb.BrIf(0), wb.End), "charge 7"},
		{"128 locals: a block and a branch", 128, wb.Cat(wb.Block(wb.Empty), get, wb.BrIf(0), wb.End), "charge 16"},
		{"a loop", 128, wb.Cat(wb.Loop(wb.Empty), get, wb.BrIf(0), wb.End), "check 12; check 5"},
		{"an if", 128, wb.Cat(get, wb.If(wb.Empty), wb.Else, wb.End), "charge 14"},
		{"br_table", 128, wb.Cat(get, wb.BrTable(0, 0, 0)), "charge 15"},
		{"and nothing else", 128, wb.Cat(get, wb.Drop, wb.Return), "charge 12"},
	} {
		var got []string
		for _, line := range strings.Split(listOf(t, c.locals, c.code), "; ") {
			if strings.HasPrefix(line, "charge ") || strings.HasPrefix(line, "check ") {
				got = append(got, line)
			}
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s, %d locals: %s, want %s", c.name, c.locals, got, c.want)
		}
	}
}
