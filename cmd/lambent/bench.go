package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/sandbox"
)

// benchOptions are the flags of lambent bench.
type benchOptions struct {
	event       eventFlags
	function    functionFlags
	mode        string
	verify      int
	cold        int
	endpointOf  string // --function
	events      int
	concurrency int
	openLoop    bool
	rate        float64
	trace       string
	seed        uint64
	json        bool
	svg         string
}

// Bounds of what is measured: every invocation is kept in memory.
const (
	maxBenchEvents      = 1_000_000
	maxBenchConcurrency = 10_000
	maxBenchCold        = 1_000
)

func benchCommand() *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench TARGET",
		Short: "Measure how long a function takes: cold, pristine, at once",
		Long: `Bench gives one event to a function over and over and prints how long it took.

TARGET is a folder of Go sources, which is built first, a .wasm module, a zip file
as lambent build makes it, or the URL of anything that answers AWS Lambda's Invoke
API; --function then names the function.

A function that is run here is measured in these states, one after the other:

  first ever    nothing is cached: the module is compiled
  from disk     a new engine finds compiled code and the image of the init phase on
                disk, as lambent serve does after it was started anew
  new instance  everything is ready, but no instance is idle
  pristine      an idle instance, restored after its last event (or another --mode)
  N at a time   the same by --concurrency callers, each of which sends its next
                event when it has the answer to the last

with the phases of the first four: load (compile, or read compiled code),
instantiate, init (the function's init phase), run (its handler), restore (make an
instance pristine again; on the way out if that is quick, else beside the next
events) and other, the rest. Phases are measured apart, so that taking their times
does not add to the others. 100 unmeasured events go before the last two.

With --open-loop events arrive at their own times, whether or not earlier ones are
answered: at random, --rate of them in a second, or at the times in the file that
--trace names. Latency then counts from the time at which the event was to arrive,
also when all callers were busy at that time.

A trace is a text file with one arrival per line, in seconds from the beginning,
ascending: 0, 0.25, 1.5e0. Empty lines and lines that begin with # are skipped.

The exit status is 1 if the function failed, at an event that was measured or before.`,
		Example: `  lambent bench ./sdk/go/examples/hello --event '{"name":"Ada"}'
  lambent bench fn.zip --event-file event.json --mode reuse --cold 0 --events 10000
  lambent bench fn.wasm --open-loop --rate 200 --seed 7 --svg latency.svg
  lambent bench fn.wasm --trace arrivals.txt --json > samples.json
  lambent bench http://127.0.0.1:9000 --function hello --concurrency 32`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.event.add(c)
	f := c.Flags()
	f.IntVar(&o.events, "events", 1000, fmt.Sprintf("how many events each warm measurement has, at most %d", maxBenchEvents))
	f.IntVar(&o.concurrency, "concurrency", 0, "how many callers there are, the most events under way at once (default: one for each processor; 64 with --open-loop)")
	f.IntVar(&o.cold, "cold", 3, "how often each of the first three states is measured; 0 leaves them out")
	f.StringVar(&o.mode, "mode", "", "pristine, init=each or reuse (default: that of lambent.json, else pristine)")
	f.IntVar(&o.verify, "verify", 0, "compare every `N`th restored instance with what it must be (default 10,000)")
	f.BoolVar(&o.openLoop, "open-loop", false, "let events arrive at their own times instead of after answers; needs --rate or --trace")
	f.Float64Var(&o.rate, "rate", 0, "how `many` events arrive in a second of the open loop, on average, at random")
	f.StringVar(&o.trace, "trace", "", "the `file` of the times at which events arrive; implies --open-loop")
	f.Uint64Var(&o.seed, "seed", 1, "of the arrivals of --rate: the same seed, the same times")
	f.StringVar(&o.endpointOf, "function", "", "the `name` of the function at the endpoint")
	f.BoolVar(&o.json, "json", false, "print one JSON object with every invocation instead of the table; times in nanoseconds")
	f.StringVar(&o.svg, "svg", "", "the `file` to draw the distribution of latencies into")
	o.function.add(c)
	return c
}

// localFlags are for functions that are run here.
var localFlags = []string{"memory", "timeout", "fuel", "env", "handler", "mode", "verify", "cold"}

func isEndpoint(target string) bool {
	return strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") || strings.HasPrefix(target, unixPrefix)
}

