package wazero_test

import (
	"context"
	"syscall"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// TestGrowWhereMemoryEnds lets a guest that may have 4 GiB grow in steps of
// 64 MB where the process gets 3 GB of addresses. memory.grow must fail; Go
// would end the process if it were asked for a slice that it cannot have.
func TestGrowWhereMemoryEnds(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector reserves more addresses than the limit")
	}
	if !inChild(t, syscall.RLIMIT_AS, 3<<30) {
		return
	}
	eng := newEngine(wazero.Config{})(t)
	defer eng.Close()
	var b wasmbuild.Builder
	b.Memory(1, 65535)
	b.ExportFunc("f", b.Func(b.Type(nil, wasmbuild.Types{wasmbuild.I32}), nil,
		wasmbuild.Loop(wasmbuild.Empty),
		wasmbuild.I32Const(1000), wasmbuild.MemoryGrow, wasmbuild.I32Const(-1), wasmbuild.I32Eq, wasmbuild.Raw(0x45), wasmbuild.BrIf(0),
		wasmbuild.End, wasmbuild.Raw(0x3f, 0)))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := eng.Compile(context.Background(), binary, engine.NewHost())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	stack := make([]uint64, 1)
	if err := in.Func("f").Call(context.Background(), stack); err != nil || stack[0] < 1001 || stack[0] > 3<<30>>16 {
		t.Errorf("it grew to %d pages: %v", stack[0], err)
	}
}
