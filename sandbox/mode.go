package sandbox

// Mode says what state an event finds its instance in. It is set by
// Manifest.Mode.
type Mode string

// The modes.
const (
	// Pristine: every event finds an instance as the init phase left it, which
	// ran once, when the Sandbox was made. The default.
	Pristine Mode = "pristine"

	// InitEach: every event finds an instance in which nothing has run, and goes
	// through the init phase itself.
	InitEach Mode = "init=each"

	// Reuse: an event finds an instance as another event left it, or a new one, as
	// on AWS Lambda. What one event leaves in memory or in /tmp, others can read.
	// Not for stdio programs, which begin anew with every event: they are Pristine.
	Reuse Mode = "reuse"
)
