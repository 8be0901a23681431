package function

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// failure turns an error of the store into one for a caller. The error of a
// context stays, and so does what already is for callers.
func (s *Service) failure(ctx context.Context, ref Ref, err error) error {
	if err == nil {
		return nil
	}
	if said, ok := errors.AsType[*fault.Error](err); ok {
		return said
	}
	switch {
	case ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))):
		return context.Cause(ctx)
	case isAbsent(err):
		return s.notFound(ref)
	case errors.Is(err, store.ErrExists):
		return fault.New(fault.ResourceConflict, "Function already exist: %s", ref.Name)
	case errors.Is(err, store.ErrUnavailable):
		return &fault.Error{Code: fault.ServiceUnavailable, Message: "The store of functions does not answer; try again later.", Err: err}
	case errors.Is(err, store.ErrClosed), errors.Is(err, errClosing):
		return &fault.Error{Code: fault.ServiceUnavailable, Message: "The host is shutting down.", Err: err}
	}
	if absent, ok := errors.AsType[*absentEngineError](err); ok {
		return &fault.Error{Code: fault.InvalidRuntime, Message: "The function cannot run here: " + absent.Error() + ".", Err: err}
	}
	return &fault.Error{Code: fault.Service, Message: "An internal error occurred.", Err: err}
}

// isAbsent reports whether what was asked of the store is not there.
func isAbsent(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrNoVersion) ||
		errors.Is(err, store.ErrNoAlias) || errors.Is(err, store.ErrNoAttachment)
}

// evenAbsent takes it for no error that what was to be removed is not there.
func evenAbsent(err error) error {
	if isAbsent(err) {
		return nil
	}
	return err
}

// errClosing ends what is under way when the Service closes.
var errClosing = errors.New("the host is shutting down")

// inDoubt reports whether a change that failed may have happened all the same.
func inDoubt(err error) bool { return errors.Is(err, store.ErrUnavailable) }

// passing reports whether an error goes away by itself: trying again may help.
func passing(err error) bool {
	for _, passes := range []error{
		store.ErrUnavailable, store.ErrClosed, context.Canceled, errClosing,
		syscall.EMFILE, syscall.ENFILE, // descriptors: those of others are closed some time
	} {
		if errors.Is(err, passes) {
			return true
		}
	}
	return false
}

// maxReason is the longest text of an error that is stored or answered, in bytes.
const maxReason = 1_000

// reason is what an error says, cut to maxReason: names in a module are as long
// as whoever made it likes.
func reason(err error) string {
	text := strings.ToValidUTF8(err.Error(), "\uFFFD")
	if len(text) <= maxReason {
		return text
	}
	return strings.ToValidUTF8(text[:maxReason], "") + "…"
}
