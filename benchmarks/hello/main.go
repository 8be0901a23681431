// Command hello is fasthttp with nothing behind it: it answers every request
// with the same bytes, as many as the function that it is compared with. What it
// costs is what HTTP costs.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/valyala/fasthttp"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "the `address` to listen on")
	answer := flag.String("answer", "hello", "the `body` of every answer")
	flag.Parse()
	if err := serve(*listen, []byte(*answer)); err != nil {
		fmt.Fprintln(os.Stderr, "hello:", err)
		os.Exit(1)
	}
}

// serve serves until it is asked to end.
func serve(address string, answer []byte) error {
	s := fasthttp.Server{
		CloseOnShutdown: true,
		Handler: func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType("application/json")
			ctx.SetBody(answer)
		},
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-end
		s.Shutdown()
	}()
	return s.ListenAndServe(address)
}
