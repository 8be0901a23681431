package lambent

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	_ "unsafe" // for go:linkname
)

// mainMain is the program's main function, which a library build never calls.
// That it has no body here takes a package with an assembly file: random_wasip1.s.
//
//go:linkname mainMain main.main
func mainMain()

// reactor is the state of a library build. Nothing here is used by two
// goroutines at a time: lambent_init waits for main, lambent_handle comes later.
var reactor struct {
	running  bool // lambent_init was called
	started  chan startup
	handlers *handlers // nil: not ready for events
}

// startup is what main came to.
type startup struct {
	handlers *handlers
	err      error
}

// Results of the exported functions.
const (
	resultOK       = 0
	resultReported = 1 // the host was told the error
)

// lambentInit runs main up to Start. The host calls it once, before any event.
//
//go:wasmexport lambent_init
func lambentInit() int32 {
	if reactor.running {
		return report(initFailure(errors.New("lambent_init was called twice")))
	}
	reactor.running = true
	if err := prepareRestore(); err != nil {
		return report(initFailure(err))
	}
	reactor.started = make(chan startup, 1)
	go runMain()
	s := <-reactor.started
	if s.err != nil {
		return report(initFailure(s.err))
	}
	for _, name := range s.handlers.names {
		if n := hostRegister(name); n < 0 {
			return report(initFailure(fmt.Errorf("register handler %q: %w", name, errno(n))))
		}
	}
	reactor.handlers = s.handlers
	return resultOK
}

// runMain runs main and says so if it comes back.
func runMain() {
	defer func() {
		if v := recover(); v != nil {
			crash(crashed(v))
		}
	}()
	mainMain()
	reactor.started <- startup{err: errors.New("main returned without calling lambent.Start")}
}

// lambentHandle handles one event.
//
//go:wasmexport lambent_handle
func lambentHandle() int32 {
	if reactor.handlers == nil {
		return report(initFailure(errors.New("lambent_handle was called without a successful lambent_init")))
	}
	invoke, err := reactor.handlers.find(hostValue("handler"))
	if err != nil {
		return report(describe(err))
	}
	event, err := readEvent()
	if err != nil {
		return report(describe(err))
	}
	tooLarge := false
	inv := invocation{event: event, deadline: hostDeadline(), value: hostValue}
	out := run(inv, invoke, func(p []byte) error {
		n := hostResponseWrite(pointer(p), uint32(len(p)))
		if n < 0 {
			tooLarge = errno(n) == syscall.E2BIG
			return errno(n)
		}
		return nil
	})
	switch {
	case out.crash != nil:
		crash(out)
	case tooLarge:
		return resultOK // the host knows the limit and has the better message
	case out.failure != nil:
		return report(out.failure)
	}
	return resultOK
}

// report tells the host the error of the event, or of initialisation.
func report(f *failure) int32 {
	payload := f.payload()
	hostResponseError(pointer(payload), uint32(len(payload)))
	return resultReported
}

// crash ends the program after a panic. A library's own way to end would be a
// trap, which says less to the host.
func crash(out outcome) {
	report(out.failure)
	os.Stderr.Write(out.crash)
	os.Exit(exitPanic)
}
