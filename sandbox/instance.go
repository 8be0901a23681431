package sandbox

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// instance is a live module with the host's side of the event that it sees.
type instance struct {
	pool     *pool
	live     engine.Instance // nil until it is instantiated
	held     int64           // bytes that it holds for itself while it is idle
	doubtful bool            // it must not be used again
	begun    bool            // its init phase is over
	tenant   string          // that has it to itself; "" before it has one

	credentials *Credentials // that its init phase saw, if it is begun

	// Of the event:
	request Request
	id      string
	stream  string   // of logs; "" until it is asked for
	env     []string // nil until it is asked for
	world   world
	logs    logs
	files   *memfs.FS
	abi     abi.State
	wasi    wasi.State

	initTime time.Duration
	handling bool // init is over, and the meter counts for the event

	// What the event's side is given, made once.
	log            func(level int32, line []byte)
	stdout, stderr func([]byte) wasi.Errno
	context        func(key string) (string, bool)
	variables      func() []string
	block          func()
}

// newInstance makes one that is still to be instantiated.
func newInstance(p *pool) *instance {
	in := &instance{pool: p}
	in.log = func(level int32, line []byte) { in.logs.line(Log, LogLevel(level), line) }
	in.stdout, in.stderr = in.writes(Stdout), in.writes(Stderr)
	if p.model == abi.Stdio {
		in.stdout = in.respond
	}
	in.context, in.variables, in.block = in.detail, in.environment, in.waits
	return in
}

// enter prepares the host's side for one event.
func (in *instance) enter(r *Request) (err error) {
	// The world ends guests by engine.Stop when it has no answer; asked here,
	// outside of any guest, that is an error.
	defer func() {
		if r := recover(); r != nil {
			stopped, ok := engine.Stopped(r)
			if !ok {
				panic(r)
			}
			err = &hostError{stopped}
		}
	}()
	c := in.pool.config
	in.request, in.stream, in.env, in.initTime, in.handling = *r, "", nil, 0, false
	in.doubtful = true // until its event has ended well
	in.world = world{config: c, tape: r.Tape, start: in.started(r), block: in.block, waited: in.world.waited, chance: in.world.chance}
	sink := r.Log
	if sink == nil {
		sink = c.Log
	}
	switch {
	case r.ID != "":
		in.id = r.ID
	case r.Tape == nil:
		in.id = newID(c.Random)
	default:
		in.id = in.world.text(AskID, func() string { return newID(c.Random) })
	}
	in.logs = logs{id: in.id, sink: sink, now: c.Now, limit: c.Limits.Logs, longest: c.Limits.LogLine}
	if in.pool.mode == Reuse && in.begun {
		in.abi.Forget()
		in.wasi.Calls, in.wasi.Bytes = 0, 0
		return nil
	}
	at := in.pool.frozen // when the guest's /tmp was made
	if r.Tape != nil || !in.pool.ready {
		at = in.world.Wall()
	}
	if in.files == nil {
		in.files = memfs.New(in.pool.files, memfs.Quota{Bytes: c.Limits.Tmp, Files: c.Limits.Files}, in.world.Wall)
	}
	in.files.Reset(at)
	in.abi = abi.State{
		WASI:    &in.wasi,
		World:   &in.world,
		Limits:  abi.Limits{Response: c.Limits.Response, Calls: c.Limits.Calls, CallBytes: c.Limits.CallBytes},
		Log:     in.log,
		Context: in.context,
	}
	var stdin []byte
	if in.pool.model == abi.Stdio {
		stdin = event(r)
	}
	var flags [4]wasi.Fdflags
	if in.pool.ready && r.Tape == nil {
		flags = in.pool.flags
	}
	in.wasi.Reset(wasi.Config{
		Args:      arguments,
		Env:       in.variables,
		Stdin:     stdin,
		Stdout:    in.stdout,
		Stderr:    in.stderr,
		FS:        in.files,
		World:     &in.world,
		Flags:     flags,
		OpenFiles: c.Limits.OpenFiles,
	})
	return nil
}

// started returns the zero of the monotonic clock: it must not fall behind what
// the guest has seen.
func (in *instance) started(r *Request) time.Time {
	switch {
	case in.begun: // reused
		return in.world.start
	case in.pool.ready && r.Tape == nil:
		return in.pool.epoch
	}
	return in.pool.config.Now()
}

var arguments = []string{taskRoot + "/bootstrap"}

// leave ends the host's side of an event: calls under way are cancelled. What
// the event brought or left is let go of, an instance may be idle for long.
func (in *instance) leave() {
	in.request, in.env, in.logs = Request{}, nil, logs{}
	if in.pool.mode == Reuse && !in.doubtful {
		in.abi.Forget()
		return
	}
	in.wasi.Close()
	if in.files != nil { // enter may have failed before
		in.files.Reset(0)
	}
	in.abi = abi.State{}
}

