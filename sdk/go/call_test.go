package lambent

import (
	"context"
	"errors"
	"testing"
)

func TestCall(t *testing.T) {
	ctx := WithCalls(t.Context(), map[string]CallFunc{
		"echo": func(_ context.Context, in []byte) ([]byte, error) { return in, nil },
		"fail": func(context.Context, []byte) ([]byte, error) { return nil, outOfStock{"7"} },
	})
	if out, err := Call(ctx, "echo", []byte("a")); err != nil || string(out) != "a" {
		t.Errorf("echo: %q, %v", out, err)
	}
	_, err := Call(ctx, "fail", nil)
	if e, ok := errors.AsType[*CallError](err); !ok || *e != (CallError{"fail", "outOfStock", "out of stock: 7"}) {
		t.Errorf("fail: %v", err)
	}
	if _, err := Call(ctx, "other", nil); !errors.Is(err, ErrUnknownCall) {
		t.Errorf("other: %v", err)
	}
	if _, err := Call(t.Context(), "echo", nil); !errors.Is(err, ErrUnknownCall) {
		t.Errorf("without calls: %v", err)
	}
}

func TestCallWhoseContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ctx = WithCalls(ctx, map[string]CallFunc{"wait": func(context.Context, []byte) ([]byte, error) {
		cancel()
		return []byte("too late"), nil
	}})
	for _, when := range []string{"during the call", "before the call"} {
		if _, err := Call(ctx, "wait", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled %s: %v", when, err)
		}
	}
}

func TestCallErrorBody(t *testing.T) {
	for body, want := range map[string]CallError{
		`{"errorType":"T","errorMessage":"m"}`: {"f", "T", "m"},
		`{"errorType":7}`:                      {"f", "Error", `{"errorType":7}`},
		`plain`:                                {"f", "Error", "plain"},
	} {
		if got := newCallError("f", []byte(body)); *got != want {
			t.Errorf("%s: %+v", body, got)
		}
	}
}
