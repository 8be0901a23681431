package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/sandbox"
)

// writes keeps what each write was.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestLogPrinter(t *testing.T) {
	var got writes
	p := newLogPrinter(&got)
	system := func(function, text string) {
		p.print(function, "", host.LogLine{Source: sandbox.System, Message: []byte(text)})
	}
	said := func(function, text string) {
		p.print(function, "", host.LogLine{Source: sandbox.Stdout, Message: []byte(text)})
	}
	long := strings.Repeat("x", maxHeld)
	system("a", "START 1")
	system("a", "END 1")
	system("a", "REPORT 1")
	system("b", "START 2")
	said("b", "START") // as a function may say
	said("b", "END of it")
	said("c", long)
	said("c", "")
	system("b", "END 2")
	system("a", "START "+long) // is not kept
	system("b", "REPORT 2")
	want := []string{
		"[a] START 1\n[a] END 1\n[a] REPORT 1\n",
		"[b] START 2\n[b] START\n",
		"[b] END of it\n",
		"[c] " + long + "\n",
		"[c] \n",
		"[b] END 2\n[a] START " + long + "\n",
		"[b] REPORT 2\n",
	}
	if !slices.Equal(got, want) {
		t.Errorf("written: %.100q\nwant %.100q", got, want)
	}
}
