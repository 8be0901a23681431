package drawing

import (
	"bytes"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// FuzzSVG draws whatever is a definition: as a well-formed document, with each
// state once.
func FuzzSVG(f *testing.F) {
	for _, definition := range machines(f) {
		f.Add(definition)
	}
	for _, name := range append(hostileTexts, notText...) {
		f.Add(hostileMachine(name))
	}
	f.Fuzz(func(t *testing.T, definition string) {
		d, err := asl.Parse(definition, asl.Options{})
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := SVG(&b, d); err != nil {
			t.Fatal(err)
		}
		want := 0
		d.Walk(func(branch *asl.Branch) { want += len(branch.Names) })
		if got := len(checkDocument(t, b.String())); got != want {
			t.Fatalf("%d states drawn, want %d", got, want)
		}
		checkPlaces(t, layout(&d.Branch, true))
	})
}
