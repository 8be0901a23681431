package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// Main is a command's main function: it calls run with the arguments and an empty
// folder, which is gone afterwards, and ends the process. run's context ends when the
// process is interrupted, and after limit.
func Main(name string, limit time.Duration, run func(ctx context.Context, args []string, dir string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run took longer than %v", limit))
	defer cancel()
	if err := inFolder(func(dir string) error { return run(ctx, os.Args[1:], dir) }); err != nil {
		stop()
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

func inFolder(use func(dir string) error) error {
	dir, err := os.MkdirTemp("", "lambent-benchmarks-")
	if err != nil {
		return err
	}
	return errors.Join(use(dir), os.RemoveAll(dir))
}
