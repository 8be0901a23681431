package main

import (
	"context"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
)

// contender is one program in one form, compiled.
type contender interface {
	instantiate(ctx context.Context) (instance, error)
	close() error
}

// instance is used for one measurement.
type instance interface {
	// call calls a function that takes how much to do, and returns its checksum;
	// or one that does neither.
	call(ctx context.Context, function string, stack []uint64) error

	// used returns the fuel used since it was instantiated, 0 if that is not
	// counted.
	used() int64
	close() error
}

// entrant is a contender to be.
type entrant struct {
	name    string
	compile func(context.Context, *engine.Binary) (contender, error)
	close   func() error
}

// Names of contenders. The first is the base of all ratios.
const (
	plain         = "plain"
	closesOnDone  = "plain, WithCloseOnContextDone"
	lambentEngine = "Lambent's engine"
)

func metered(slice int64) string { return fmt.Sprintf("metered, slices of %d", slice) }

// entrants are in the order in which reports show them.
func entrants(ctx context.Context, slices []int64) ([]entrant, error) {
	var all []entrant
	add := func(name string, closes bool, slice int64) error {
		r, err := newRaw(ctx, closes, slice)
		if err == nil {
			all = append(all, entrant{name: name, compile: r.compile, close: r.close})
		}
		return err
	}
	if err := add(plain, false, 0); err != nil {
		return all, err
	}
	for _, slice := range slices {
		if err := add(metered(slice), false, slice); err != nil {
			return all, err
		}
	}
	if err := add(closesOnDone, true, 0); err != nil {
		return all, err
	}
	p, err := newProduct()
	if err != nil {
		return all, err
	}
	return append(all, entrant{name: lambentEngine, compile: p.compile, close: p.engine.Close}), nil
}
