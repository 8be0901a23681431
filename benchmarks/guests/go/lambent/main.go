// Command lambent is the handler of package greet on Lambent's library for Go.
package main

import (
	"context"

	"github.com/lambent-dev/lambent/benchmarks/guests/go/greet"
	lambent "github.com/lambent-dev/lambent/sdk/go"
)

func main() {
	lambent.StartFunc(func(_ context.Context, e greet.Event) (greet.Answer, error) {
		return greet.Greet(e), nil
	})
}
