package wazero

import (
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// TestRefFunc: a loop around ref.func took 32 bytes of host memory a turn,
// 155 MB after 5 million. What a table holds may be referred to.
func TestRefFunc(t *testing.T) {
	for _, code := range []struct {
		body []byte
		want error
	}{
		{[]byte{0xd2, 0, 0x1a}, engine.ErrUnsupported}, // ref.func 0, drop
		{[]byte{0x41, 0, 0x25, 0, 0x1a}, nil},          // i32.const 0, table.get 0, drop
	} {
		var b wb.Builder
		b.Table(wb.FuncRef, 1, 1)
		f := b.Func(b.Type(nil, nil), nil, code.body)
		b.ExportFunc("f", f)
		b.Elem(0, f)
		binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
		if err != nil {
			t.Fatal(err)
		}
		eng, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		if _, err := eng.Compile(t.Context(), binary, engine.NewHost()); !errors.Is(err, code.want) {
			t.Errorf("body %x: %v, want %v", code.body, err, code.want)
		}
	}
}
