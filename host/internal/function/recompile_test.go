package function_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// TestCompiledByAnother has a function compiled again when it starts whose code
// another engine made, or one with another meter, and only then.
func TestCompiledByAnother(t *testing.T) {
	dir := t.TempDir()
	compiled := 0
	use := func(begin func(*function.Service)) {
		t.Helper()
		opened := openStore(t, dir)
		s := newService(t, function.Config{Store: opened, Compile: func(context.Context, []byte) error { compiled++; return nil }})
		begin(s)
		if got := invoke(t, s, "f", `1`); got != `1` {
			t.Errorf("it answered %s", got)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	}
	use(func(s *function.Service) { create(t, s, "f", packGuest(t, "echo")); settle(t, s, "f") })
	use(func(*function.Service) {})
	if compiled != 1 {
		t.Errorf("compiled %d times for one compiler", compiled)
	}
	opened := openStore(t, dir)
	_, err := opened.UpdateFunction(t.Context(), store.FunctionKey{Account: "000000000000", Region: "us-east-1", Name: "f"}, func(f *store.Function) error {
		pattern := regexp.MustCompile(fmt.Sprintf(`("Engine":"[^"]*, meter )%d"`, engine.MeterVersion))
		if !pattern.Match(f.Configuration) {
			t.Errorf("the record is %s", f.Configuration)
		}
		f.Configuration = pattern.ReplaceAll(f.Configuration, []byte(`${1}0"`))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	opened.Close()
	use(func(*function.Service) {})
	if compiled != 2 {
		t.Errorf("compiled %d times for two compilers", compiled)
	}
}
