package storetest

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// calls makes every call of a Store, with arguments that would succeed.
func (f *fixture) calls(function store.Function) map[string]func(context.Context) error {
	other := function
	other.Name = "other"
	return map[string]func(context.Context) error{
		"CreateFunction": func(ctx context.Context) error { return f.CreateFunction(ctx, other) },
		"Function":       func(ctx context.Context) error { _, err := f.Function(ctx, function.FunctionKey); return err },
		"UpdateFunction": func(ctx context.Context) error {
			_, err := f.UpdateFunction(ctx, function.FunctionKey, func(now *store.Function) error { now.Revision = "changed"; return nil })
			return err
		},
		"DeleteFunction": func(ctx context.Context) error { return f.DeleteFunction(ctx, function.FunctionKey, nil) },
		"Functions":      func(ctx context.Context) error { _, err := f.Functions(ctx, key(""), 10); return err },
		"Unsettled":      func(ctx context.Context) error { _, err := f.Unsettled(ctx, key(""), 10); return err },
		"CreateMachine":  func(ctx context.Context) error { return f.CreateMachine(ctx, f.machine("other")) },
		"Machine":        func(ctx context.Context) error { _, err := f.Machine(ctx, machineKey("hello")); return err },
		"UpdateMachine": func(ctx context.Context) error {
			_, err := f.UpdateMachine(ctx, machineKey("hello"), func(*store.Machine) error { return nil })
			return err
		},
		"DeleteMachine":   func(ctx context.Context) error { return f.DeleteMachine(ctx, machineKey("hello")) },
		"Machines":        func(ctx context.Context) error { _, err := f.Machines(ctx, machineKey(""), 10); return err },
		"CreateAccessKey": func(ctx context.Context) error { return f.CreateAccessKey(ctx, f.accessKey("other")) },
		"AccessKey":       func(ctx context.Context) error { _, err := f.AccessKey(ctx, "A"); return err },
		"DeleteAccessKey": func(ctx context.Context) error { return f.DeleteAccessKey(ctx, "A") },
		"AccessKeys":      func(ctx context.Context) error { _, err := f.AccessKeys(ctx, "", 10); return err },
		"CreateIdentity":  func(ctx context.Context) error { return f.CreateIdentity(ctx, f.role("other")) },
		"Identity":        func(ctx context.Context) error { _, err := f.Identity(ctx, f.role("app").IdentityKey); return err },
		"UpdateIdentity": func(ctx context.Context) error {
			_, err := f.UpdateIdentity(ctx, f.role("app").IdentityKey, func(*store.Identity) error { return nil })
			return err
		},
		"DeleteIdentity": func(ctx context.Context) error { return f.DeleteIdentity(ctx, f.role("app").IdentityKey, nil) },
		"Identities":     func(ctx context.Context) error { _, err := f.Identities(ctx, f.role("").IdentityKey, 10); return err },
		"PutCode":        func(ctx context.Context) error { _, err := f.PutCode(ctx, []byte("other")); return err },
		"Code":           func(ctx context.Context) error { _, err := f.Code(ctx, function.Code); return err },
		"Sweep":          func(ctx context.Context) error { _, err := f.Sweep(ctx); return err },
	}
}

func testCancelledContext(t *testing.T, f *fixture) {
	function := f.function(t, key("hello"))
	f.create(t, function)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range f.calls(function) {
		if err := call(ctx); err != context.Canceled {
			t.Errorf("%s: error is %v, want %v", name, err, context.Canceled)
		}
	}
	f.holds(t, function)
	f.hasNoCode(t, "other")
	if got := names(t, f.Functions, key(""), 10); len(got) != 1 {
		t.Errorf("the store holds %q, want hello alone", got)
	}
}

func testClose(t *testing.T, f *fixture) {
	function := f.function(t, key("hello"))
	f.create(t, function)
	for range 2 {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, call := range f.calls(function) {
		if err := call(t.Context()); err != store.ErrClosed {
			t.Errorf("%s: error is %v, want %v", name, err, store.ErrClosed)
		}
	}
}
