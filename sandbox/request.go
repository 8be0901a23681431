package sandbox

import (
	"encoding/json"
	"time"
)

// Request is one event and what its function may know of where it comes from.
type Request struct {
	// Event is the payload: JSON. It is not copied; do not change it before
	// the invocation ends.
	Event []byte

	// ID is the request id. Default: a random UUID.
	ID string

	// FunctionARN is the ARN that was invoked, with its qualifier if it was
	// called with one. Default: that of Config.
	FunctionARN string

	// ClientContext and Identity are JSON, as the caller gave them, or empty.
	ClientContext, Identity json.RawMessage

	// TraceID is the X-Ray trace header, "Root=1-…;Parent=…;Sampled=1", or empty.
	TraceID string

	// Tenant is the tenant id, or empty.
	Tenant string

	// Credentials are what the function acts with, see there. Default: none.
	Credentials *Credentials

	// LogStream names the stream that the logs go to. Default: made up once for a
	// Sandbox from the date, the version and a random number, as AWS Lambda does
	// for an environment.
	LogStream string

	// Log takes the log lines of this invocation. Default: Config.Log.
	Log func(LogLine)

	// Tape, if not nil, records the host's answers or replays them.
	Tape Tape
}

// Result is what an invocation came to.
type Result struct {
	// Response is what the function answered; empty if it failed.
	Response []byte
	// Meta is the prelude the function wrote before its response: JSON with
	// content type, HTTP status and headers. Empty if it wrote none.
	Meta json.RawMessage
	// RequestID is Request.ID, or the one made up for it.
	RequestID string
	Usage     Usage
}

// LogLine is one line that a function logged.
type LogLine struct {
	RequestID string // of the invocation; of New, one that nobody else sees
	Time      time.Time
	Source    LogSource
	Level     LogLevel // of Source Log; Info for the others
	Message   []byte   // without its line end; valid until the sink returns
}

// LogSource is where a line came from.
type LogSource uint8

// The sources.
const (
	Stdout LogSource = iota
	Stderr
	Log    // the structured log of the ABI
	System // Lambent itself: a timeout, a truncation
)

// LogLevel is the level of a line.
type LogLevel int32

// The levels, numbered as at the guest border.
const (
	Trace LogLevel = iota
	Debug
	Info
	Warn
	Error
)

func (s LogSource) String() string {
	switch s {
	case Stdout:
		return "stdout"
	case Stderr:
		return "stderr"
	case Log:
		return "log"
	case System:
		return "system"
	}
	return "unknown"
}

func (l LogLevel) String() string {
	switch l {
	case Trace:
		return "trace"
	case Debug:
		return "debug"
	case Info:
		return "info"
	case Warn:
		return "warn"
	case Error:
		return "error"
	}
	return "unknown"
}
