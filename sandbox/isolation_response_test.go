package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestResponsesStayWhatTheyWere: an answer is its caller's for ever, whatever the
// instance that gave it does next.
func TestResponsesStayWhatTheyWere(t *testing.T) {
	for _, mode := range []sandbox.Mode{sandbox.Pristine, sandbox.InitEach, sandbox.Reuse} {
		t.Run(string(mode), func(t *testing.T) {
			box := newBox(t, guest(t, "c/echo"), sandbox.Config{Manifest: sandbox.Manifest{Mode: string(mode)}})
			failing := newBox(t, scriptGuest(), sandbox.Config{Manifest: sandbox.Manifest{Mode: string(mode)}})
			var events []string
			var answers, metas, payloads [][]byte
			for i := range 100 {
				event := fmt.Sprintf(`"%s%d"`, strings.Repeat("x", 1<<(i%16)), i)
				res, err := box.Run(context.Background(), []byte(event))
				if err != nil {
					t.Fatal(err)
				}
				events, answers = append(events, event), append(answers, res.Response)
				res, err = failing.Run(context.Background(), []byte(`"m0000"`))
				if err != nil {
					t.Fatal(err)
				}
				metas = append(metas, res.Meta)
				_, err = failing.Run(context.Background(), []byte(`"x0000"`))
				failed, ok := errors.AsType[*sandbox.FunctionError](err)
				if !ok {
					t.Fatal(err)
				}
				payloads = append(payloads, failed.Payload)
			}
			const object = `{"errorType":"CANARY!"}`
			for i := range events {
				if string(answers[i]) != events[i] || string(metas[i]) != object || i > 0 && &answers[i][0] == &answers[i-1][0] {
					t.Fatalf("answer %d became %.40q, its meta %q", i, answers[i], metas[i])
				}
				if !strings.Contains(string(payloads[i]), "errorType") || string(payloads[i]) != string(payloads[0]) {
					t.Fatalf("error %d became %q", i, payloads[i])
				}
			}
		})
	}
}
