package host_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host"
)

// interpreter is an engine beside wazero's compiler, which counts what is made.
func interpreter(made *int) host.Engine {
	return host.Engine{Name: "interpreter", New: func(host.EngineConfig) (engine.Engine, error) {
		*made++
		return wazero.New(wazero.Config{Interpreter: true})
	}}
}

// packed makes a package of a module and a lambent.json.
func packed(t *testing.T, module []byte, manifest string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string][]byte{"bootstrap": module, "lambent.json": []byte(manifest)} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEngines: a function runs on the engine that it names, the others on the
// host's, and both answer alike.
func TestEngines(t *testing.T) {
	var made int
	module := guest(t, "json")
	for _, chosen := range []string{"", "wazero", "interpreter"} {
		dir := t.TempDir()
		h := openHost(t, host.Config{Dir: dir, Engines: []host.Engine{interpreter(&made)}, Engine: chosen})
		for _, named := range []string{"", "wazero", "interpreter"} {
			name := "f" + named
			deploy(t, h, host.Deployment{Name: name, Zip: packed(t, module, `{"engine":"`+named+`"}`)})
			res, err := h.Invoke(t.Context(), host.Invocation{Function: name, Event: []byte(`{"name":"Ada","n":1}`)})
			if err != nil || string(res.Payload) != `{"message":"Hello, Ada!","n":2}` {
				t.Errorf("engine %q, function's %q: %s, %v", chosen, named, res.Payload, err)
			}
		}
		_, err := h.Deploy(t.Context(), host.Deployment{Name: "odd", Zip: packed(t, module, `{"engine":"v8"}`)})
		if err == nil || !strings.Contains(err.Error(), `"v8"`) || !strings.Contains(err.Error(), `["interpreter" "wazero"]`) {
			t.Errorf("an engine that nobody has: %v", err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}

		// Without that engine, the function that names it fails, and no other.
		if chosen == "interpreter" {
			continue
		}
		h = openHost(t, host.Config{Dir: dir})
		for named, want := range map[string]bool{"": true, "wazero": true, "interpreter": false} {
			_, err := h.Invoke(t.Context(), host.Invocation{Function: "f" + named, Event: []byte(`{"name":"Ada","n":1}`)})
			if want {
				if err != nil {
					t.Errorf("function of %q on a host with wazero alone: %v", named, err)
				}
				continue
			}
			wantError(t, "a function of an engine that is gone", err, host.CodeInvalidRuntime, `The function cannot run here: lambent.json names the engine "interpreter"; this host has ["wazero"].`)
		}
	}
	if made != 3 {
		t.Errorf("three hosts made %d interpreters", made)
	}
}

func TestEnginesRefused(t *testing.T) {
	var made int
	for name, config := range map[string]host.Config{
		"unknown":   {Engine: "v8"},
		"two alike": {Engines: []host.Engine{interpreter(&made), interpreter(&made)}},
		"wazero":    {Engines: []host.Engine{{Name: "wazero", New: interpreter(&made).New}}},
		"nameless":  {Engines: []host.Engine{{New: interpreter(&made).New}}},
		"nothing":   {Engines: []host.Engine{{Name: "x"}}},
	} {
		config.Dir = t.TempDir()
		if h, err := host.Open(config); err == nil {
			h.Close()
			t.Errorf("%s: it opens", name)
		}
	}
}
