package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/gateway"
	"github.com/lambent-dev/lambent/sandbox"
)

// verifyFlags are the flags of lambent deploy that have engines compared.
type verifyFlags struct {
	on            bool
	events, files []string
}

func (o *verifyFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&o.on, "verify", false, "have engines agree on sample events first: those in events/*.json of PATH")
	f.StringArrayVar(&o.events, "event", nil, "a sample event instead, a `JSON` value; may be repeated")
	f.StringArrayVar(&o.files, "event-file", nil, "a `file` that holds one; may be repeated")
}

// sampleEvent is one as the server takes it.
type sampleEvent struct {
	Name  string
	Event []byte
}

// eventsFolder is where a function has its sample events, beside its lambent.json.
const eventsFolder = "events"

// early returns the sample events of flags, or those in the folder of sources at
// path: what can be had before the seconds that building may take.
func (o *verifyFlags) early(path string) (events []sampleEvent, err error) {
	given := len(o.events)+len(o.files) > 0
	switch info, err := os.Stat(path); {
	case !o.on && given:
		return nil, errors.New("--event and --event-file are sample events for --verify, which is not given")
	case !o.on || err != nil: // whoever reads path says what is wrong with it
		return nil, nil
	case !given && info.IsDir():
		return eventsIn(os.DirFS(path), path)
	}
	for i, event := range o.events {
		events = append(events, sampleEvent{fmt.Sprintf("--event %d", i+1), []byte(event)})
	}
	for _, file := range o.files {
		event, err := readFile(file)
		if err != nil {
			return nil, err
		}
		events = append(events, sampleEvent{nameOf(file), event})
	}
	return events, nil
}

// late returns the sample events, which are those in the zip file if there are none
// so far.
func (o *verifyFlags) late(events []sampleEvent, path string, zipped []byte) ([]sampleEvent, error) {
	if !o.on || len(events) > 0 {
		return events, nil
	}
	pkg, err := sandbox.ReadPackage(zipped, sandbox.PackageLimits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return eventsIn(pkg.Files, path)
}

// eventsIn reads events/*.json, sorted by name; none is an error.
func eventsIn(files fs.FS, path string) (events []sampleEvent, err error) {
	names, err := fs.Glob(files, eventsFolder+"/*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		event, err := io.ReadAll(io.LimitReader(f, sandbox.DefaultEvent+1)) // the server says what it takes
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		events = append(events, sampleEvent{nameOf(name), event})
	}
	if len(events) == 0 {
		return nil, fmt.Errorf("--verify needs sample events, and %s has none: put each into a file %s/NAME.json beside its lambent.json, or give --event or --event-file", path, eventsFolder)
	}
	return events, nil
}

// nameOf is a file's name as the server takes it: its end, if it is long.
func nameOf(file string) string {
	const most = 100
	name := strings.ToValidUTF8(filepath.ToSlash(file), "\uFFFD")
	if len(name) > most {
		name = "…" + strings.ToValidUTF8(name[len(name)-most:], "")
	}
	return name
}

// verification is what the server found alike.
type verification struct {
	Events  int      `json:"events"`
	Engines []string `json:"engines"`
	Notes   []string `json:"notes,omitempty"`
}

// print tells people.
func (v *verification) print(w io.Writer) error {
	if v == nil {
		return nil
	}
	events := "1 sample event is"
	if v.Events != 1 {
		events = fmt.Sprintf("%d sample events are", v.Events)
	}
	_, err := fmt.Fprintf(w, "%s alike on %s\n", events, strings.Join(v.Engines, ", "))
	for _, note := range v.Notes {
		_, err = fmt.Fprintf(w, "Note: %s\n", note)
	}
	return err
}

// verifyOnWasmtime is a flag of lambent serve.
const verifyOnWasmtime = "verify-on-wasmtime"

func addVerifiers(c *cobra.Command, onWasmtime *bool) {
	c.Flags().BoolVar(onWasmtime, verifyOnWasmtime, true, "verify deployments on wasmtime, too, if this program has it; with --auth keys only if this is given, as it is for code that is trusted")
}

// verifiers are the engines that lambent serve verifies deployments on, beside
// wazero's. One that this program lacks is among them: it says how to get it.
func verifiers(c *cobra.Command, onWasmtime bool, auth gateway.Auth) []host.Engine {
	if !onWasmtime {
		return nil
	}
	withheld := auth == gateway.AuthKeys && !c.Flags().Changed(verifyOnWasmtime)
	warn := sync.OnceFunc(func() {
		fmt.Fprintln(c.ErrOrStderr(), "Warning: deployments are verified on wasmtime, too.", wasmtime.Advisories)
	})
	return []host.Engine{{Name: nameWasmtime, New: func(config host.EngineConfig) (engine.Engine, error) {
		if withheld && wasmtime.Missing() == nil {
			return nil, errors.New("with --auth keys, lambent serve runs on it what others deploy only if --" + verifyOnWasmtime + " is given")
		}
		eng, err := newWasmtime(config)
		if err == nil {
			warn()
		}
		return eng, err
	}}}
}
