package host_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestCloseDrains closes a Host under an invocation that waits for the embedder:
// it ends as it would have, and nothing new begins.
func TestCloseDrains(t *testing.T) {
	t.Run("own account", func(t *testing.T) { closeDrains(t, "") })
	// Nothing new begins meanwhile in one account because another has something to end.
	t.Run("other account", func(t *testing.T) { closeDrains(t, "222222222222") })
}

func closeDrains(t *testing.T, account string) {
	asked, answer := make(chan struct{}), make(chan struct{})
	h := openHost(t, host.Config{Limits: host.Limits{Drain: 10 * time.Minute}, Calls: sandbox.Calls{
		"price.lookup": func(context.Context, []byte) ([]byte, error) {
			close(asked)
			<-answer
			return []byte(`{"cents":1999}`), nil
		},
	}})
	service := h.Service()
	if account != "" {
		var err error
		if service, _, err = h.Of(account); err != nil {
			t.Fatal(err)
		}
	}
	runtime, handler, role, seconds := "provided.al2023", "x", "arn:aws:iam::000000000000:role/test", int(patient.Seconds())
	_, err := service.Put(t.Context(), function.CreateInput{Name: "call", Zip: zipOf("bootstrap", string(guest(t, "call"))),
		Settings: function.Settings{Runtime: &runtime, Handler: &handler, Role: &role, Timeout: &seconds}})
	if err != nil {
		t.Fatal(err)
	}
	type outcome struct {
		res host.Result
		err error
	}
	ended, closed := make(chan outcome, 1), make(chan error, 1)
	go func() {
		res, err := service.Invoke(context.Background(), function.InvokeInput{Ref: function.Ref{Name: "call"}, Event: []byte(`{"item":"teapot"}`)})
		ended <- outcome{res, err}
	}()
	<-asked
	go func() { closed <- h.Close() }()
	for giveUp := time.Now().Add(time.Minute); ; { // until Close has begun
		_, err := h.Invoke(t.Context(), host.Invocation{Function: "nobody"})
		said, ok := err.(*host.Error)
		if ok && said.Code == host.CodeServiceUnavailable {
			break
		}
		wantError(t, "before Close", err, host.CodeResourceNotFound, "")
		if time.Now().After(giveUp) {
			t.Error("Close lets new work in")
			break
		}
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
