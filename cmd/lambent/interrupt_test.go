//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestInterruptWhileReading interrupts a lambent that waits for an event which
// never comes.
func TestInterruptWhileReading(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "event")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	lambent, err := exec.LookPath("lambent") // testscript.Main put it there
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), lambent, "run", ".", "--event-file", fifo)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	// It opens for writing once there is a reader.
	writer := -1
	for writer < 0 {
		select {
		case err := <-ended:
			t.Fatalf("it ended before it read: %v", err)
		case <-time.After(time.Millisecond):
		}
		if writer, err = syscall.Open(fifo, syscall.O_WRONLY|syscall.O_NONBLOCK, 0); err != nil && err != syscall.ENXIO {
			t.Fatal(err)
		}
	}
	defer syscall.Close(writer)
	for giveUp := time.After(time.Minute); ; {
		c.Process.Signal(os.Interrupt)
		select {
		case <-ended:
			return
		case <-giveUp:
			t.Fatal("signals did not end it")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
