package abi

import (
	"context"
	"errors"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Reported is the error of a guest that reported one itself: State.Error holds
// it.
var Reported = errors.New("the function reported an error")

// BadExit is the error of a guest function that returned what it must not.
type BadExit struct {
	Export string
	Code   int32
}

func (e *BadExit) Error() string {
	if e.Code == 1 {
		return e.Export + " returned 1, but response_error accepted no error before that; it takes a JSON object"
	}
	return fmt.Sprintf("%s returned %d; 0 means success, 1 an error already reported", e.Export, e.Code)
}

// Initialize runs the init phase of a reactor: _initialize, then lambent_init.
func (s *State) Initialize(ctx context.Context, in engine.Instance) error {
	if f := in.Func(exportInitialize); f != nil {
		if err := s.enter(f.Call(ctx, nil)); err != nil {
			return err
		}
	}
	if in.Func(exportInit) != nil {
		if err := s.call32(ctx, in, exportInit); err != nil {
			return err
		}
	}
	s.InitDone()
	return nil
}

// Hooked says whether a reactor wants to know that it goes on from an image.
func (s *State) Hooked(in engine.Instance) bool { return in.Func(exportAfterRestore) != nil }

// AfterRestore tells a reactor that is Hooked that it goes on from an image:
// clocks, randomness and environment are to be read anew.
func (s *State) AfterRestore(ctx context.Context, in engine.Instance) error {
	return s.call32(ctx, in, exportAfterRestore)
}

// Handle runs a reactor's handler for s.Event.
func (s *State) Handle(ctx context.Context, in engine.Instance) error {
	return s.call32(ctx, in, exportHandle)
}

// RunProgram runs a stdio program from beginning to end; returning from _start
// is exit 0.
func (s *State) RunProgram(ctx context.Context, in engine.Instance) error {
	err := in.Func(exportStart).Call(ctx, nil)
	exit, ok := err.(*wasi.ExitError)
	s.Exited = ok
	switch {
	case !ok:
		return err
	case exit.Code == 0:
		return nil
	case isError(s.Response):
		s.Error, s.Response = s.Response, nil
		return Reported
	}
	return err
}

// call32 calls an export () -> i32 that reports errors by its result.
func (s *State) call32(ctx context.Context, in engine.Instance, export string) error {
	var stack [1]uint64
	if err := s.enter(in.Func(export).Call(ctx, stack[:])); err != nil {
		return err
	}
	switch code := int32(uint32(stack[0])); {
	case code == 0:
		return nil
	case code == 1 && s.Error != nil:
		return Reported
	default:
		return &BadExit{export, code}
	}
}

// enter turns the exit of a guest that had reported an error, as language
// runtimes do after a panic, into that error.
func (s *State) enter(err error) error {
	_, s.Exited = err.(*wasi.ExitError)
	if s.Exited && s.Error != nil {
		return Reported
	}
	return err
}
