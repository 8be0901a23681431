package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
)

func (f *fixture) version(t *testing.T, k store.FunctionKey, number int64) store.Version {
	t.Helper()
	return store.Version{
		FunctionKey: k, Number: number, Revision: fmt.Sprint("revision of ", number), State: store.StatePending,
		Code:     f.put(t, fmt.Sprint("code of ", number)),
		Modified: time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), Configuration: []byte(`{}`),
	}
}

func alias(k store.FunctionKey, name string, version, additional int64) store.Alias {
	return store.Alias{FunctionKey: k, Alias: name, Version: version, Additional: additional, Revision: "r", Configuration: []byte(name)}
}

func attachment(k store.FunctionKey, kind, qualifier string) store.Attachment {
	return store.Attachment{FunctionKey: k, Kind: kind, Qualifier: qualifier, Revision: "r", Content: []byte(kind + qualifier)}
}

// change must go through.
func (f *fixture) change(t *testing.T, k store.FunctionKey, do func(store.FunctionTx) error) {
	t.Helper()
	if err := f.ChangeFunction(t.Context(), k, do); err != nil {
		t.Fatal(err)
	}
}

// parts writes three versions, three aliases and three attachments of a function.
func (f *fixture) parts(t *testing.T, k store.FunctionKey) {
	t.Helper()
	versions := []store.Version{f.version(t, k, 10), f.version(t, k, 9), f.version(t, k, 1)}
	f.change(t, k, func(tx store.FunctionTx) (err error) {
		for _, v := range versions {
			err = errors.Join(err, tx.PutVersion(v))
		}
		return errors.Join(err,
			tx.PutAlias(alias(k, "live", 9, 10)), tx.PutAlias(alias(k, "Latest", 0, 0)), tx.PutAlias(alias(k, "old", 9, 0)),
			tx.PutAttachment(attachment(k, "policy", "live")), tx.PutAttachment(attachment(k, "policy", "")), tx.PutAttachment(attachment(k, "url", "live")))
	})
}

func testParts(t *testing.T, f *fixture) {
	mine, other := f.function(t, key("mine")), f.function(t, key("other"))
	f.create(t, mine)
	f.create(t, other)
	f.parts(t, mine.FunctionKey)
	k, ctx := mine.FunctionKey, t.Context()

	if got, err := f.Version(ctx, k, 9); err != nil || !reflect.DeepEqual(got, f.version(t, k, 9)) {
		t.Errorf("version 9: %+v, %v", got, err)
	}
	if got, err := f.Alias(ctx, k, "live"); err != nil || !reflect.DeepEqual(got, alias(k, "live", 9, 10)) {
		t.Errorf("alias live: %+v, %v", got, err)
	}
	if got, err := f.Attachment(ctx, k, "policy", ""); err != nil || !reflect.DeepEqual(got, attachment(k, "policy", "")) {
		t.Errorf("policy: %+v, %v", got, err)
	}
	f.change(t, k, func(tx store.FunctionTx) error {
		v, err := tx.Version(9)
		v.State = store.StateActive
		naming, failed := tx.AliasesNaming(10)
		if len(naming) != 1 || naming[0].Alias != "live" {
			t.Errorf("10 is named by %+v", naming)
		}
		return errors.Join(err, failed, tx.PutVersion(v), tx.DeleteVersion(10), tx.PutAlias(alias(k, "live", 1, 0)), tx.DeleteAlias("old"),
			tx.PutAttachment(attachment(k, "policy", "9")), tx.DeleteAttachment("policy", ""))
	})
	if got, err := f.Version(ctx, k, 9); err != nil || got.State != store.StateActive {
		t.Errorf("version 9 after it was replaced: %+v, %v", got, err)
	}
	f.wantParts(t, k, "1 9", "Latest live", "9 live")
	f.wantParts(t, other.FunctionKey, "", "", "")

	// What belongs to a function goes with it, and does not come back.
	if err := f.DeleteFunction(ctx, k, nil); err != nil {
		t.Fatal(err)
	}
	f.wantParts(t, k, "", "", "")
	f.create(t, mine)
	f.wantParts(t, k, "", "", "")
	for what, c := range map[string]struct{ err, want error }{
		"version":    {second(f.Version(ctx, k, 9)), store.ErrNoVersion},
		"alias":      {second(f.Alias(ctx, k, "live")), store.ErrNoAlias},
		"attachment": {second(f.Attachment(ctx, k, "url", "live")), store.ErrNoAttachment},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s of a function that was deleted: %v", what, c.err)
		}
	}
}

