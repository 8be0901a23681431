package wazero_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// inChild runs a test in a process of its own, with a resource limit, and
// reports whether this is that process.
func inChild(t *testing.T, resource int, limit uint64) bool {
	t.Helper()
	if os.Getenv("WAZERO_TEST_CHILD") == t.Name() {
		var before syscall.Rlimit
		if err := syscall.Getrlimit(resource, &before); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Setrlimit(resource, &before) })
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "WAZERO_TEST_CHILD="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process with limit %d: %v\n%s", limit, err, out)
	}
	return false
}

// TestSuiteWithoutReservations runs the suite where addresses for 4 GiB, which a
// memory without a maximum asks for, cannot be reserved.
func TestSuiteWithoutReservations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector reserves more addresses than the limit")
	}
	if inChild(t, syscall.RLIMIT_AS, 4<<30) {
		enginetest.Run(t, newEngine(wazero.Config{}))
	}
}

// TestFullDisk compiles where no file may grow beyond 1,000 bytes.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if !inChild(t, syscall.RLIMIT_FSIZE, 1000) {
		return
	}
	signal.Ignore(syscall.SIGXFSZ) // writing then fails instead
	eng := newEngine(wazero.Config{CacheDir: dir})(t)
	defer eng.Close()
	var b wasmbuild.Builder
	typ := b.Type(nil, wasmbuild.Types{wasmbuild.I32})
	for range 500 {
		b.Func(typ, nil, wasmbuild.I32Const(1))
	}
	b.ExportFunc("f", b.Func(typ, nil, wasmbuild.I32Const(42)))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		m, err := eng.Compile(context.Background(), binary, engine.NewHost())
		if err != nil {
			t.Fatal(err)
		}
		in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
		if err != nil {
			t.Fatal(err)
		}
		stack := make([]uint64, 1)
		if err := in.Func("f").Call(context.Background(), stack); err != nil || uint32(stack[0]) != 42 {
			t.Errorf("f = %v, %v", stack, err)
		}
		in.Close()
		m.Close()
	}
	must := newEngine(wazero.Config{CacheDir: dir, MustCache: true})(t)
	defer must.Close()
	if _, err := must.Compile(context.Background(), binary, engine.NewHost()); !errors.Is(err, syscall.EFBIG) {
		t.Errorf("with MustCache: %v, want what writing said", err)
	}
	if index, _ := filepath.Glob(filepath.Join(dir, "wazero", "*", "index")); len(index) != 1 {
		t.Fatalf("the cache is not open: %q", index)
	}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			t.Errorf("%s is left", path)
		}
		return nil
	})
}
