//go:build wasmtime && cgo && linux && amd64

package main

import (
	"errors"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
)

// entrants are the contenders of programs, in the order in which reports show them.
// The first is the base of all ratios. Libraries are put into dir.
func entrants(dir string) ([]compute.Entrant, error) {
	all := []compute.Entrant{native(nativeO2, 2, dir), native(nativeO3, 3, dir)}
	for _, e := range append(engines[:len(engines):len(engines)], namedEngine{careful, openCareful}) {
		eng, err := e.open("")
		if err != nil {
			return nil, errors.Join(err, compute.CloseAll(all))
		}
		all = append(all, compute.Product(onEngine(e.name), eng))
	}
	return append(all,
		raw(rawPlain, rawOptions{}),
		raw(rawMetered, rawOptions{metered: true}),
		raw(rawEpochs, rawOptions{metered: true, epochs: true}),
		raw(rawNaNs, rawOptions{metered: true, nans: true}),
	), nil
}
