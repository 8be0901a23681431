// Command peer is fasthttp with a handler behind it that runs on what Lambent is
// compared with, in a new instance or process for each request. It does nothing
// beside that: no limits but those of package peers, no logs, no names.
//
//	peer --listen ADDRESS --on wasmtime|pooling|extism|process FILE
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/benchmarks/internal/peers"
	"github.com/lambent-dev/lambent/benchmarks/internal/serve"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "the `address` to listen on")
	on := flag.String("on", "wasmtime", "what runs the handler: wasmtime, pooling, extism or process")
	flag.Parse()
	if err := run(*listen, *on, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(listen, on string, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("there are %d arguments; want one, the file of the handler", len(args))
	}
	p, err := load(on, args[0])
	if err != nil {
		return err
	}
	defer p.Close()
	return serve.HTTP(listen, func(ctx *fasthttp.RequestCtx) {
		// The context of a request ends with the server only: watching for that
		// would cost what no user has to pay.
		answer, err := p.Answer(context.Background(), ctx.PostBody())
		if err != nil {
			ctx.Error(err.Error(), fasthttp.StatusInternalServerError)
			return
		}
		ctx.SetContentType("application/json")
		ctx.SetBody(answer)
	})
}

func load(on, path string) (peers.Peer, error) {
	if on == "process" {
		return peers.Process(path), nil
	}
	module, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	switch on {
	case "wasmtime":
		return peers.Wasmtime(module, peers.WasmtimeOptions{})
	case "pooling":
		return peers.Wasmtime(module, peers.WasmtimeOptions{Pool: true})
	case "extism":
		return peers.Extism(context.Background(), module)
	}
	return nil, fmt.Errorf("--on is %q, want wasmtime, pooling, extism or process", on)
}
