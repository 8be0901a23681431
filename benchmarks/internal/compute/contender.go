package compute

import "context"

// Contender is one program in one form, compiled.
type Contender interface {
	Instantiate(ctx context.Context) (Instance, error)
	Close() error
}

// Instance is used for one measurement.
type Instance interface {
	// Call calls a function that takes how much to do, and returns its checksum;
	// or one that does neither.
	Call(ctx context.Context, function string, stack []uint64) error

	// Used returns the fuel used since it was instantiated, 0 if that is not
	// counted.
	Used() int64
	Close() error
}

// Entrant is a contender to be.
type Entrant struct {
	Name    string
	Charges bool // fuel for calls of the host, too
	Compile func(context.Context, *Program) (Contender, error)
	Close   func() error
}
