// A function whose answer depends on everything that a host can tell it: clocks,
// randomness, map order, which of two calls and timers came first.
package main

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"time"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

func main() { lambent.StartFunc(answer) }

func answer(ctx context.Context, event struct{ Calls int }) ([]string, error) {
	var (
		mu   sync.Mutex
		seen []string
	)
	note := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, fmt.Sprintf(format, args...))
	}
	note("%s", crand.Text())
	note("%d", rand.Uint64())
	begin := time.Now()
	note("%s", begin.Format(time.RFC3339Nano))
	for key := range map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true} {
		note("key %d", key)
	}
	var wait sync.WaitGroup
	for i := range event.Calls {
		wait.Go(func() {
			out, err := lambent.Call(ctx, "race", []byte{byte(i)})
			note("call %d: %s %v", i, out, err)
		})
		wait.Go(func() {
			time.Sleep(time.Duration(i) * time.Millisecond)
			note("timer %d", i)
		})
	}
	wait.Wait()
	deadline, _ := ctx.Deadline()
	note("took %v, left %v", time.Since(begin), time.Until(deadline))
	if err := os.WriteFile("/tmp/seen", []byte(strings.Join(seen, "\n")), 0o600); err != nil {
		return nil, err
	}
	info, err := os.Stat("/tmp/seen")
	if err != nil {
		return nil, err
	}
	note("written %d bytes at %s", info.Size(), info.ModTime())
	slog.Info("seen", "count", len(seen))
	return seen, nil
}
