package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/gateway"
)

// TestVerifiersOfAServer: what others deploy runs on wasmtime only if whoever serves
// says so.
func TestVerifiersOfAServer(t *testing.T) {
	for _, c := range []struct {
		arguments []string
		auth      gateway.Auth
		listed    bool
		made      bool // in a program that has it
	}{
		{nil, gateway.AuthNone, true, true},
		{nil, gateway.AuthKeys, true, false},
		{[]string{"--verify-on-wasmtime"}, gateway.AuthKeys, true, true},
		{[]string{"--verify-on-wasmtime=false"}, gateway.AuthNone, false, false},
		{[]string{"--verify-on-wasmtime=false"}, gateway.AuthKeys, false, false},
	} {
		var on bool
		command := &cobra.Command{}
		command.SetErr(io.Discard)
		addVerifiers(command, &on)
		if err := command.ParseFlags(c.arguments); err != nil {
			t.Fatal(err)
		}
		list := verifiers(command, on, c.auth)
		if len(list) > 0 != c.listed {
			t.Errorf("%q, auth %s: %+v", c.arguments, c.auth, list)
		}
		for _, e := range list {
			eng, err := e.New(host.EngineConfig{})
			switch {
			case err == nil && (wasmtime.Missing() != nil || !c.made):
				t.Errorf("%q, auth %s: there is a wasmtime", c.arguments, c.auth)
			case err != nil && wasmtime.Missing() != nil && err.Error() != wasmtime.Missing().Error():
				t.Errorf("%q, auth %s: %v, want what says how to get it", c.arguments, c.auth, err)
			case err != nil && wasmtime.Missing() == nil && (c.made || !strings.Contains(err.Error(), "only if --verify-on-wasmtime is given")):
				t.Errorf("%q, auth %s: %v", c.arguments, c.auth, err)
			}
			if err == nil {
				eng.Close()
			}
		}
	}
}

// TestSampleEventsOfAZipFile are those beside its lambent.json.
func TestSampleEventsOfAZipFile(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{
		{"bootstrap", "\x00asm\x01\x00\x00\x00"}, {"lambent.json", "{}"},
		{"events/b.json", "2"}, {"events/a.json", "1"}, {"events/README", "no"}, {"events/more/c.json", "3"}, {"other.json", "4"},
	} {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "fn.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	o := verifyFlags{on: true}
	events, err := o.early(path)
	if err != nil || events != nil {
		t.Fatalf("before it is read: %v, %v", events, err)
	}
	events, err = o.late(events, path, b.Bytes())
	want := []sampleEvent{{"events/a.json", []byte("1")}, {"events/b.json", []byte("2")}}
	if err != nil || !reflect.DeepEqual(events, want) {
		t.Errorf("got %v, %v, want %v", events, err, want)
	}
	// Those that are given take their place, under names that servers take.
	long := filepath.Join(t.TempDir(), strings.Repeat("é", 100)+".json")
	if err := os.WriteFile(long, []byte("5"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.events, o.files = []string{"6"}, []string{long}
	events, err = o.early(path)
	if err == nil {
		events, err = o.late(events, path, b.Bytes())
	}
	if err != nil || len(events) != 2 || events[0].Name != "--event 1" || len(events[1].Name) > 128 || !strings.HasSuffix(events[1].Name, "é.json") || string(events[1].Event) != "5" {
		t.Errorf("given: %v, %v", events, err)
	}
}
