package store

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/ncruces/go-sqlite3"
)

// refusal is a write's own answer, such as ErrExists: its savepoint undoes it and
// the transaction goes on. Any other error of a write means that the connection
// can no longer be trusted.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

func refuse(format string, args ...any) error { return refusal{fmt.Errorf(format, args...)} }

// refusing makes a refusal of an error, if there is one.
func refusing(err error) error {
	if err == nil {
		return nil
	}
	return refusal{err}
}

// unavailable wraps an error of SQLite or of the file system. doing completes
// "cannot …".
func unavailable(doing string, err error) error {
	if err == nil {
		return nil
	}
	if code, ok := errors.AsType[*sqlite3.Error](err); ok {
		switch code.Code() {
		case sqlite3.ERROR, sqlite3.INTERNAL, sqlite3.MISUSE, sqlite3.RANGE, sqlite3.MISMATCH, sqlite3.CONSTRAINT, sqlite3.TOOBIG:
			return fmt.Errorf("cannot %s: %w", doing, err) // our mistake, not the disk's
		}
	}
	return fmt.Errorf("%w: cannot %s: %w", ErrUnavailable, doing, err)
}

// contained calls f and turns a panic into an error.
func contained(what string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", what, v, debug.Stack())
		}
	}()
	return f()
}
