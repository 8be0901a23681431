package sandbox

import "time"

// Usage is what one invocation used.
type Usage struct {
	Init     time.Duration // making the instance ready; not part of Duration
	Duration time.Duration // from the event's presentation to its end, wall clock

	// MemoryPeak is the most linear memory, in bytes, plus what the host held
	// for the guest: its files in /tmp, answers of calls, the response.
	MemoryPeak uint64

	// Fuel is how many units of work handling the event took, as Limits.Fuel
	// counts them.
	Fuel uint64

	HostCalls   uint64 // calls out of the guest, of every kind
	HostBytes   uint64 // bytes that crossed the border in them, both ways, without results of fixed size
	Event       int    // bytes in
	Response    int    // bytes out
	Logs        int    // bytes logged, without what was dropped
	LogsDropped int    // bytes beyond Limits.Logs
	TmpPeak     int64  // most bytes in /tmp
}
