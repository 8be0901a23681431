// Package lambent is the library of functions written in Go that run on
// Lambent. A function is a handler and one call of [Start]:
//
//	type greeting struct {
//		Name string `json:"name"`
//	}
//
//	func handle(ctx context.Context, in greeting) (string, error) {
//		return "Hello, " + in.Name, nil
//	}
//
//	func main() { lambent.Start(handle) }
//
// Handlers have the signatures known from AWS Lambda, and what they may ask
// for (the request id, the deadline, the caller's context) has the same names:
// see [Start] and [Context].
//
// # How a program is entered
//
// The same source runs in four ways; [Start] finds out which, and never
// returns in any of them.
//
//   - Built with GOOS=wasip1 GOARCH=wasm -buildmode=c-shared it is a reactor:
//     main runs once, up to Start; then every event enters the waiting program.
//     This is how functions are meant to be built: what main prepared is there
//     when the event comes, and nothing has to be started.
//   - Built for wasip1 as an ordinary executable it handles one event: read
//     from standard input, answered on standard output.
//   - On any other platform, with AWS_LAMBDA_RUNTIME_API in the environment, it
//     serves the AWS Lambda Runtime API until it is killed.
//   - On any other platform without it, it handles one event from standard
//     input. So functions can be run and tested like any Go program.
//
// # What a function prints
//
// Whatever goes to os.Stdout and os.Stderr is logged, a line at a time. Where
// standard output carries the result, Start points os.Stdout at standard error
// first, so that a handler's fmt.Println does not spoil it; what main prints
// before Start would. Package log/slog writes
// text to standard error unless told otherwise; [LogHandler] makes it write
// structured lines with a level:
//
//	slog.SetDefault(slog.New(lambent.LogHandler(nil)))
//
// Start does not do that by itself, since it would redirect package log too.
//
// # What outlives an event
//
// Nothing, unless the function is deployed so: Lambent gives each event the
// memory as it was when Start was called. Goroutines that a handler leaves
// behind end with it. Do not rely on either: on AWS Lambda both live on.
//
// A handler that panics ends the program, after the panic is reported as the
// invocation's error. A panic in a goroutine that the handler started cannot be
// reported as such: Go ends the program on the spot, and the invocation fails
// with Runtime.Trap or Runtime.ExitError.
//
// The package imports nothing but the standard library.
package lambent
