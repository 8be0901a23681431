package enginetest

import (
	"os"
	"strconv"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

// ProofVariable is the environment variable that makes proofs long: it says how
// many canaries each engine gets, a million for the proof that is published.
const ProofVariable = "LAMBENT_PROOF"

// Proofs shows that instances which are restored are what their image is: that
// random programs leave nothing, that no event finds a canary of another, also
// where pages are evicted from memory between them. It takes seconds, or what
// ProofVariable asks for.
func Proofs(t *testing.T, newEngine func(t *testing.T) engine.Engine) {
	for _, proof := range []struct {
		name  string
		run   func(t *testing.T, eng engine.Engine, n int)
		short int
		share int // of the number that ProofVariable says, one in so many
	}{
		{"random programs", proveRandomPrograms, 1000, 10},
		{"canaries", proveCanaries, 5000, 1},
		{"evicted pages", proveEvicted, 300, 10},
	} {
		t.Run(proof.name, func(t *testing.T) {
			n := proof.short
			if text := os.Getenv(ProofVariable); text != "" {
				all, err := strconv.Atoi(text)
				if err != nil || all < 1 {
					t.Fatalf("%s is %q, want a number of canaries", ProofVariable, text)
				}
				n = max(1, all/proof.share)
			}
			eng := newEngine(t)
			proof.run(t, eng, n)
			if err := eng.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
