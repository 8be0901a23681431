// A program with a platform for functions inside: it deploys one, invokes it, and
// finds it again after opening the directory anew.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/lambent-dev/lambent/host"
)

//go:embed function.wasm
var wasm []byte

func main() {
	dir := "data"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(context.Background(), dir); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, dir string) (err error) {
	h, err := host.Open(host.Config{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()

	greet, err := h.Deploy(ctx, host.Deployment{ // returns when it is ready
		Name:    "greet",
		Module:  wasm,
		Timeout: time.Second,
		Memory:  128,
	})
	if err != nil {
		return err
	}
	res, err := h.Invoke(ctx, host.Invocation{Function: "greet", Event: []byte(`{"name":"Ada","n":41}`)})
	if err != nil {
		return err // the host's or the caller's
	}
	if res.Failed {
		return fmt.Errorf("the function failed: %s", res.Payload)
	}
	fmt.Printf("%s %s\n%s\n%+v\n", greet.ARN, greet.State.Is, res.Payload, res.Usage)
	return nil
}
