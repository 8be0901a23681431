//go:build !linux

package compute

import (
	"errors"
	"time"
)

func threadTime() (time.Duration, error) {
	return 0, errors.New("the processor time of one thread is known on Linux only")
}
