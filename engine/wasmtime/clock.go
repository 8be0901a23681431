//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "engine.h"
import "C"

import (
	"sync"
	"time"
)

// tick is how often guests that run look at their context without being asked by
// the meter.
const tick = time.Second

// clock ticks for the guests of an engine that has some. Should the meter ever miss
// a loop, the clock does not: wasmtime looks at it in every loop and function.
type clock struct {
	mu   sync.Mutex // before nothing else
	quit chan struct{}
	gone chan struct{} // closed when nothing ticks any more
	over bool
}

// start starts the clock, if it does not tick.
func (c *clock) start(e *wasmtimeEngine) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.quit != nil || c.over {
		return
	}
	c.quit, c.gone = make(chan struct{}), make(chan struct{})
	go c.run(e, c.quit)
}

func (c *clock) run(e *wasmtimeEngine, quit chan struct{}) {
	defer close(c.gone)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-quit:
			return
		case <-ticker.C:
			if native, done, err := e.use(); err == nil {
				C.wasmtime_engine_increment_epoch(native)
				done()
			}
			e.stacks.trim()
		}
	}
}

// stop stops it for good.
func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.quit != nil && !c.over {
		close(c.quit)
		<-c.gone
	}
	c.over = true
}
