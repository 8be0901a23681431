package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// The test binary runs as the process to be killed if this is set to the data
// directory; killedStart holds how far each worker is.
const (
	killedDir   = "LAMBENT_STORE_KILLED_DIR"
	killedStart = "LAMBENT_STORE_KILLED_START"
	killRounds  = "LAMBENT_STORE_KILL_ROUNDS" // how many rounds to run instead of 20
)

const killedWorkers = 8

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedDir); dir != "" {
		if err := work(dir, strings.Split(os.Getenv(killedStart), ",")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// Each worker has a function of its own and does the same again and again: its nth
// step creates it, changes it, changes it, removes it, by n modulo 4. So what a
// worker has after n steps follows from n.
func stepRevision(worker, n int) string {
	if n%4 == 0 {
		return "" // nothing done yet, or removed
	}
	return fmt.Sprintf("worker %d, step %d", worker, n)
}

func workerKey(worker int) FunctionKey { return scriptKey(fmt.Sprint("worker-", worker)) }

// work runs the workers from the steps they have reached, and writes a line to
// standard output for each step that was acknowledged.
func work(dir string, reached []string) error {
	s, err := Open(dir, Config{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for worker, text := range reached {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		go func() {
			for {
				n++
				if err := step(s, worker, n); err != nil {
					failed <- fmt.Errorf("worker %d, step %d: %w", worker, n, err)
					return
				}
				// One write(2), short enough to arrive whole.
				fmt.Fprintf(os.Stdout, "%d %d\n", worker, n)
			}
		}()
	}
	return <-failed
}

func step(s *SQLite, worker, n int) error {
	ctx := context.Background()
	revision := stepRevision(worker, n)
	if revision == "" {
		return s.DeleteFunction(ctx, workerKey(worker), nil)
	}
	digest, err := s.PutCode(ctx, content(revision))
	if err != nil {
		return err
	}
	if n%4 == 1 {
		return s.CreateFunction(ctx, Function{
			FunctionKey: workerKey(worker), Revision: revision, State: StatePending, Code: digest, Configuration: content(revision),
		})
	}
	_, err = s.UpdateFunction(ctx, workerKey(worker), func(f *Function) error {
		f.Revision, f.Code, f.Configuration = revision, digest, content(revision)
		return nil
	})
	return err
}

// TestKilled kills a process that writes, with SIGKILL at a random moment after at
// least 100 acknowledged writes, again and again on one directory: what was
// acknowledged is there, and of what was under way each step is whole or not there.
func TestKilled(t *testing.T) {
	rounds := 20
	if text := os.Getenv(killRounds); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	reached := make([]int, killedWorkers)
	total, begun := 0, 0
	for round := range rounds {
		acknowledged := killOne(t, dir, reached, 100+rand.IntN(300))
		for worker := range reached {
			total += acknowledged[worker] - reached[worker]
		}
		s, err := Open(dir, Config{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for worker, n := range acknowledged {
			switch found := workerRevision(t, s, worker); found {
			case stepRevision(worker, n):
				reached[worker] = n
			case stepRevision(worker, n+1):
				reached[worker] = n + 1
				begun++
			default:
				t.Fatalf("round %d: worker %d has %q; step %d was acknowledged", round, worker, found, n)
			}
		}
		if err := checkDatabase(s); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := s.Close(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	t.Logf("%d rounds, %d acknowledged writes, %d more that were there without an answer", rounds, total, begun)
}

// killOne starts a process, kills it after that many acknowledgements, and returns
// the last step acknowledged to each worker.
func killOne(t *testing.T, dir string, reached []int, after int) (acknowledged []int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), killedDir+"="+dir, killedStart+"="+strings.Trim(strings.ReplaceAll(fmt.Sprint(reached), " ", ","), "[]"))
	var stderr bytes.Buffer
	child.Stderr = &stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged = append([]int(nil), reached...)
	// What is in the pipe after the kill was acknowledged too.
	count := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var worker, n int
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", &worker, &n); err != nil || worker >= len(reached) {
			t.Fatalf("the process wrote %q", lines.Text())
		}
		acknowledged[worker] = n
		if count++; count == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); count < after {
		t.Fatalf("the process ended by itself after %d writes: %v\n%s", count, err, stderr.Bytes())
	}
	return acknowledged
}

// workerRevision reads a worker's function and ends the test if it is not whole.
func workerRevision(t *testing.T, s *SQLite, worker int) string {
	t.Helper()
	f, err := s.Function(t.Context(), workerKey(worker))
	if errors.Is(err, ErrNotFound) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	want := content(f.Revision)
	code, err := s.Code(t.Context(), f.Code)
	if err != nil || !bytes.Equal(code, want) || !bytes.Equal(f.Configuration, want) {
		t.Fatalf("worker %d: step %q is half there: code of %d bytes (%v), configuration of %d bytes, want %d of both",
			worker, f.Revision, len(code), err, len(f.Configuration), len(want))
	}
	return f.Revision
}
