//go:build !linux

package enginetest

import (
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

// secondLook looks at nothing: only Linux shows the memory of a process without
// touching it.
type secondLook struct{}

func newSecondLook(testing.TB) *secondLook { return nil }

func (*secondLook) close() {}

func (*secondLook) compare(_, _ []byte) error { return nil }

func proveEvicted(t *testing.T, _ engine.Engine, _ int) {
	t.Skip("pages are evicted on Linux only")
}
