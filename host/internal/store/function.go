package store

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// FunctionKey says which function is meant. Keys are ordered by account, then
// region, then name, each by its bytes.
type FunctionKey struct {
	Account string // 1 to 140 bytes of UTF-8 without NUL
	Region  string // the same
	Name    string // the same
}

func (k FunctionKey) String() string { return k.Account + ":" + k.Region + ":" + k.Name }

// State is the state of a function, in AWS Lambda's words.
type State string

// The states of a function.
const (
	StatePending  State = "Pending"
	StateActive   State = "Active"
	StateInactive State = "Inactive"
	StateFailed   State = "Failed"
)

// UpdateStatus tells how the last change of a function's code or configuration
// ended, in AWS Lambda's words.
type UpdateStatus string

// The statuses of an update.
const (
	UpdateNone       UpdateStatus = "" // before the first has ended
	UpdateSuccessful UpdateStatus = "Successful"
	UpdateFailed     UpdateStatus = "Failed"
	UpdateInProgress UpdateStatus = "InProgress"
)

// Function is a function as stored: columns for what is looked up, and the
// service's own Configuration for the rest.
type Function struct {
	FunctionKey
	Revision         string // changes with every change; the service's to choose; 1 to 140 bytes of UTF-8 without NUL
	State            State
	LastUpdateStatus UpdateStatus
	Code             Digest    // of the code package
	Modified         time.Time // kept to the microsecond, returned in UTC
	Configuration    []byte    // what the service makes of it; at most MaxConfiguration bytes
}

// MaxConfiguration is the size of the largest Configuration, in bytes.
const MaxConfiguration = 256 << 10

const maxText = 140

// Check returns ErrInvalid if no store can keep f.
func (f Function) Check() error {
	for _, text := range []struct{ field, value string }{
		{"account", f.Account}, {"region", f.Region}, {"name", f.Name}, {"revision", f.Revision},
	} {
		if err := checkText("function's "+text.field, text.value); err != nil {
			return err
		}
	}
	switch f.State {
	case StatePending, StateActive, StateInactive, StateFailed:
	default:
		return fmt.Errorf("%w: function's state is %q, allowed are Pending, Active, Inactive and Failed", ErrInvalid, f.State)
	}
	switch f.LastUpdateStatus {
	case UpdateNone, UpdateSuccessful, UpdateFailed, UpdateInProgress:
	default:
		return fmt.Errorf("%w: function's update status is %q, allowed are Successful, Failed, InProgress and none", ErrInvalid, f.LastUpdateStatus)
	}
	if n := len(f.Configuration); n > MaxConfiguration {
		return fmt.Errorf("%w: function's configuration has %d bytes, allowed are %d", ErrInvalid, n, MaxConfiguration)
	}
	return nil
}

// checkText returns ErrInvalid for a text that is not 1 to maxText bytes of UTF-8
// without NUL.
func checkText(what, value string) error {
	if n := len(value); n == 0 || n > maxText {
		return fmt.Errorf("%w: %s has %d bytes, allowed are 1 to %d", ErrInvalid, what, n, maxText)
	}
	return checkEncoding(what, value)
}

func checkEncoding(what, value string) error {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return fmt.Errorf("%w: %s is %q, allowed is UTF-8 without NUL", ErrInvalid, what, value)
	}
	return nil
}

// asStored returns f as it would be read back.
func (f Function) asStored() Function {
	f.Modified = time.UnixMicro(f.Modified.UnixMicro()).UTC()
	return f
}
