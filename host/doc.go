// Package host is Lambent inside your own program: functions compiled to
// WebAssembly, kept in a directory, deployed, invoked and deleted as on AWS
// Lambda, without a listener.
//
//	h, err := host.Open(host.Config{Dir: "data"})
//	defer h.Close()
//	f, err := h.Deploy(ctx, host.Deployment{Name: "greet", Zip: zip})
//	res, err := h.Invoke(ctx, host.Invocation{Function: "greet", Event: []byte(`{"name":"Ada"}`)})
//
// What a method acknowledges is on stable storage: it holds after a crash.
//
// State machines need no Host to be checked, drawn and tried out: CheckMachine,
// Draw and Rehearse take a definition in Amazon States Language.
//
// Compiling is the one thing that attackers' modules do outside of a sandbox. It
// happens in this process, behind limits on absurd modules, unless
// Config.CompileCommand says how to start another for it.
//
// The package never listens: package gateway puts a Host on an address.
package host
