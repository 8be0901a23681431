//go:build !wasmtime

package host_test

import "github.com/lambent-dev/lambent/host"

// second is what tests verify on beside wazero: nothing.
var second []host.Engine

const secondLabel = ""
