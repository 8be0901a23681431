package function_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// record is a log that many write to.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

// TestDeploymentSaysTheMode: whose function does not run as its package asks for
// learns of it when it is deployed, and not from the bill.
func TestDeploymentSaysTheMode(t *testing.T) {
	said := new(record)
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(said, nil)))
	defer slog.SetDefault(previous)
	s := newService(t, function.Config{})
	for _, name := range []string{"pristine", "reuse"} {
		create(t, s, name, pack(t, "bootstrap", string(guest(t, "stdio")), "lambent.json", `{"mode":"`+name+`"}`))
		settle(t, s, name)
	}
	if err := s.Close(t.Context()); err != nil { // the workers have ended then
		t.Fatal(err)
	}
	said.mu.Lock()
	defer said.mu.Unlock()
	if got := said.text.String(); !strings.Contains(got, `function=reuse mode=pristine reason="a stdio program begins anew`) || strings.Contains(got, "function=pristine") {
		t.Errorf("the log is %q", got)
	}
}
