package sandbox_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// hostileRounds is how often TestHostileModules runs its table, after once to
// warm up.
const hostileRounds = 20

// heavyRounds is how often it runs the rows that move gigabytes.
const heavyRounds = 2

// hostileGrowth is how much more memory, in bytes, the process may have after
// each further round.
const hostileGrowth = 1 << 20

// TestHostileModules runs modules that were made to harm their host, over and
// over: each is refused or stopped, as its row says, and afterwards the process
// has as many goroutines, descriptors and mappings as before, and no more memory.
func TestHostileModules(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes it slow, and it runs one event at a time")
	}
	rows := slices.Concat(spinningModules(), bulkModules(), recursiveModules(), outsideModules(), intrudingModules(),
		brokenModules(), oversizedModules(), foreignModules(), callingModules(), fillingModules(), phasedModules())
	names := make(map[string]bool)
	for _, row := range rows {
		if names[row.name] {
			t.Fatalf("two rows are called %q", row.name)
		}
		names[row.name] = true
	}
	rounds := hostileRounds
	if testing.Short() {
		rounds = 2
	}
	healthy := newBox(t, guest(t, "c/json"), sandbox.Config{})
	round := func(i int) {
		t.Run(fmt.Sprintf("round %d", i), func(t *testing.T) {
			for _, row := range rows {
				if row.heavy && i > heavyRounds {
					continue
				}
				t.Run(row.name, func(t *testing.T) {
					t.Parallel()
					row.try(t, nil)
				})
			}
		})
		if got, want := run(t, healthy, `{"name":"Ada","n":41}`), `{"message":"Hello, Ada!","n":42}`; got != want {
			t.Errorf("afterwards a healthy guest answered %s", got)
		}
	}
	round(0)
	before := holdings(t)
	var resident []float64
	for i := range rounds {
		round(i + 1)
		resident = append(resident, residentBytes(t))
	}
	before.compare(t)
	if rounds < hostileRounds {
		return // a slope of few rounds says nothing
	}
	grows := slope(resident)
	t.Logf("%d modules, %d rounds: memory grows by %.0f bytes a round", len(rows), rounds, grows)
	if grows >= hostileGrowth {
		t.Errorf("memory grows by %.0f bytes a round: %.0f", grows, resident)
	}
}

// residentBytes is the memory of the process when all that was let go is given
// back; 0 where the system does not tell.
func residentBytes(t *testing.T) float64 {
	t.Helper()
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what the finalizers of the first let go
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseFloat(strings.Fields(string(statm))[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * float64(os.Getpagesize())
}

// slope is that of the straight line through values, by least squares.
func slope(values []float64) float64 {
	n := float64(len(values))
	var sx, sy, sxx, sxy float64
	for i, y := range values {
		x := float64(i)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

func TestSlope(t *testing.T) {
	for want, values := range map[float64][]float64{0: {5, 5, 5}, 2: {1, 3, 5, 7}, -1: {3, 2, 1}, 0.6: {0, 1, 1, 2}} {
		if got := slope(values); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("the slope of %v is %v, want %v", values, got, want)
		}
	}
}

// shortly is the limit of what would never end.
const shortly = 10 * time.Millisecond

const stopped = "Task timed out after 0.01 seconds"

// stops is a row of a module that never ends.
func stops(name string, wasm []byte) badGuest {
	return badGuest{name: name, wasm: wasm, fails: timesOut, message: stopped,
		config: sandbox.Config{Limits: sandbox.Limits{Time: shortly}}}
}

// refuses is a row of a module that does not become a Sandbox.
func refuses(name string, sentinel error, wasm []byte) badGuest {
	return badGuest{name: name, wasm: wasm, refused: is(sentinel)}
}

// trapped is a row of a module that traps, however long that takes.
func trapped(name string, kind engine.TrapKind, wasm []byte) badGuest {
	return badGuest{name: name, wasm: wasm, fails: traps(kind)}
}

// reactor makes a module with so many pages of memory and any more it can get.
// Its handler is what build returns, with four locals: two i32, i64, f64.
func reactor(pages int64, build func(b *wb.Builder) []byte) []byte {
	var b wb.Builder
	code := build(&b)
	b.Memory(pages, wb.NoMax)
	b.ExportMemory()
	handle := b.Func(b.Type(nil, wb.Types{wb.I32}), wb.Types{wb.I32, wb.I32, wb.I64, wb.F64}, code, wb.I32Const(0))
	b.ExportFunc("lambent_handle", handle)
	return b.Bytes()
}

// plain is for handlers that need nothing but their code.
func plain(parts ...[]byte) func(*wb.Builder) []byte {
	return func(*wb.Builder) []byte { return wb.Cat(parts...) }
}

// looping is plain code, forever.
func looping(parts ...[]byte) func(*wb.Builder) []byte { return plain(forever(parts...)) }

// Instructions that only hostile modules need.
var (
	i32x4Add = wb.Raw(0xfd, 0xae, 1)
	f64Ne    = wb.Raw(0x62)
	f64Sqrt  = wb.Raw(0x9f)
	i64RemS  = wb.Raw(0x81)
)

func localOf(op byte, index uint32) []byte { return wb.Cat(wb.Raw(op), wb.Uint(uint64(index))) }

func extended(op byte, indices ...uint32) []byte {
	code := wb.Raw(0xfc, op)
	for _, i := range indices {
		code = wb.Cat(code, wb.Uint(uint64(i)))
	}
	return code
}

func dataDrop(data uint32) []byte         { return extended(9, data) }
func tableInit(elem, table uint32) []byte { return extended(12, elem, table) }
func elemDrop(elem uint32) []byte         { return extended(13, elem) }
func tableCopy(to, from uint32) []byte    { return extended(14, to, from) }
func tableGrow(table uint32) []byte       { return extended(15, table) }
func tableFill(table uint32) []byte       { return extended(17, table) }
func tableGet(table uint32) []byte        { return localOf(0x25, table) }
func tableSet(table uint32) []byte        { return localOf(0x26, table) }

// returnCallIndirect is a tail call through a table.
func returnCallIndirect(typ, table uint32) []byte {
	return wb.Cat(wb.Raw(0x13), wb.Uint(uint64(typ)), wb.Uint(uint64(table)))
}

// typed opens a block or loop of a function type.
func typed(op byte, typ uint32) []byte { return wb.Cat(wb.Raw(op), wb.Int(int64(typ))) }

// times repeats code in the text of the module.
func times(n int, code ...[]byte) []byte {
	return slices.Repeat(wb.Cat(code...), n)
}

// args pushes constants.
func args(values ...int32) []byte {
	var code []byte
	for _, v := range values {
		code = append(code, wb.I32Const(v)...)
	}
	return code
}
