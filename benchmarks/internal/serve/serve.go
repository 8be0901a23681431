// Package serve answers HTTP with fasthttp, for the servers that Lambent is
// compared with.
package serve

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/valyala/fasthttp"
)

// HTTP serves until the process is asked to end.
func HTTP(address string, handler fasthttp.RequestHandler) error {
	s := fasthttp.Server{CloseOnShutdown: true, Handler: handler}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-end
		s.Shutdown()
	}()
	return s.ListenAndServe(address)
}
