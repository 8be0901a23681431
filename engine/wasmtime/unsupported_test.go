//go:build !(wasmtime && cgo && linux && amd64)

package wasmtime

import (
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	if eng, err := New(Config{}); err == nil || eng != nil || Missing() == nil {
		t.Errorf("New() = %v, %v, want an error", eng, err)
	}
	for system, want := range map[string]string{
		"linux/amd64":  "-tags wasmtime",
		"linux/arm64":  "advisory",
		"darwin/arm64": "advisory",
		"darwin/amd64": "not supported on darwin/amd64",
		"linux/386":    "not supported on linux/386",
	} {
		os, arch, _ := strings.Cut(system, "/")
		if err := missing(os, arch); !strings.Contains(err.Error(), want) {
			t.Errorf("on %s: %v, want %q in it", system, err, want)
		}
	}
}
