package main

import (
	"context"

	"github.com/lambent-dev/lambent/benchmarks/internal/embedded"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// loadLambent loads it in a mode; with a warm-up event, if it is told so, that is
// the one of the benchmark.
func loadLambent(mode sandbox.Mode, warm bool) func(context.Context, handler) (contender, error) {
	return func(ctx context.Context, h handler) (contender, error) {
		eng, err := wazero.New(wazero.Config{})
		if err != nil {
			return nil, err
		}
		var first []byte
		if warm {
			first = []byte(event)
		}
		return embedded.Load(ctx, eng, h.lambent, mode, first)
	}
}
