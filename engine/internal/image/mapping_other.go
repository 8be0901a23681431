//go:build !linux && !darwin

package image

import (
	"errors"
	"os"
)

// Addresses cannot be reserved here: memories and images are slices of Go's.

const canMap = false

func reserve(uint64) []byte { return nil }

func commit([]byte, uint64, uint64) bool { return false }

func protect([]byte) error { return errors.ErrUnsupported }

func unreserve([]byte) error { return nil }

func view(*os.File, uint64) ([]byte, error) { return nil, errors.ErrUnsupported }

func overlay([]byte, *os.File, uint64) error { return errors.ErrUnsupported }

func isMapped([]byte) bool { return false }
