package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// errProgram is why a program is not reused.
var errProgram = errors.New("a stdio program begins anew with every event")

// Why the host's side of an instance cannot be frozen.
var (
	errFilesOpen    = errors.New("the init phase leaves files open, or changes what was open at first")
	errFilesWritten = errors.New("the init phase writes files to /tmp")
	errSpoken       = errors.New("the init phase responds, or leaves calls under way")
)

// freeze makes an image of an instance that has been through the init phase, and
// through the warm-up event if there is one. Where that cannot be done, every
// event has to go through the init phase itself.
func (p *pool) freeze(ctx context.Context, in *instance) error {
	took := in.initTime
	err := in.pristine()
	if err == nil {
		err = p.module.Restorable()
	}
	if err == nil && p.config.Manifest.Warmup != "" {
		event, err := p.config.warmup(p.model)
		if err == nil {
			err = in.warm(ctx, event)
		}
		if err != nil {
			return err
		}
	}
	if err == nil {
		err = in.pristine()
	}
	if err == nil {
		p.image, err = in.live.Freeze()
	}
	if err != nil {
		p.mode, p.why = InitEach, err
		return nil
	}
	p.ready, p.epoch, p.flags = true, in.world.start, in.wasi.Flags()
	p.frozen, p.hook = p.config.Now().UnixNano(), in.abi.Hooked(in.live)
	p.first.Store(int64(took))
	return nil
}

// warm has the instance handle an event.
func (in *instance) warm(ctx context.Context, event []byte) error {
	c := in.pool.config
	r := &Request{Event: event}
	start := in.world.start
	if err := in.enter(r); err != nil {
		return &InitError{err}
	}
	in.world.start = start // its clock goes on
	in.abi.InitDone()
	err := in.conclude(ctx, in.handle(ctx, r, time.Now()), c.Limits.Time)
	if err != nil {
		return &InitError{fmt.Errorf("warmup %q: %w", c.Manifest.Warmup, err)}
	}
	in.abi.Forget()
	return nil
}

// warmup reads the event of Manifest.Warmup, nil if there is none.
func (c *Config) warmup(m Model) ([]byte, error) {
	path := c.Manifest.Warmup
	switch {
	case path == "":
		return nil, nil
	case m != Reactor:
		return nil, fmt.Errorf("%w: warmup is for reactors; a stdio program begins anew with every event", ErrConfig)
	case c.Files == nil:
		return nil, fmt.Errorf("%w: warmup %q: there are no Files", ErrConfig, path)
	}
	event, err := fs.ReadFile(c.Files, path)
	if err == nil {
		err = CheckEvent(event)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: warmup %q: %w", ErrConfig, path, err)
	}
	return event, nil
}
