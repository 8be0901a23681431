package sandbox

import "time"

// Limits bounds what one invocation may use. The zero value of a field means
// its default; there is no way to say "unlimited" but for Fuel.
type Limits struct {
	// Memory is the most linear memory, in bytes. A memory.grow beyond it
	// fails, which the guest may handle. Default 128 MiB, at most 4 GiB − 64 KiB.
	Memory uint64

	// Time is how long handling one event may take. Default 3 s, any positive
	// duration. Running out of it is the error Sandbox.Timedout.
	Time time.Duration

	// Init is how long making an instance ready may take: data, start function,
	// _initialize and lambent_init. It is not part of Time. Default 10 s, or
	// the manifest's init_timeout.
	Init time.Duration

	// Fuel is how many units of work handling one event may take: about one for
	// an instruction of the guest, and what host calls cost; the same every time
	// that the same is done, whatever the machine (see engine.MeterVersion). The
	// init phase is not counted. Running out of it is the error
	// Runtime.OutOfFuel. Default: the manifest's fuel, else unlimited.
	Fuel uint64

	// Event is the largest event in bytes. Default 6,291,456, as on AWS Lambda.
	Event int

	// Response is the largest response in bytes. Default 6,291,556, as on AWS
	// Lambda. A larger one is the error Function.ResponseSizeTooLarge.
	Response int

	// Environment is the most bytes that Config.Env may take, counted as the
	// compact JSON object AWS Lambda counts. Default 4,096.
	Environment int

	// Logs is the most log bytes per invocation; what is beyond it is dropped,
	// counted in Usage.LogsDropped, and announced by one last line. Default 1 MiB.
	Logs int

	// LogLine is the longest log line in bytes; a longer one is split. Default
	// 256 KiB, the largest log event of CloudWatch Logs.
	LogLine int

	// Tmp is the quota of /tmp in bytes. Default 512 MiB.
	Tmp int64

	// Files is how many files and folders /tmp may hold. Default 16,384.
	Files int

	// OpenFiles is how many descriptors may be open at once. Default 1,024, as
	// on AWS Lambda.
	OpenFiles int

	// Calls is how many calls to the embedder's functions may be under way at
	// once: from their start until the answer was read to its end or closed, and
	// until the function has returned. Default 64.
	Calls int

	// Idle is how many instances may wait for their next event, and IdleBytes how
	// much memory they may hold for themselves meanwhile: pages that events wrote
	// to, and 32 KiB each. One may wait whatever it holds. Defaults 64 and 64 MiB.
	Idle      int
	IdleBytes int64

	// CallBytes is the largest argument and the largest answer, in bytes, of
	// one call to an embedder's function. Default 6,291,456.
	CallBytes int
}
