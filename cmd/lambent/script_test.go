package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lambent-dev/lambent/engine/wasmtime"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lambent": main})
}

// TestScripts runs testdata/script: each file is a session at a terminal, and
// reads like one.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Condition: func(name string) (bool, error) {
			if name != "wasmtime" { // whether this program has it
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return wasmtime.Missing() == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":     status,
			"eventually": eventually,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("EXAMPLES", filepath.Join(root, "sdk", "go", "examples"))
			env.Setenv("GUESTS", filepath.Join(root, "sandbox", "testdata", "guests"))
			env.Setenv("LAMBENT_CACHE", filepath.Join(env.WorkDir, "cache"))
			address, err := freeAddress()
			if err != nil {
				return err
			}
			env.Setenv("ADDRESS", address)
			env.Setenv("LAMBENT_ENDPOINT", "http://"+address)
			// The go command's own folders, or every script compiles the
			// standard library anew.
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOSUMDB"} {
				env.Setenv(name, goEnv(t, name))
			}
			return nil
		},
	})
}

// status runs lambent with what follows and checks its exit status: status 2 run
// nowhere.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N ARG...")
	}
	err := ts.Exec("lambent", args[1:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("lambent: %v", err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// eventually runs a command until it succeeds and prints what matches a pattern:
// eventually '"two"' lambent invoke function.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN COMMAND ARG...")
	}
	pattern := regexp.MustCompile(args[0])
	for range 600 {
		if ts.Exec(args[1], args[2:]...) == nil && pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s never printed what matches %s", strings.Join(args[1:], " "), args[0])
}

// freeAddress returns a loopback address that nobody listened on just now. Where
// there are millions of them it is on one of its own: a port of 127.0.0.1 may be
// taken by the next connection that some other test makes.
func freeAddress() (string, error) {
	own := net.IPv4(127, byte(1+rand.N(254)), byte(rand.N(256)), byte(1+rand.N(254)))
	l, err := net.Listen("tcp", net.JoinHostPort(own.String(), "0"))
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestReadmeShowsWhatRuns keeps the README's programs the ones that are compiled
// and run: its function by own-module.txtar, its embedding program by a test of
// the module.
func TestReadmeShowsWhatRuns(t *testing.T) {
	readme := read(t, "../../README.md")
	_, function, _ := strings.Cut(readme, "```go\n")
	function, _, ok := strings.Cut(function, "```")
	if !ok || !strings.Contains(read(t, "testdata/script/own-module.txtar"), "-- main.go --\n"+function+"--") {
		t.Error("testdata/script/own-module.txtar does not run the first program of README.md as it is")
	}
	_, body, ok := strings.Cut(read(t, "../../sandbox/testdata/embedding/main.go"), "func run(")
	if !ok || !strings.Contains(readme, "func run("+strings.TrimSpace(body)) {
		t.Error("README.md does not show func run of sandbox/testdata/embedding/main.go as it is")
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
