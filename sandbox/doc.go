// Package sandbox runs functions compiled to WebAssembly that are not trusted.
//
// A [Sandbox] is a module together with what it may reach ([Policy]), how much
// of it ([Limits]) and which Go functions of the embedder it may call
// ([Calls]). [Sandbox.Run] gives each event a pristine instance: nothing that
// one event leaves behind is seen by the next.
//
//	eng, err := wazero.New(wazero.Config{})
//	box, err := sandbox.New(ctx, eng, wasm, sandbox.Config{})
//	res, err := box.Run(ctx, []byte(`{"name":"Ada"}`))
//
// What was compiled is found again by its digest ([Open]), and what the init
// phase left by all that it depends on ([Config.Images]): then nothing of the
// guest runs before its first event.
//
// A function sees its event, its own environment, a file system in memory, a
// clock and a source of randomness. It sees no file, no variable and no address
// of the host. Modules are entered in one of two ways: a reactor exports
// lambent_handle and speaks the interface lambent_v1, a stdio program is run by
// _start with the event on stdin and answers on stdout.
//
// The package never listens, stores or schedules: package host does.
package sandbox
