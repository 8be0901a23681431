package wazero_test

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// TestRestoreAfterAFailedGrow restores an instance whose memory could not grow,
// where addresses for 4 GiB cannot be reserved. Restoring used to move such a
// memory without telling wazero, whose guest went on with addresses that were
// given back.
func TestRestoreAfterAFailedGrow(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector reserves more addresses than the limit")
	}
	if !inChild(t, syscall.RLIMIT_AS, 3<<30) {
		return
	}
	eng := newEngine(wazero.Config{})(t)
	defer eng.Close()
	var b wasmbuild.Builder
	b.Memory(1, wasmbuild.NoMax)
	b.ExportFunc("grow", b.Func(b.Type(nil, wasmbuild.Types{wasmbuild.I32}), nil, wasmbuild.I32Const(50_000), wasmbuild.MemoryGrow))
	b.ExportFunc("store", b.Func(b.Type(nil, nil), nil, wasmbuild.I32Const(8), wasmbuild.I32Const('s'), wasmbuild.I32Store8(0)))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := eng.Compile(context.Background(), binary, engine.NewHost())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	first, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	image, err := first.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	in, err := image.Instantiate(engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r := in.Restorer()
	for range 3 {
		r.Watch()
		stack := make([]uint64, 1)
		if err := in.Func("grow").Call(context.Background(), stack); err != nil || int32(stack[0]) != -1 {
			t.Fatalf("memory.grow answered %d, %v; want -1", int32(stack[0]), err)
		}
		r.Settle()
		if err := errors.Join(r.Restore(), r.Verify()); err != nil {
			t.Fatal(err)
		}
		r.Watch()
		if err := in.Func("store").Call(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if in.Memory()[8] != 's' {
			t.Fatal("the guest writes to a memory that is not its own any more")
		}
		r.Settle()
		if err := errors.Join(r.Restore(), r.Verify()); err != nil {
			t.Fatal(err)
		}
	}
}
