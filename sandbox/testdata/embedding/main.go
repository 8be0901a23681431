// A program that embeds Lambent: it runs a function that it does not trust, and
// lets it call one of its own.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

//go:embed function.wasm
var wasm []byte

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	dir, err := os.UserCacheDir() // compiled code is trusted: keep it where only you can write
	if err != nil {
		return err
	}
	eng, err := wazero.New(wazero.Config{CacheDir: filepath.Join(dir, "embedding")})
	if err != nil {
		return err
	}
	defer eng.Close()

	box, err := sandbox.New(ctx, eng, wasm, sandbox.Config{
		Limits: sandbox.Limits{Memory: 64 << 20, Time: 100 * time.Millisecond, Fuel: 5e8},
		Policy: sandbox.Policy{}, // the zero value reaches nothing
		Calls: sandbox.Calls{
			"price.lookup": func(ctx context.Context, in []byte) ([]byte, error) {
				return []byte(`{"cents":1999}`), nil
			},
		},
	})
	if err != nil {
		return err
	}
	defer box.Close()

	res, err := box.Run(ctx, []byte(`{"item":"teapot"}`)) // pristine instance; safe from many goroutines
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%+v\n", res.Response, res.Usage)
	return nil
}