// check says what in the flags cannot be.
func (o *benchOptions) check(c *cobra.Command, target string) error {
	given := c.Flags().Changed
	var misplaced error
	for _, name := range localFlags {
		if given(name) {
			misplaced = errors.Join(misplaced, fmt.Errorf("--%s: a function at an endpoint has its own; change it there", name))
		}
	}
	switch {
	case isEndpoint(target) && misplaced != nil:
		return misplaced
	case isEndpoint(target) && o.endpointOf == "":
		return fmt.Errorf("%s is an endpoint; name the function there with --function; lambent list shows their names", target)
	case !isEndpoint(target) && o.endpointOf != "":
		return fmt.Errorf("--function %s: %s is not an endpoint, such as %s", o.endpointOf, target, defaultEndpoint)
	case o.events < 1 || o.events > maxBenchEvents:
		return fmt.Errorf("--events %d: allowed are 1 to %d", o.events, maxBenchEvents)
	case o.concurrency < 0 || o.concurrency > maxBenchConcurrency || given("concurrency") && o.concurrency == 0:
		return fmt.Errorf("--concurrency %d: allowed are 1 to %d", o.concurrency, maxBenchConcurrency)
	case o.cold < 0 || o.cold > maxBenchCold:
		return fmt.Errorf("--cold %d: allowed are 0 to %d", o.cold, maxBenchCold)
	case o.verify < 0 || given("verify") && o.verify == 0:
		return fmt.Errorf("--verify %d: it must be positive", o.verify)
	case o.trace != "" && (given("rate") || given("events")):
		return errors.New("--trace says when events arrive and how many; leave out --rate and --events")
	case given("rate") && !o.openLoop:
		return errors.New("--rate is of the open loop; add --open-loop")
	case o.openLoop && !given("rate") && o.trace == "":
		return errors.New("--open-loop needs to know when events arrive; add --rate or --trace")
	case given("rate") && !(o.rate > 0 && o.rate <= 1e6): // NaN, too
		return fmt.Errorf("--rate %v: allowed are more than 0 and at most 1,000,000 events a second", o.rate)
	case given("rate") && float64(o.events)/o.rate > maxArrival.Seconds():
		return fmt.Errorf("--rate %v: %d events would take more than %.0f hours, the longest that is allowed; ask for fewer --events, or more in a second", o.rate, o.events, maxArrival.Hours())
	}
	if o.svg != "" {
		return checkOutput("--svg", o.svg)
	}
	return nil
}

func (o *benchOptions) run(c *cobra.Command, target string) error {
	if err := o.check(c, target); err != nil {
		return err
	}
	event, err := o.event.read(c)
	if err != nil {
		return err
	}
	if err := sandbox.CheckEvent(event); err != nil {
		return err
	}
	plan, err := o.plan()
	if err != nil {
		return err
	}
	progress := newProgress(c.ErrOrStderr())
	defer progress.done()
	report := newBenchReport(o, target, len(event))
	if isEndpoint(target) {
		err = o.benchEndpoint(c.Context(), target, event, plan, report, progress)
	} else {
		err = o.benchFunction(c.Context(), target, event, plan, report, progress)
	}
	progress.done()
	if failed, ok := errors.AsType[*sandbox.FunctionError](err); ok {
		fmt.Fprintf(c.ErrOrStderr(), "The function fails, there is nothing to measure: %s\n", failed.Payload)
		return errFailed
	}
	if err != nil {
		return err
	}
	if o.svg != "" {
		if err := writeFile(o.svg, report.plot()); err != nil {
			return err
		}
	}
	if err := report.print(c.OutOrStdout(), o.json); err != nil {
		return err
	}
	if n := report.failures(); n > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "The function failed at %d of the events that were measured.\n", n)
		return errFailed
	}
	return nil
}

// plan says how the last measurement is driven.
func (o *benchOptions) plan() (benchPlan, error) {
	p := benchPlan{events: o.events, concurrency: o.concurrency}
	switch {
	case o.trace != "":
		var err error
		if p.arrivals, err = readTrace(o.trace); err != nil {
			return p, err
		}
		p.events = len(p.arrivals)
	case o.openLoop:
		p.arrivals = randomArrivals(o.events, o.rate, o.seed)
	}
	switch {
	case p.concurrency > 0:
	case p.arrivals != nil:
		p.concurrency = 64
	default:
		p.concurrency = runtime.GOMAXPROCS(0)
	}
	return p, nil
}
