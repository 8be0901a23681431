package lambent

import "os"

// serve hands events to h; err is why the program has no handlers. A reactor's
// main only runs because lambent_init was called; an executable's runs without.
func serve(h *handlers, err error) {
	if reactor.running {
		reactor.started <- startup{h, err}
		select {} // main stays here, so that what it deferred never runs
	}
	stdout := os.Stdout
	os.Stdout = os.Stderr
	os.Exit(serveStdio(h, err, os.Stdin, stdout, os.Stderr, os.Getenv))
}

// functionValue is the lookup for what does not depend on the event.
func functionValue(key string) string {
	if reactor.running {
		return hostValue(key)
	}
	return environmentLookup(os.Getenv)(key)
}
