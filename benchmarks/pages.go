package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/embedded"
	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// What the table of dirty pages covers.
var (
	memories   = [...]int{1, 4, 16, 64, 256} // MiB
	dirtyPages = [...]int{1, 10, 100, 1000}  // of 4 KiB; what does not fit is left out
)

// A round has so many events at least for each field of the table, and lasts so
// long at least.
const (
	pageEvents = 100
	pageTime   = 20 * time.Millisecond
)

// Pages is what an event costs that writes to so many pages of a memory of that
// size.
type Pages struct {
	MiB, Dirty int
	Mode       sandbox.Mode
	Median     []time.Duration // of each round, of the latencies
	Each       []time.Duration // of each round, processor time by events: what is restored beside them, too
}

// writer is a module of so much memory whose handler adds one to a byte in each
// of so many pages, spread evenly, and answers 1 if the first of them is 1 then,
// as in an instance that nobody used, else 2.
func writer(mib, dirty int) []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	respond := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	size := int64(mib) << 20 >> 16
	b.Memory(size, size)
	b.ExportMemory()
	stride := int32(mib<<20/systemPage/dirty) * systemPage
	const at, empty = 0, 0x40 // the local; a block without a result
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), i32,
		wb.Loop(empty),
		wb.LocalGet(at), wb.LocalGet(at), wb.I32Load8U(64), wb.I32Const(1), wb.I32Add, wb.I32Store8(64),
		wb.LocalGet(at), wb.I32Const(stride), wb.I32Add, wb.LocalTee(at),
		wb.I32Const(stride*int32(dirty)), wb.I32LtU, wb.BrIf(0),
		wb.End,
		wb.I32Const(0), wb.I32Const('2'), wb.I32Const(0), wb.I32Load8U(64), wb.I32Const(1), wb.I32Eq, wb.I32Sub, wb.I32Store8(0),
		wb.I32Const(0), wb.I32Const(1), wb.Call(respond), wb.Drop, wb.I32Const(0)))
	return b.Bytes()
}

// systemPage is what is restored at a time.
const systemPage = 4096

// pageLane is a field of the table to be.
type pageLane struct {
	box    *sandbox.Sandbox
	result Pages
}

// openPages makes a Sandbox for each field, on one engine.
func openPages(ctx context.Context) (eng engine.Engine, lanes []*pageLane, err error) {
	if eng, err = wazero.New(wazero.Config{}); err != nil {
		return nil, nil, err
	}
	for _, mib := range memories {
		for _, dirty := range dirtyPages {
			if dirty > mib<<20/systemPage {
				continue
			}
			for _, mode := range []sandbox.Mode{sandbox.Pristine, sandbox.Reuse} {
				box, err := sandbox.New(ctx, eng, writer(mib, dirty), sandbox.Config{
					Manifest: sandbox.Manifest{Mode: string(mode)},
					Limits:   sandbox.Limits{Memory: uint64(mib) << 20},
					Verify:   embedded.Verify,
				})
				if err != nil {
					return eng, lanes, err
				}
				lanes = append(lanes, &pageLane{box, Pages{MiB: mib, Dirty: dirty, Mode: mode}})
			}
		}
	}
	return eng, lanes, nil
}

// measurePages measures the table, in rounds of shuffled order.
func measurePages(ctx context.Context, o options) (table []Pages, err error) {
	eng, lanes, err := openPages(ctx)
	if eng != nil {
		defer eng.Close()
	}
	for _, l := range lanes {
		defer l.box.Close()
	}
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(o.Seed, 1))
	order := append([]*pageLane(nil), lanes...)
	for range o.rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, l := range order {
			if err := l.round(ctx); err != nil {
				return nil, fmt.Errorf("%d MiB, %d dirty pages, %s: %w", l.result.MiB, l.result.Dirty, l.result.Mode, err)
			}
		}
	}
	for _, l := range lanes {
		table = append(table, l.result)
	}
	return table, nil
}

func (l *pageLane) round(ctx context.Context) error {
	for range warmUp {
		if _, err := l.event(ctx); err != nil {
			return err
		}
	}
	runtime.GC()
	before, err := server.OwnCPU()
	if err != nil {
		return err
	}
	var latencies []time.Duration
	for begin := time.Now(); len(latencies) < pageEvents || time.Since(begin) < pageTime; {
		took, err := l.event(ctx)
		if err != nil {
			return err
		}
		latencies = append(latencies, took)
	}
	after, err := server.OwnCPU()
	l.result.Median = append(l.result.Median, record.Median(latencies))
	l.result.Each = append(l.result.Each, (after-before)/time.Duration(len(latencies)))
	return err
}

func (l *pageLane) event(ctx context.Context) (took time.Duration, err error) {
	started := time.Now()
	res, err := l.box.Run(ctx, nil)
	took = time.Since(started)
	if err == nil && l.result.Mode == sandbox.Pristine && string(res.Response) != "1" {
		err = fmt.Errorf("answered %q, want 1", res.Response)
	}
	return took, err
}

// pageTable writes it, one line for each size of memory.
func (r *Results) pageTable(b *strings.Builder) {
	if len(r.Pages) == 0 {
		return
	}
	b.WriteString("Dirty pages, µs for an event: median latency pristine / reuse (pristine, processor time)\n\n| memory |")
	for _, dirty := range dirtyPages {
		fmt.Fprintf(b, " %d pages |", dirty)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(dirtyPages)) + "\n")
	for _, mib := range memories {
		fmt.Fprintf(b, "| %d MiB |", mib)
		for _, dirty := range dirtyPages {
			fresh, used := r.pages(mib, dirty, sandbox.Pristine), r.pages(mib, dirty, sandbox.Reuse)
			if fresh == nil || used == nil {
				b.WriteString(" – |")
				continue
			}
			fmt.Fprintf(b, " %s / %s (%s) |", record.Micros(record.Median(fresh.Median)), record.Micros(record.Median(used.Median)), record.Micros(record.Median(fresh.Each)))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func (r *Results) pages(mib, dirty int, mode sandbox.Mode) *Pages {
	for i := range r.Pages {
		if p := &r.Pages[i]; p.MiB == mib && p.Dirty == dirty && p.Mode == mode {
			return p
		}
	}
	return nil
}
