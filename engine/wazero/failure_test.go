package wazero

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// TestTrapsOfOtherFeatures provokes the traps that no guest of ours can, so
// that the table is right on the day a feature is switched on. The others are
// in the suite.
func TestTrapsOfOtherFeatures(t *testing.T) {
	for name, test := range map[string]struct {
		build func(b *Builder, typ uint32) []byte
		want  engine.TrapKind
	}{
		"throw": {func(b *Builder, typ uint32) []byte { return Throw(b.Tag(typ)) }, engine.TrapException},
		"unaligned": {func(b *Builder, _ uint32) []byte {
			return Cat(I32Const(1), Raw(0xfe, 0x10, 2, 0), Drop) // i32.atomic.load
		}, engine.TrapAtomic},
		"wait": {func(b *Builder, _ uint32) []byte {
			return Cat(I32Const(0), I32Const(0), I64Const(0), Raw(0xfe, 0x01, 2, 0), Drop) // memory.atomic.wait32
		}, engine.TrapAtomic},
		"null": {func(*Builder, uint32) []byte {
			return Cat(RefNull(ExnRef), Raw(0x0a)) // throw_ref
		}, engine.TrapOther},
	} {
		var b Builder
		typ := b.Type(nil, nil)
		b.Memory(1, 1)
		b.ExportFunc("f", b.Func(typ, nil, test.build(&b, typ)))
		for _, interpreter := range []bool{false, true} {
			be := newBackend(runtimeConfig(interpreter).WithCoreFeatures(
				features | experimental.CoreFeaturesExceptionHandling | experimental.CoreFeaturesThreads))
			defer be.close()
			compiled, err := be.compile(b.Bytes())
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			guest, err := be.instantiate(context.Background(), compiled)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			_, err = guest.ExportedFunction("f").Call(context.Background())
			var trap *engine.Trap
			if !errors.As(failure(context.Background(), err, numbers{}), &trap) || trap.Kind != test.want {
				t.Errorf("%s, interpreter %t: %v becomes %v, want %q", name, interpreter, err, trap, test.want)
			}
		}
	}
}

func TestUnknownFailure(t *testing.T) {
	err := failure(context.Background(), errors.New("something odd (recovered by wazero)\nwasm stack trace:\n\t.f()\n\nGo runtime stack trace:\nmuch"), numbers{})
	if err.Error() != "wazero: something odd (recovered by wazero)" {
		t.Errorf("%q", err)
	}
	var trap *engine.Trap
	if errors.As(err, &trap) {
		t.Error("it became a trap")
	}
}

// numbers names functions up to 100 by their numbers.
type numbers struct{}

func (numbers) Name(index uint32) (string, bool) { return fmt.Sprint(index), index <= 100 }

func TestFrames(t *testing.T) {
	for message, want := range map[string][]string{
		"wasm error: unreachable": nil,
		"wasm error: unreachable\nwasm stack trace:\n\t.$1()\n\t.$22(i32) i64\n\tenv.host(i32)\n\t.$101()\n\t.$3(i32,f64) (i32,i32)": {"1", "22", "3"},
		"wasm error: x\nwasm stack trace:\n\t.f()\n\t.$()\n\t.$-1()\n\t.$99999999999()\n\t.$7":                                       {"7"},
		"wasm error: x\nwasm stack trace:\n\t.$5()\n\t... maybe followed by omitted frames":                                          {"5"},
		"wasm error: x\nwasm stack trace:\n\t" + strings.Join(slices.Repeat([]string{".$8(v128,externref) funcref"}, 40), "\n\t"):    slices.Repeat([]string{"8"}, 30),
	} {
		if got := frames(message, numbers{}); !slices.Equal(got, want) {
			t.Errorf("frames(%q) = %q, want %q", message, got, want)
		}
	}
}
