package wasmtime

// Advisories is what to say when this engine is chosen.
const Advisories = "wasmtime v39 is no longer supported and has published advisories (April 2026: a sandbox escape on aarch64, " +
	"where this engine is refused, and a wrong load by f64x2.splat on x86-64): run only code that you trust on it"
