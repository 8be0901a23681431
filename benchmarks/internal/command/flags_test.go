package command

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

func TestFlags(t *testing.T) {
	for _, test := range []struct{ args, command, err string }{
		{"", "go run ./here -n 7 -seed 1", ""},
		{"-o results/x.json -n 3 -seed 9", "go run ./here -n 3 -o results/x.json -seed 9", ""},
		{"-o ../x.json", "", "below this folder"},
		{"-o /x.json", "", "below this folder"},
		{"-n 3 x", "", `"x" is not a flag`},
	} {
		f := NewFlags("./here", "nothing")
		f.Int("n", 7, "a number")
		err := f.Parse(strings.Fields(test.args))
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want one with %q", test.args, err, test.err)
			}
			continue
		}
		if err != nil || f.Command() != test.command {
			t.Errorf("%s: %q, %v; want %q", test.args, f.Command(), err, test.command)
		}
	}
}

type results struct {
	Ended bool
	err   error
}

func (r *results) End() { r.Ended = true }

func (r *results) Report(io.Writer) error { return r.err }

func TestPublish(t *testing.T) {
	t.Chdir(t.TempDir())
	f := NewFlags(".", "nothing")
	if err := f.Parse(strings.Fields("-o results/x.json")); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no paper")
	if err := f.Publish(&results{err: failed}); err != failed {
		t.Errorf("a report that fails: %v", err)
	}
	if err := f.Publish(&results{}); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile("results/x.json"); err != nil || string(b) != `{"Ended":true}`+"\n" {
		t.Errorf("%q, %v", b, err)
	}
}
