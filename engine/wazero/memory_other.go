//go:build !linux && !darwin

package wazero

// Addresses cannot be reserved here: memories are slices of Go's.

const canMap = false

func reserve(uint64) []byte { return nil }

func commit([]byte, uint64, uint64) bool { return false }

func unreserve([]byte) error { return nil }