// wantParts compares what is listed, one at a time.
func (f *fixture) wantParts(t *testing.T, k store.FunctionKey, versions, aliases, policies string) {
	t.Helper()
	ctx := t.Context()
	var names []string
	for after := int64(0); ; {
		page, err := f.Versions(ctx, k, after, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		after = page[0].Number
		names = append(names, fmt.Sprint(after))
	}
	if got := strings.Join(names, " "); got != versions {
		t.Errorf("versions of %s: %q, want %q", k.Name, got, versions)
	}
	names = nil
	for after := ""; ; {
		page, err := f.Aliases(ctx, k, after, store.AnyVersion, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		after = page[0].Alias
		names = append(names, after)
	}
	if got := strings.Join(names, " "); got != aliases {
		t.Errorf("aliases of %s: %q, want %q", k.Name, got, aliases)
	}
	names = nil
	for after := (*string)(nil); ; {
		page, err := f.Attachments(ctx, k, "policy", after, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		after = &page[0].Qualifier
		names = append(names, *after)
	}
	if got := strings.Join(names, " "); got != policies {
		t.Errorf("policies of %s: %q, want %q", k.Name, got, policies)
	}
}

// testPartsRefused has transactions end in an error: nothing of them remains.
func testPartsRefused(t *testing.T, f *fixture) {
	mine := f.function(t, key("mine"))
	k := mine.FunctionKey
	f.create(t, mine)
	f.parts(t, k)
	no := errors.New("no")
	uncoded := f.version(t, k, 2)
	uncoded.Code = store.DigestOf([]byte("never put"))
	for name, c := range map[string]struct {
		change func(store.FunctionTx) error
		want   error // nil: any but ErrUnavailable
	}{
		"refused":          {func(store.FunctionTx) error { return no }, no},
		"panicked":         {func(store.FunctionTx) error { panic("of the test") }, nil},
		"no code":          {func(tx store.FunctionTx) error { return tx.PutVersion(uncoded) }, store.ErrNoCode},
		"number":           {func(tx store.FunctionTx) error { return tx.PutVersion(store.Version{FunctionKey: k}) }, store.ErrInvalid},
		"alias":            {func(tx store.FunctionTx) error { return tx.PutAlias(alias(k, "", 1, 0)) }, store.ErrInvalid},
		"alias's version":  {func(tx store.FunctionTx) error { return tx.PutAlias(alias(k, "a", -1, 0)) }, store.ErrInvalid},
		"kind":             {func(tx store.FunctionTx) error { return tx.PutAttachment(attachment(k, "a\x00", "")) }, store.ErrInvalid},
		"another function": {func(tx store.FunctionTx) error { return tx.PutAlias(alias(key("other"), "a", 1, 0)) }, store.ErrInvalid},
		"it exists":        {func(tx store.FunctionTx) error { return tx.CreateFunction(mine) }, store.ErrExists},
		"no version":       {func(tx store.FunctionTx) error { return tx.DeleteVersion(3) }, store.ErrNoVersion},
		"no alias":         {func(tx store.FunctionTx) error { return tx.DeleteAlias("nobody") }, store.ErrNoAlias},
		"no attachment":    {func(tx store.FunctionTx) error { return tx.DeleteAttachment("policy", "9") }, store.ErrNoAttachment},
	} {
		err := f.ChangeFunction(t.Context(), k, func(tx store.FunctionTx) error {
			changed := mine
			changed.Revision = "changed"
			if err := errors.Join(tx.UpdateFunction(changed), tx.DeleteVersion(9), tx.DeleteAlias("live"), tx.DeleteAttachment("policy", "")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return c.change(tx)
		})
		if err == nil || errors.Is(err, store.ErrUnavailable) || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: error is %v, want %v", name, err, c.want)
		}
	}
	f.holds(t, mine)
	f.wantParts(t, k, "1 9 10", "Latest live old", " live")

	absent := key("absent")
	for what, do := range map[string]func(store.FunctionTx) error{
		"version":    func(tx store.FunctionTx) error { return tx.PutVersion(f.version(t, absent, 1)) },
		"alias":      func(tx store.FunctionTx) error { return tx.PutAlias(alias(absent, "a", 1, 0)) },
		"attachment": func(tx store.FunctionTx) error { return tx.PutAttachment(attachment(absent, "policy", "")) },
	} {
		if err := f.ChangeFunction(t.Context(), absent, do); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s of a function that is not there: %v", what, err)
		}
	}
	// A refusal that is passed over undoes nothing.
	f.change(t, absent, func(tx store.FunctionTx) error {
		if err := tx.DeleteAlias("nobody"); !errors.Is(err, store.ErrNoAlias) {
			t.Errorf("deleting an alias that is not there: %v", err)
		}
		created := mine
		created.FunctionKey = absent
		return tx.CreateFunction(created)
	})
	if _, err := f.Function(t.Context(), absent); err != nil {
		t.Error(err)
	}
}

// testSweepKeepsVersions has code named by a version and nothing else.
func testSweepKeepsVersions(t *testing.T, f *fixture) {
	k := key("mine")
	f.create(t, f.function(t, k))
	v := f.version(t, k, 1)
	f.change(t, k, func(tx store.FunctionTx) error { return tx.PutVersion(v) })
	f.pass(2 * store.SweepGrace)
	if n, err := f.Sweep(t.Context()); err != nil || n != 0 {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := f.Code(t.Context(), v.Code); err != nil {
		t.Error(err)
	}
	f.change(t, k, func(tx store.FunctionTx) error { return tx.DeleteVersion(1) })
	if n, err := f.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
}
