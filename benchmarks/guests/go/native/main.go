// Command native is the handler of package greet as a program: event on
// standard input, response on standard output.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/lambent-dev/lambent/benchmarks/guests/go/greet"
)

func main() {
	if err := answer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer() error {
	event, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	response, err := greet.JSON(event)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(response)
	return err
}
