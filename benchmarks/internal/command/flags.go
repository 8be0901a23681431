package command

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// Flags are the flags of a command. All have -seed and -o, and take nothing else
// but flags.
type Flags struct {
	*flag.FlagSet
	folder string
	Seed   uint64
	output string // empty: none
}

// NewFlags returns the flags of the command in a folder, as `go run` names it.
// seedOf says what -seed is the seed of.
func NewFlags(folder, seedOf string) *Flags {
	f := &Flags{FlagSet: flag.NewFlagSet(folder, flag.ExitOnError), folder: folder}
	f.Uint64Var(&f.Seed, "seed", 1, "of "+seedOf)
	f.StringVar(&f.output, "o", "", "`file` below this folder to write raw results to, as JSON")
	return f
}

// Parse reads the command line. It ends the process if that cannot be read.
func (f *Flags) Parse(args []string) error {
	f.FlagSet.Parse(args) // exits on an error
	if f.NArg() > 0 {
		return fmt.Errorf("%q is not a flag; there are only flags", f.Arg(0))
	}
	return record.CheckOutput(f.output)
}

// Command is the command line that does the same again, with every flag.
func (f *Flags) Command() string {
	var b strings.Builder
	b.WriteString("go run " + f.folder)
	f.VisitAll(func(one *flag.Flag) {
		if value := one.Value.String(); value != "" {
			fmt.Fprintf(&b, " -%s %s", one.Name, value)
		}
	})
	return b.String()
}

// Results is what a command found out.
type Results interface {
	End()                     // notes what is known after a run
	Report(w io.Writer) error // writes Markdown
}

// Publish ends results, prints their report, and writes them where -o says.
func (f *Flags) Publish(r Results) error {
	r.End()
	if err := r.Report(os.Stdout); err != nil || f.output == "" {
		return err
	}
	return record.Write(f.output, r)
}
