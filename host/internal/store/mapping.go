package store

import "fmt"

// MappingKey says which event source mapping is meant. Keys are ordered as a
// FunctionKey's are.
type MappingKey struct {
	Account string // 1 to 140 bytes of UTF-8 without NUL
	Region  string // the same
	UUID    string // the same
}

func (k MappingKey) String() string { return k.Account + ":" + k.Region + ":" + k.UUID }

// Mapping is an event source mapping as stored.
type Mapping struct {
	MappingKey
	Function      string // the name of the function, which need not be there: 1 to 140 bytes of UTF-8 without NUL
	Source        string // the ARN of the event source: at most MaxSource bytes of UTF-8 without NUL
	Revision      string // changes with every change; 1 to 140 bytes of UTF-8 without NUL
	Configuration []byte // what the service makes of it; at most MaxConfiguration bytes
}

// MaxSource is the size of the longest Source of a Mapping, in bytes.
const MaxSource = 1024

// Check returns ErrInvalid if no store can keep m.
func (m Mapping) Check() error {
	for _, text := range []struct{ field, value string }{
		{"account", m.Account}, {"region", m.Region}, {"uuid", m.UUID}, {"function", m.Function}, {"revision", m.Revision},
	} {
		if err := checkText("mapping's "+text.field, text.value); err != nil {
			return err
		}
	}
	if n := len(m.Source); n > MaxSource {
		return fmt.Errorf("%w: mapping's source has %d bytes, allowed are %d", ErrInvalid, n, MaxSource)
	}
	if err := checkEncoding("mapping's source", m.Source); err != nil {
		return err
	}
	if n := len(m.Configuration); n > MaxConfiguration {
		return fmt.Errorf("%w: mapping's configuration has %d bytes, allowed are %d", ErrInvalid, n, MaxConfiguration)
	}
	return nil
}
