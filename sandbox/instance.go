package sandbox

import (
	"context"
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
	pool *pool
	live engine.Instance // nil until it is instantiated
	id   string          // of the request

	world world
	logs  logs
	files *memfs.FS
	abi   abi.State

	initTime time.Duration
	handling bool // init is over, and the meter counts for the event
}

// take makes the host's side of an instance; init makes the guest's.
func (p *pool) take(r *Request) (in *instance, err error) {
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
	c := p.config
	in = &instance{pool: p}
	in.world = world{now: c.Now, random: c.Random, tape: r.Tape, start: c.Now(), calls: &caller{functions: c.Calls, limit: c.Limits.CallBytes, most: c.Limits.Calls}}
	sink := r.Log
	if sink == nil {
		sink = c.Log
	}
	in.logs = logs{sink: sink, now: c.Now, limit: c.Limits.Logs, longest: c.Limits.LogLine}
	in.files = memfs.New(p.files, memfs.Quota{Bytes: c.Limits.Tmp, Files: c.Limits.Files}, in.world.Wall)

	details := p.identify(r, &in.world)
	in.id = details["request_id"]
	in.logs.id = in.id
	in.abi = abi.State{
		World:   &in.world,
		Limits:  abi.Limits{Response: c.Limits.Response, Calls: c.Limits.Calls, CallBytes: c.Limits.CallBytes},
		Log:     func(level int32, line []byte) { in.logs.line(Log, LogLevel(level), line) },
		Context: details,
	}
	env := append(slices.Clip(p.environment), "AWS_LAMBDA_LOG_STREAM_NAME="+details["log_stream"])
	stdout := in.stream(Stdout)
	var stdin []byte
	if p.model == abi.Stdio {
		stdout = in.respond
		stdin = event(r)
		env = append(env, in.requestVariables(r)...)
	}
	in.abi.WASI = wasi.New(wasi.Config{
		Args:      []string{taskRoot + "/bootstrap"},
		Env:       env,
		Stdin:     stdin,
		Stdout:    stdout,
		Stderr:    in.stream(Stderr),
		FS:        in.files,
		World:     &in.world,
		OpenFiles: c.Limits.OpenFiles,
	})
	return in, nil
}

// identify returns what ctx_get tells the guest of its request.
func (p *pool) identify(r *Request, w *world) map[string]string {
	c := p.config
	id, arn, stream := r.ID, r.FunctionARN, r.LogStream
	if arn == "" {
		arn = c.FunctionARN
	}
	if id == "" {
		id = w.text(AskID, func() string { return newID(w.random) })
	}
	if stream == "" {
		stream = w.text(AskStream, func() string { return newLogStream(w.now(), c.Version, w.random) })
	}
	return map[string]string{
		"request_id":       id,
		"handler":          c.Handler,
		"function_arn":     arn,
		"function_name":    c.Name,
		"function_version": c.Version,
		"memory_mb":        strconv.FormatUint(c.memoryMB(), 10),
		"log_group":        c.LogGroup,
		"log_stream":       stream,
		"trace_id":         r.TraceID,
		"client_context":   string(r.ClientContext),
		"identity":         string(r.Identity),
		"tenant":           r.Tenant,
	}
}

// requestVariables tells a stdio program what it cannot ask for.
func (in *instance) requestVariables(r *Request) []string {
	// A program's time begins as it starts, right after this.
	in.world.deadline = in.pool.config.Now().Add(in.pool.config.Limits.Time)
	deadline := in.abi.World.Deadline() / int64(time.Millisecond)
	return []string{
		"LAMBENT_REQUEST_ID=" + in.id,
		"LAMBENT_FUNCTION_ARN=" + in.abi.Context["function_arn"],
		"LAMBENT_CLIENT_CONTEXT=" + string(r.ClientContext),
		"LAMBENT_TRACE_ID=" + r.TraceID,
		"_X_AMZN_TRACE_ID=" + r.TraceID,
		"LAMBENT_DEADLINE_MS=" + strconv.FormatInt(deadline, 10),
	}
}

// stream returns where a standard stream's bytes go that are logs.
func (in *instance) stream(source LogSource) func([]byte) wasi.Errno {
	return func(p []byte) wasi.Errno {
		in.logs.write(source, p)
		return wasi.ESUCCESS
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

// init makes the guest's side: instantiates the module and runs its init
// phase, under Limits.Init.
func (in *instance) init(ctx context.Context) error {
	c := in.pool.config
	begin := time.Now()
	span := newSpan(ctx, in.pool.life, c.Limits.Init)
	defer span.finish()
	if in.pool.model == abi.Reactor {
		in.world.deadline = c.Now().Add(c.Limits.Init)
	}
	var err error
	in.live, err = in.pool.module.Instantiate(span, engine.InstanceConfig{MemoryLimit: c.Limits.Memory, Data: in})
	if err != nil {
		in.live = nil
		return err
	}
	if in.pool.model == abi.Reactor {
		if err := in.abi.Initialize(span, in.live); err != nil {
			return err
		}
	}
	in.initTime = time.Since(begin)
	return nil
}

// handle presents the event and runs the handler, under Limits.Time and
// Limits.Fuel.
func (in *instance) handle(ctx context.Context, r *Request) error {
	c := in.pool.config
	span := newSpan(ctx, in.pool.life, c.Limits.Time)
	defer span.finish()
	in.live.Meter().Begin(c.Limits.Fuel)
	in.handling = true
	if in.pool.model == abi.Stdio {
		return in.abi.RunProgram(span, in.live)
	}
	in.world.deadline = c.Now().Add(c.Limits.Time)
	in.abi.Event = event(r)
	return in.abi.Handle(span, in.live)
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
		HostCalls:   in.abi.WASI.Calls,
		HostBytes:   in.abi.WASI.Bytes,
		Event:       len(r.Event),
		Response:    len(in.abi.Response),
		Logs:        in.logs.bytes,
		LogsDropped: in.logs.dropped,
		TmpPeak:     in.files.Peak(),
	}
	if in.live != nil {
		u.MemoryPeak = uint64(len(in.live.Memory())) // linear memory never shrinks
	}
	if in.handling {
		u.Fuel = in.live.Meter().Used()
	}
	u.MemoryPeak += uint64(min(held, math.MaxInt64))
	return u
}
