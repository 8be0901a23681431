package store

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// MachineKey says which state machine is meant. Keys are ordered as a
// FunctionKey's are.
type MachineKey struct {
	Account string // 1 to 140 bytes of UTF-8 without NUL
	Region  string // the same
	Name    string // 1 to 320 bytes of UTF-8 without NUL
}

func (k MachineKey) String() string { return k.Account + ":" + k.Region + ":" + k.Name }

// MachineType is the type of a state machine, in AWS's words.
type MachineType string

// The types of state machines.
const (
	Standard MachineType = "STANDARD"
	Express  MachineType = "EXPRESS"
)

// Machine is a state machine as stored.
type Machine struct {
	MachineKey
	Revision      string // changes with every change of definition or role; 1 to 140 bytes of UTF-8 without NUL
	Type          MachineType
	Created       time.Time // kept to the microsecond, returned in UTC
	Updated       time.Time // the same
	Definition    []byte    // at most MaxDefinition bytes
	Configuration []byte    // what the service makes of it; at most MaxConfiguration bytes
}

// Limits of a Machine.
const (
	// MaxDefinition is the size of the largest Definition, in bytes: 2^20
	// characters of UTF-8.
	MaxDefinition = 4 << 20
	// MaxMachinePage is the most machines one listing returns.
	MaxMachinePage = 1001

	maxMachineName = 320 // 80 characters of UTF-8
)

// Check returns ErrInvalid if no store can keep m.
func (m Machine) Check() error {
	for _, text := range []struct {
		field, value string
		max          int
	}{
		{"account", m.Account, maxText}, {"region", m.Region, maxText}, {"name", m.Name, maxMachineName}, {"revision", m.Revision, maxText},
	} {
		if n := len(text.value); n == 0 || n > text.max {
			return fmt.Errorf("%w: state machine's %s has %d bytes, allowed are 1 to %d", ErrInvalid, text.field, n, text.max)
		}
		if !utf8.ValidString(text.value) || strings.ContainsRune(text.value, 0) {
			return fmt.Errorf("%w: state machine's %s is %q, allowed is UTF-8 without NUL", ErrInvalid, text.field, text.value)
		}
	}
	if m.Type != Standard && m.Type != Express {
		return fmt.Errorf("%w: state machine's type is %q, allowed are STANDARD and EXPRESS", ErrInvalid, m.Type)
	}
	if n := len(m.Definition); n > MaxDefinition {
		return fmt.Errorf("%w: state machine's definition has %d bytes, allowed are %d", ErrInvalid, n, MaxDefinition)
	}
	if n := len(m.Configuration); n > MaxConfiguration {
		return fmt.Errorf("%w: state machine's configuration has %d bytes, allowed are %d", ErrInvalid, n, MaxConfiguration)
	}
	return nil
}

// asStored returns m as it would be read back.
func (m Machine) asStored() Machine {
	m.Created = time.UnixMicro(m.Created.UnixMicro()).UTC()
	m.Updated = time.UnixMicro(m.Updated.UnixMicro()).UTC()
	return m
}
