//go:build !linux

package host

import "runtime/debug"

// lowerLimits asks Go's runtime to keep memory low; what bounds the process is
// the time that its parent gives it.
func lowerLimits(h compileHeader) error {
	debug.SetMemoryLimit(h.Memory / 4 * 3)
	return nil
}
