// Command hello is fasthttp with nothing behind it: it answers every request
// with the same bytes, as many as the function that it is compared with. What it
// costs is what HTTP costs.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/benchmarks/internal/serve"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "the `address` to listen on")
	answer := flag.String("answer", "hello", "the `body` of every answer")
	flag.Parse()
	body := []byte(*answer)
	err := serve.HTTP(*listen, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("application/json")
		ctx.SetBody(body)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "hello:", err)
		os.Exit(1)
	}
}
