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
// before Start would. Package log/slog writes text to standard error unless told
// otherwise; [LogHandler] makes it write structured lines with a level:
//
//	slog.SetDefault(slog.New(lambent.LogHandler(nil)))
//
// Start does not do that by itself, since it would redirect package log too.
//
// # What a handler finds, and what it leaves
//
// A reactor is initialised once: package-level variables, init functions, and
// main up to [Start]. Lambent keeps an image of what that left, and every event
// finds it: caches that are filled, templates that are parsed, clients that are
// made. Nothing that an event leaves is ever seen again: not a variable, not a
// file in /tmp, not os.Setenv. Goroutines that outlive their handler vanish;
// those that main started are there with every event, and their tickers, timers
// and sleeps go by the time that it is now.
//
// Three things are not as init left them. time.Now goes on. The environment has
// what the host gives this event, such as AWS_LAMBDA_LOG_STREAM_NAME and the
// credentials of the function's role, while what a package-level os.Getenv read
// stays as it was read: initialisation finds no credentials, so have clients of
// AWS read them from the environment in the handler. And randomness is renewed:
// the functions of math/rand and math/rand/v2, the order of maps and of select,
// hash/maphash.MakeSeed; crypto/rand asks the host each time. What a program
// keeps itself cannot be renewed, so make it in the handler: a rand.New with a
// source of its own, a maphash.Seed, identifiers or random bytes taken in advance
// (the deprecated math/rand.Read keeps up to 7), keys that must differ between
// events. Go's own key of hashes in maps is that of the image.
//
// Where the runtime's random state cannot be found, in a version of Go that this
// package does not know, it says so on standard error, and every event is
// initialised anew.
//
// All this holds in mode "pristine", which is the default. In mode "init=each"
// each event is initialised anew; in mode "reuse", and on AWS Lambda, what one
// event leaves others find. A function that runs in all of them keeps in
// variables only what any event may see, and relies on none of it being there.
//
// A handler that panics ends the program, after the panic is reported as the
// invocation's error. A panic in a goroutine that the handler started cannot be
// reported as such: Go ends the program on the spot, and the invocation fails
// with Runtime.Trap or Runtime.ExitError.
//
// The package imports nothing but the standard library.
package lambent
