package host_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestCloseDrains closes a Host under an invocation that waits for the embedder:
// it ends as it would have, and nothing new begins.
func TestCloseDrains(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	h := openHost(t, host.Config{Limits: host.Limits{Drain: 10 * time.Minute}, Calls: sandbox.Calls{
		"price.lookup": func(context.Context, []byte) ([]byte, error) {
			close(asked)
			<-answer
			return []byte(`{"cents":1999}`), nil
		},
	}})
	deploy(t, h, host.Deployment{Name: "call", Module: guest(t, "call")})
	type outcome struct {
		res host.Result
		err error
	}
	ended, closed := make(chan outcome, 1), make(chan error, 1)
	go func() {
		res, err := h.Invoke(context.Background(), host.Invocation{Function: "call", Event: []byte(`{"item":"teapot"}`)})
		ended <- outcome{res, err}
	}()
	<-asked
	go func() { closed <- h.Close() }()
	for { // until Close has begun
		_, err := h.Invoke(t.Context(), host.Invocation{Function: "nobody"})
		said, ok := err.(*host.Error)
		if ok && said.Code == host.CodeServiceUnavailable {
			break
		}
		wantError(t, "before Close", err, host.CodeResourceNotFound, "")
		time.Sleep(time.Millisecond)
	}
	close(answer)
	if got := <-ended; got.err != nil || got.res.Failed || !strings.Contains(string(got.res.Payload), "1999") {
		t.Errorf("it ended with %s, %v", got.res.Payload, got.err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
