package function

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// A deployment that meets a lack of descriptors is tried again: it used to be
// Failed for good.
func TestPassing(t *testing.T) {
	for err, want := range map[error]bool{
		&os.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}:                   true,
		fmt.Errorf("image: %w", os.NewSyscallError("memfd_create", syscall.ENFILE)): true,
		fmt.Errorf("store: %w", store.ErrUnavailable):                               true,
		errors.New("the module cannot be run"):                                      false,
		&os.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}:                   false,
	} {
		if got := passing(err); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
}