// pristine says why the host's side is not as enter makes it, nil if it is: what
// the guest has of it cannot be frozen.
func (in *instance) pristine() error {
	switch {
	case !in.wasi.Pristine():
		return errFilesOpen
	case !in.files.Pristine():
		return errFilesWritten
	case !in.abi.Idle():
		return errSpoken
	}
	return nil
}

// detail answers ctx_get.
func (in *instance) detail(key string) (string, bool) {
	c, r := in.pool.config, &in.request
	switch key {
	case "request_id":
		return in.id, true
	case "handler":
		return c.Handler, true
	case "function_arn":
		if r.FunctionARN != "" {
			return r.FunctionARN, true
		}
		return c.FunctionARN, true
	case "function_name":
		return c.Name, true
	case "function_version":
		return c.Version, true
	case "memory_mb":
		return strconv.FormatUint(c.memoryMB(), 10), true
	case "log_group":
		return c.LogGroup, true
	case "log_stream":
		return in.logStream(), true
	case "trace_id":
		return r.TraceID, true
	case "client_context":
		return string(r.ClientContext), true
	case "identity":
		return string(r.Identity), true
	case "tenant":
		return r.Tenant, true
	}
	return "", false
}

func (in *instance) logStream() string {
	if in.stream == "" {
		in.stream = in.request.LogStream
	}
	if in.stream == "" {
		in.stream = in.world.text(AskStream, in.pool.stream)
	}
	return in.stream
}

// environment returns the guest's variables.
func (in *instance) environment() []string {
	if in.env == nil {
		in.env = append(slices.Clip(in.pool.environment), "AWS_LAMBDA_LOG_STREAM_NAME="+in.logStream())
		in.env = append(in.env, cmp.Or(in.request.Credentials, in.pool.config.Credentials).list()...)
		if in.pool.model == abi.Stdio {
			in.env = append(in.env, in.requestVariables()...)
		}
	}
	return in.env
}

// requestVariables tells a stdio program what it cannot ask for.
func (in *instance) requestVariables() []string {
	r := &in.request
	arn, _ := in.detail("function_arn")
	return []string{
		"LAMBENT_REQUEST_ID=" + in.id,
		"LAMBENT_FUNCTION_ARN=" + arn,
		"LAMBENT_CLIENT_CONTEXT=" + string(r.ClientContext),
		"LAMBENT_TRACE_ID=" + r.TraceID,
		"_X_AMZN_TRACE_ID=" + r.TraceID,
		"LAMBENT_DEADLINE_MS=" + strconv.FormatInt(in.world.Deadline()/int64(time.Millisecond), 10),
	}
}

// writes returns where a standard stream's bytes go that are logs.
func (in *instance) writes(source LogSource) func([]byte) wasi.Errno {
	return func(p []byte) wasi.Errno {
		in.logs.write(source, p)
		return wasi.ESUCCESS
	}
}

// waits is called before the guest waits for something: others may have its
// thread.
func (in *instance) waits() {
	if in.live == nil { // its start function runs
		return
	}
	if restorer := in.live.Restorer(); restorer != nil {
		restorer.Wait()
	}
}

// respond takes the bytes of a stdio program's result.
func (in *instance) respond(p []byte) wasi.Errno {
	if len(p) > in.abi.Limits.Response-len(in.abi.Response) {
		in.abi.TooLarge = true
		return wasi.E2BIG
	}
	in.abi.Response = append(in.abi.Response, p...)
	return wasi.ESUCCESS
}

// event is what the guest gets: no payload means an empty object, as on AWS
// Lambda.
func event(r *Request) []byte {
	if len(r.Event) == 0 {
		return []byte("{}")
	}
	return r.Event
}

// usage returns what the invocation used.
func (in *instance) usage(r *Request, duration time.Duration) Usage {
	held := in.files.Peak() + int64(in.abi.PeakHeld()) + int64(len(in.abi.Response))
	u := Usage{
		Init:        in.initTime,
		Duration:    duration,
		HostCalls:   in.wasi.Calls,
		HostBytes:   in.wasi.Bytes,
		Event:       len(r.Event),
		Response:    len(in.abi.Response),
		Logs:        in.logs.bytes,
		LogsDropped: in.logs.dropped,
		TmpPeak:     in.files.Peak(),
	}
	if in.live != nil {
		u.MemoryPeak = uint64(len(in.live.Memory())) // it grows, and shrinks only when it is restored
	}
	if in.handling {
		u.Fuel = in.live.Meter().Used()
	}
	u.MemoryPeak += uint64(min(held, math.MaxInt64))
	return u
}
