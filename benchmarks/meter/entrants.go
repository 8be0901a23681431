package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// Names of contenders. The first is the base of all ratios.
const (
	plain         = "plain"
	closesOnDone  = "plain, WithCloseOnContextDone"
	lambentEngine = "Lambent's engine"
)

func metered(slice int64) string { return fmt.Sprintf("metered, slices of %d", slice) }

// open has all contenders do a little of each program.
func open(ctx context.Context, programs []compute.Program, slices []int64) (*compute.Field, error) {
	all, err := entrants(ctx, slices)
	if err != nil {
		return nil, errors.Join(err, compute.CloseAll(all))
	}
	return compute.Open(ctx, programs, all)
}

// entrants are in the order in which reports show them.
func entrants(ctx context.Context, slices []int64) ([]compute.Entrant, error) {
	var all []compute.Entrant
	add := func(name string, closes bool, slice int64) error {
		r, err := newRaw(ctx, closes, slice)
		if err == nil {
			all = append(all, compute.Entrant{Name: name, Compile: r.compile, Close: r.close})
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
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		return all, err
	}
	return append(all, compute.Product(lambentEngine, eng)), nil
}
