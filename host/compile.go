package host

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// The child reads a header line and a module to the end of its input, and writes
// one verdict. A child that dies writes none.
type (
	compileHeader struct {
		Engine    string
		Memory    int64 // bytes of address space, beyond what the process begins with
		CPU       int64 // seconds of processor time
		CodeCache int64 // bytes
	}
	compileVerdict struct {
		OK     bool
		Reason string // why not
		System bool   // that it was not the module's fault, but the disk's or the system's
	}
)

// maxVerdict and maxComplaint bound what is read of a child's standard output
// and standard error, in bytes.
const (
	maxVerdict   = 16 << 10
	maxComplaint = 16 << 10
)

// CompileWorker is what a child process of Config.CompileCommand does: it lowers
// its own limits, reads a module from in, compiles it into the cache that the
// command was made with, for the engine that in names, of others or wazero, and
// writes how that went to out. It returns an error if it could not do so, for which
// the process should exit with another status than 0; a module that cannot be
// compiled is no such error.
//
// Limits are the whole process's and stay lowered: on Linux its address space and
// processor time, elsewhere only what Go's runtime counts. So a process that
// calls CompileWorker does nothing else.
func CompileWorker(cacheDir string, in io.Reader, out io.Writer, others ...Engine) error {
	input := json.NewDecoder(in)
	var header compileHeader
	if err := input.Decode(&header); err != nil {
		return fmt.Errorf("compile worker: header: %w", err)
	}
	if err := lowerLimits(header); err != nil {
		return fmt.Errorf("compile worker: limits: %w", err)
	}
	module, err := io.ReadAll(io.LimitReader(io.MultiReader(input.Buffered(), in), sandbox.DefaultUnzipped+1))
	if err != nil {
		return fmt.Errorf("compile worker: module: %w", err)
	}
	// The header ends in a line end, which is not the module's.
	module = bytes.TrimPrefix(module, []byte("\n"))
	all, err := engines("CompileWorker", others)
	if err != nil {
		return fmt.Errorf("compile worker: %w", err)
	}
	chosen, ok := all[header.Engine]
	if !ok {
		return fmt.Errorf("compile worker: there is no engine %q", header.Engine)
	}
	eng, err := chosen.New(EngineConfig{CacheDir: cacheDir, CacheSize: header.CodeCache, MustCache: true})
	if err != nil {
		return fmt.Errorf("compile worker: %w", err)
	}
	verdict := compileVerdict{OK: true}
	if err := sandbox.Compile(context.Background(), eng, module, engine.ModuleLimits{}); err != nil {
		verdict = compileVerdict{Reason: fault.Clip(err.Error(), maxVerdict/16), System: isSystem(err)}
	}
	return errors.Join(json.NewEncoder(out).Encode(verdict), eng.Close())
}

// compileInChild has a child process compile a module for an engine.
func compileInChild(ctx context.Context, command *exec.Cmd, engine string, module []byte, limits Limits) error {
	timed, cancel := context.WithTimeout(ctx, limits.CompileTime)
	defer cancel()
	header, err := json.Marshal(compileHeader{Engine: engine, Memory: limits.CompileMemory, CPU: int64(limits.CompileTime.Seconds()) + 1, CodeCache: limits.CodeCache})
	if err != nil {
		return err
	}
	var out, complaint bounded
	out.room, complaint.room = maxVerdict, maxComplaint
	command.Stdin = io.MultiReader(bytes.NewReader(append(header, '\n')), bytes.NewReader(module))
	command.Stdout, command.Stderr = &out, &complaint
	if command.Env == nil {
		command.Env = []string{}
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("the compiler could not be started: %w", err)
	}
	stop := context.AfterFunc(timed, func() { _ = command.Process.Kill() }) // it may have ended
	ended := command.Wait()
	stop()

	var verdict compileVerdict
	switch err := json.Unmarshal(out.Bytes(), &verdict); {
	case ended == nil && err == nil && verdict.OK:
		return nil
	case ended == nil && err == nil && verdict.System:
		return fmt.Errorf("the compiled module cannot be kept: %s", verdict.Reason)
	case ended == nil && err == nil:
		return &function.CompileError{Err: errors.New(verdict.Reason)}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case timed.Err() != nil:
		return &function.CompileError{Greedy: true, Err: fmt.Errorf("compiling the module took more than %v", limits.CompileTime)}
	case ended == nil:
		return fmt.Errorf("the compiler gave no verdict: %w", err)
	}
	if overLimits(command.ProcessState, complaint.String()) {
		return &function.CompileError{Greedy: true, Err: fmt.Errorf("compiling the module took more than %d MB of memory or %v of processor time", limits.CompileMemory>>20, limits.CompileTime)}
	}
	return fmt.Errorf("the compiler ended without a verdict: %w", ended)
}

// isSystem says whether the system refused something, other than memory, of which
// it is the module that wants too much.
func isSystem(err error) bool {
	_, path := errors.AsType[*fs.PathError](err)
	_, link := errors.AsType[*os.LinkError](err)
	_, errno := errors.AsType[syscall.Errno](err)
	return (path || link || errno) && !errors.Is(err, syscall.ENOMEM)
}

// overLimits guesses why a child died.
func overLimits(state interface{ String() string }, complaint string) bool {
	how := state.String()
	if strings.Contains(how, "killed") || strings.Contains(how, "cpu") || strings.Contains(how, "CPU") {
		return true
	}
	for _, lack := range lacksMemory {
		if strings.Contains(complaint, lack) {
			return true
		}
	}
	return false
}

// lacksMemory is how Go's runtime complains when it gets none. A thread needs
// addresses for its stack; which comes first is chance.
var lacksMemory = []string{
	"out of memory",
	"cannot allocate memory",
	"pthread_create failed",          // with cgo
	"failed to create new OS thread", // without
}

// bounded keeps the first bytes that are written to it.
type bounded struct {
	bytes.Buffer
	room int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.room)
	b.room -= n
	b.Buffer.Write(p[:n])
	return len(p), nil
}
