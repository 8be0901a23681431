package main

import (
	"strings"
	"testing"
)

// TestRunRefuses covers what ends before it listens; the gateway's test has every
// peer answer.
func TestRunRefuses(t *testing.T) {
	const guest = "../guests/c/bare.wasm"
	for _, test := range []struct {
		on   string
		args []string
		want string
	}{
		{"wasmtime", nil, "want one"},
		{"wasmtime", []string{guest, guest}, "want one"},
		{"wasmer", []string{guest}, `--on is "wasmer"`},
		{"extism", []string{"missing.wasm"}, "missing.wasm"},
		{"wasmtime", []string{"main.go"}, "magic"},
	} {
		if err := run("127.0.0.1:0", test.on, test.args); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %q: error %v, want one with %q", test.on, test.args, err, test.want)
		}
	}
}
