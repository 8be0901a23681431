package sandbox

import (
	"crypto/rand"
	"fmt"
	"maps"
	"time"

	"github.com/lambent-dev/lambent/sandbox/internal/abi"
)

// Defaults of Limits, those of AWS Lambda where it has one.
const (
	DefaultMemory      = 128 << 20
	DefaultTime        = 3 * time.Second
	DefaultInit        = 10 * time.Second
	DefaultEvent       = 6_291_456
	DefaultResponse    = 6_291_556
	DefaultEnvironment = 4_096
	DefaultLogs        = 1 << 20
	DefaultLogLine     = 256 << 10
	DefaultTmp         = 512 << 20
	DefaultFiles       = 16_384
	DefaultOpenFiles   = 1_024
	DefaultCalls       = 64
	DefaultCallBytes   = 6_291_456
	DefaultIdle        = 64
	DefaultIdleBytes   = 64 << 20
	DefaultVerify      = 10_000
)

// MaxMemory is the most linear memory a 32-bit guest can have: the last page
// is kept back for restoring instances in place.
const MaxMemory = 4<<30 - 64<<10

// maxCrossing is the most bytes that can cross the border at once: lengths there
// are i32, and negative ones mean errors.
const maxCrossing = 1 << 30

// complete fills in the defaults and refuses what cannot be met.
func (l *Limits) complete(m Manifest) error {
	if l.Fuel == 0 {
		l.Fuel = m.Fuel
	}
	if m.InitTimeout > 0 && l.Init == 0 {
		l.Init = time.Duration(m.InitTimeout * float64(time.Second))
	}
	if l.Memory == 0 {
		l.Memory = DefaultMemory
	}
	l.Memory = min(l.Memory, MaxMemory)
	for field, bytes := range map[string]int{"Event": l.Event, "Response": l.Response, "CallBytes": l.CallBytes} {
		if int64(bytes) > maxCrossing {
			return fmt.Errorf("%w: Limits.%s is %d; at most %d are allowed", ErrConfig, field, bytes, maxCrossing)
		}
	}
	return firstError(
		limit("Time", &l.Time, DefaultTime),
		limit("Init", &l.Init, DefaultInit),
		limit("Event", &l.Event, DefaultEvent),
		limit("Response", &l.Response, DefaultResponse),
		limit("Environment", &l.Environment, DefaultEnvironment),
		limit("Logs", &l.Logs, DefaultLogs),
		limit("LogLine", &l.LogLine, DefaultLogLine),
		limit("Tmp", &l.Tmp, DefaultTmp),
		limit("Files", &l.Files, DefaultFiles),
		limit("OpenFiles", &l.OpenFiles, DefaultOpenFiles),
		limit("Calls", &l.Calls, DefaultCalls),
		limit("Idle", &l.Idle, DefaultIdle),
		limit("IdleBytes", &l.IdleBytes, DefaultIdleBytes),
		limit("CallBytes", &l.CallBytes, DefaultCallBytes),
	)
}

func limit[T int | int64 | time.Duration](field string, value *T, byDefault T) error {
	if *value == 0 {
		*value = byDefault
	}
	if *value < 0 {
		return fmt.Errorf("%w: Limits.%s is %v; it must be positive, or 0 for the default of %v", ErrConfig, field, *value, byDefault)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// complete fills in the defaults and refuses what cannot be met.
func (c *Config) complete() error {
	if err := c.Manifest.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if err := c.Limits.complete(c.Manifest); err != nil {
		return err
	}
	if len(c.Policy.Dial) > 0 {
		return fmt.Errorf("%w: Policy.Dial lists %q, but functions have no network yet; leave it empty", ErrConfig, c.Policy.Dial)
	}
	for name, function := range c.Calls {
		if name == "" || function == nil {
			return fmt.Errorf("%w: Calls: %q has an empty name or no function", ErrConfig, name)
		}
		if len(name) > abi.MaxCallName {
			return fmt.Errorf("%w: Calls: the name %.40q… has %d bytes; at most %d are allowed", ErrConfig, name, len(name), abi.MaxCallName)
		}
	}
	names := texts{{"Name", c.Name}, {"Version", c.Version}, {"FunctionARN", c.FunctionARN}, {"LogGroup", c.LogGroup}, {"Region", c.Region}, {"Handler", c.Handler}}
	if err := names.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	// Both were checked, or are about to be: what the embedder does to its maps
	// later must not change a function.
	c.Calls, c.Env = maps.Clone(c.Calls), maps.Clone(c.Env)
	byDefault := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	byDefault(&c.Name, "function")
	byDefault(&c.Version, "$LATEST")
	byDefault(&c.Region, "us-east-1")
	byDefault(&c.FunctionARN, "arn:aws:lambda:"+c.Region+":000000000000:function:"+c.Name)
	byDefault(&c.LogGroup, "/aws/lambda/"+c.Name)
	if c.Verify == 0 {
		c.Verify = DefaultVerify
	}
	if c.Verify < 0 {
		return fmt.Errorf("%w: Verify is %d; it must be positive, or 0 for the default of %d", ErrConfig, c.Verify, DefaultVerify)
	}
	if c.ownClock = c.Now != nil; !c.ownClock {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return checkEnvironment(c.Env, c.Limits.Environment)
}

// mode is what the manifest asks for.
func (c *Config) mode() Mode {
	if c.Manifest.Mode == "" {
		return Pristine
	}
	return Mode(c.Manifest.Mode)
}

// memoryMB is the memory limit as functions and REPORT lines see it.
func (c *Config) memoryMB() uint64 { return megabytes(c.Limits.Memory) }
