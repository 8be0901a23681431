package workflow

import (
	"context"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// A Guard decides whether an execution with a role may do something: invoke a
// function, then ref says which, or start an execution. Errors that are a
// *fault.Error are those of the task.
type Guard func(ctx context.Context, role, action, resource string, ref *function.Ref) error

// acting is a Service doing the tasks of executions that have a role.
type acting struct {
	*Service
	role string
}

type roleKey struct{}

// Do implements driver.Worker.
func (a acting) Do(ctx context.Context, task asl.Effect, answer func(asl.Signal)) {
	a.Service.Do(context.WithValue(ctx, roleKey{}, a.role), task, answer)
}

// may asks the guard, if there is one, for the role of the task in ctx.
func (s *Service) may(ctx context.Context, action, resource string, ref *function.Ref) error {
	if s.config.Guard == nil {
		return nil
	}
	role, _ := ctx.Value(roleKey{}).(string)
	return s.config.Guard(ctx, role, action, resource, ref)
}

// denied reports whether an error is that of a guard.
func denied(err error) (*fault.Error, bool) {
	failed, ok := errors.AsType[*fault.Error](err)
	return failed, ok && failed.Code == fault.AccessDenied
}
