package command

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// Main is a command's main function: it calls run with the arguments, and ends the
// process. run's context ends when the process is interrupted, and after limit.
func Main(name string, limit time.Duration, run func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run took longer than %v", limit))
	defer cancel()
	if err := run(ctx, os.Args[1:]); err != nil {
		stop()
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
