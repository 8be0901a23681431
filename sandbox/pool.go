package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// pool hands out instances for one event each. Those that are idle are ready
// for the next: restored, or as their last event left them if they are reused.
type pool struct {
	config *Config
	life   context.Context // done when the Sandbox closes
	model  abi.Model
	module engine.Module
	files  *memfs.Base

	environment []string        // that every event finds
	stream      func() string   // makes up the name of the log stream, once
	identity    *storedIdentity // of the image in Config.Images; nil if it is not kept

	// Set when the Sandbox is made.
	mode   Mode
	why    error           // it is not the mode that was asked for
	image  engine.Image    // that instances are made of; nil: of the module
	ready  bool            // they have been through the init phase
	epoch  time.Time       // the zero of their monotonic clocks
	frozen int64           // when they began, in nanoseconds since the Unix epoch
	hook   bool            // they want to know when they were restored
	flags  [4]wasi.Fdflags // that they set on descriptors 0 to 3
	first  atomic.Int64    // what the init phase took that is not reported yet

	working  sync.WaitGroup // restores in the background
	restored atomic.Uint64  // how many were restored, for Config.Verify

	shards []shard
	idle   atomic.Int64 // instances in all shards
	held   atomic.Int64 // bytes that they hold for themselves
	warm   atomic.Int64 // how many stay in any case, see Sandbox.Warm
}

// shard is a stack of idle instances. There are several so that goroutines
// seldom meet.
type shard struct {
	mu   sync.Mutex
	idle []*instance
	_    [96]byte // keeps shards on cache lines of their own
}

// inlinePages is how many pages of 4 KiB are restored before an answer leaves.
// Copying so many takes about 70 µs. Having another goroutine do it beside the
// next events takes eight times the processor time that the copy takes: other
// instances are made meanwhile, and the pages leave the processor's caches.
const inlinePages = 1024

// makeShards makes room for idle instances.
func (p *pool) makeShards() {
	n := 1
	for n < runtime.GOMAXPROCS(0) {
		n *= 2
	}
	p.shards = make([]shard, n)
}

// take returns an instance for one event: an idle one, or one that is still to
// be made.
func (p *pool) take() *instance {
	if p.idle.Load() > 0 {
		start := rand.Uint32()
		for i := range uint32(len(p.shards)) {
			if in := p.shards[(start+i)%uint32(len(p.shards))].pop(); in != nil {
				p.idle.Add(-1)
				p.held.Add(-in.held)
				return in
			}
		}
	}
	return newInstance(p)
}

func (s *shard) pop() *instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.idle) - 1
	if last < 0 {
		return nil
	}
	in := s.idle[last]
	s.idle[last] = nil
	s.idle = s.idle[:last]
	return in
}

// give takes an instance back whose event is over, in time for the next or to
// destroy it.
func (p *pool) give(in *instance) {
	in.leave()
	if in.live == nil || p.life.Err() != nil {
		p.destroy(in)
		return
	}
	restorer := in.live.Restorer()
	switch {
	case in.doubtful || restorer == nil && p.mode != Reuse:
		p.giveUp(in)
		return
	case p.mode == Reuse:
		p.put(in)
		return
	}
	if pages := restorer.Settle(); pages >= 0 && pages <= inlinePages || pages < 0 && restorer.Private() <= inlinePages*pageOfSystem {
		p.restore(in)
		return
	}
	p.working.Go(func() { p.restore(in) })
}

// pageOfSystem is what Restorer counts in.
const pageOfSystem = 4096

// restore makes an instance pristine and idle.
func (p *pool) restore(in *instance) {
	restorer := in.live.Restorer()
	if err := restorer.Restore(); err != nil {
		slog.Warn("lambent: an instance is given up, it could not be restored", "function", p.config.Name, "error", err)
		p.destroy(in)
		return
	}
	if p.restored.Add(1)%uint64(p.config.Verify) == 0 {
		if err := restorer.Verify(); err != nil {
			slog.Error("lambent: an instance was not pristine after it was restored", "function", p.config.Name, "error", err)
			p.destroy(in)
			return
		}
	}
	p.put(in)
}

// put makes an instance idle, unless there are enough.
func (p *pool) put(in *instance) {
	in.held = instanceBytes
	if restorer := in.live.Restorer(); restorer != nil && p.mode != Reuse {
		in.held += int64(restorer.Private())
	} else {
		in.held += int64(len(in.live.Memory())) + in.files.Used()
	}
	idle, held := p.idle.Add(1), p.held.Add(in.held)
	tooMany := idle > int64(p.config.Limits.Idle) || idle > 1 && held > p.config.Limits.IdleBytes
	if tooMany && idle > p.warm.Load() || p.life.Err() != nil {
		p.idle.Add(-1)
		p.held.Add(-in.held)
		p.destroy(in)
		return
	}
	s := &p.shards[rand.Uint32()%uint32(len(p.shards))]
	s.mu.Lock()
	s.idle = append(s.idle, in)
	s.mu.Unlock()
}

// instanceBytes is about what an idle instance takes beside its memory: an
// engine's state, stacks of functions, tables of the kernel.
const instanceBytes = 32 << 10

// shed destroys what is idle, but for so many, and those that stay in any case.
func (p *pool) shed(keep int) {
	stay := max(int64(keep), p.warm.Load())
	for i := range p.shards {
		for p.idle.Load() > stay {
			in := p.shards[i].pop()
			if in == nil {
				break
			}
			p.idle.Add(-1)
			p.held.Add(-in.held)
			p.destroy(in)
		}
	}
}

// giveUp destroys an instance whose event is over. To unmap memory takes about
// 5 ms for 64 MiB that were written: no answer waits for that.
func (p *pool) giveUp(in *instance) {
	const quick = 1 << 20
	if len(in.live.Memory()) <= quick {
		p.destroy(in)
		return
	}
	if restorer := in.live.Restorer(); restorer != nil {
		restorer.Wait() // here, on the thread that is watched
	}
	p.working.Go(func() { p.destroy(in) })
}

// destroy releases an instance. Any doubt about one ends here.
func (p *pool) destroy(in *instance) {
	if in.live == nil {
		return
	}
	if restorer := in.live.Restorer(); restorer != nil {
		restorer.Wait() // it may be watched still
	}
	err := in.live.Close()
	in.live = nil
	if err != nil {
		// The engine could not give memory back: nothing that a caller could
		// do about it, and nothing that may stay unseen.
		slog.Error("lambent: an instance could not be closed", "error", err)
	}
}

// close destroys everything, when no event is under way any more.
func (p *pool) close() error {
	p.working.Wait()
	p.warm.Store(0)
	p.shed(0)
	var err error
	if p.image != nil {
		err = p.image.Close()
	}
	return errors.Join(err, p.module.Close())
}
