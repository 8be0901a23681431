package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// How many functions are deployed, and how many of them are Go's, the others
// C's. The handlers are those of the first benchmark.
const (
	functions   = 100
	goFunctions = 5
)

// event is what a function is asked.
const event = `{"name":"Ada","n":41}`

// cGuest is the C handler.
const cGuest = "../sandbox/testdata/guests/c/json.wasm"

// greeting is in both handlers; its place is taken by one of the same length for
// each function, so that no two have the same code.
const greeting = "Hello, "

func greetingOf(i int) string { return fmt.Sprintf("Hey%03d ", i) }

func nameOf(i int) string { return fmt.Sprintf("function-%03d", i) }

// asks is the exchange with function i.
func asks(i int) load.Exchange {
	return load.NewExchange("POST", "/functions/"+nameOf(i), event, fmt.Sprintf(`{"message":"%sAda!","n":42}`, greetingOf(i)))
}

// deploy deploys all functions and has each answer.
func deploy(ctx context.Context, programs server.Programs, s *server.Server, dir string) error {
	goGuest := filepath.Join(dir, "go.wasm")
	err := server.Run(ctx, []string{"GOOS=wasip1", "GOARCH=wasm"},
		"go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", goGuest, "./guests/go/lambent")
	if err != nil {
		return err
	}
	conn, err := load.Dial(ctx, s.Address, timeLimit)
	if err != nil {
		return err
	}
	defer conn.Close()
	for i := range functions {
		guest := cGuest
		if i < goFunctions {
			guest = goGuest
		}
		path := filepath.Join(dir, "function.wasm")
		if err := particular(guest, path, i); err != nil {
			return err
		}
		if err := programs.Deploy(ctx, s, nameOf(i), path); err != nil {
			return err
		}
		e := asks(i)
		if err := conn.Do(&e); err != nil {
			return fmt.Errorf("%s: %w", nameOf(i), err)
		}
	}
	return nil
}

// particular makes the module of function i.
func particular(guest, path string, i int) error {
	module, err := os.ReadFile(guest)
	if err != nil {
		return fmt.Errorf("a guest is missing, is this run in the folder of the benchmarks? %w", err)
	}
	if !bytes.Contains(module, []byte(greeting)) {
		return fmt.Errorf("%s does not contain %q", guest, greeting)
	}
	return os.WriteFile(path, bytes.ReplaceAll(module, []byte(greeting), []byte(greetingOf(i))), 0o644)
}
