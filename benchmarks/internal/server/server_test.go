package server

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
)

func TestParseStat(t *testing.T) {
	const fields = ") S 1 2 3 4 5 6 7 8 9 10 100 50 120 30 15 16 17"
	for _, name := range []string{"lambent", "a) S 9 9 9", ""} {
		if got, err := parseStat("77 (" + name + fields); err != nil || got != 3*time.Second {
			t.Errorf("named %q: %v, %v", name, got, err)
		}
	}
	for _, bad := range []string{"", "77 (lambent) S 1 2", strings.Replace("77 (x"+fields, "100", "x", 1), strings.Replace("77 (x"+fields, " 30", " x", 1)} {
		if got, err := parseStat(bad); err == nil {
			t.Errorf("%q is %v", bad, got)
		}
	}
}

// TestStart runs servers that cannot be, and the bare one.
func TestStart(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	hello := load.NewExchange("POST", "/any", "{}", "hello")
	if _, _, err := Start(t.Context(), &hello, dir+"/nothing"); err == nil {
		t.Error("a program that is not there was started")
	}
	programs, versions, err := Build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(versions) != len(compared) {
		t.Errorf("versions are %v, want those of %q", versions, compared)
	}
	wrong := load.NewExchange("POST", "/any", "{}", "goodbye")
	if _, _, err := Start(t.Context(), &wrong, programs.Hello); err == nil || !strings.Contains(err.Error(), "goodbye") {
		t.Errorf("a wrong first answer: %v", err)
	}
	s, took, err := Start(t.Context(), &hello, programs.Hello)
	if err != nil {
		t.Fatal(err)
	}
	if took <= 0 {
		t.Errorf("it took %v", took)
	}
	before, err := s.CPU()
	if err != nil {
		t.Error(err)
	}
	for range 20 { // until a tick is counted
		if _, _, err := load.Drive(t.Context(), s.Address, &hello, 8, 0, 2000, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		if after, err := s.CPU(); err != nil || after > before {
			break
		}
	}
	if after, err := s.CPU(); err != nil || after <= before {
		t.Errorf("%v and %v of processor time, %v", before, after, err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("%v is left, want the two programs", left)
	}
}
