// Sdk is a reactor by the Go SDK whose handler panics.
package main

import lambent "github.com/lambent-dev/lambent/sdk/go"

type broken struct{ Part string }

func (b broken) Error() string { return b.Part + " is broken" }

func main() {
	lambent.Start(func(part string) error {
		if part != "" {
			panic(broken{part})
		}
		return nil
	})
}
