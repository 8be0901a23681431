package host_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host"
)

func TestDraw(t *testing.T) {
	var b bytes.Buffer
	if err := host.Draw(&b, `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !strings.HasPrefix(s, "<svg ") || !strings.Contains(s, `data-state="A"`) {
		t.Errorf("got %s", s)
	}
}

func TestDrawSaysWhatIsWrong(t *testing.T) {
	var b bytes.Buffer
	err := host.Draw(&b, `{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}`)
	failed, ok := errors.AsType[*host.Error](err)
	if !ok || failed.Code != "InvalidDefinition" || !strings.Contains(failed.Message, "Missing 'Next' target: B at /StartAt") || b.Len() > 0 {
		t.Errorf("got %v and %d bytes", err, b.Len())
	}
}

func TestDrawReturnsErrorsOfTheWriter(t *testing.T) {
	full := errors.New("no space left")
	err := host.Draw(failingWriter{full}, `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`)
	if !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
