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

func (f *fixture) accessKey(id string) store.AccessKey {
	return store.AccessKey{ID: id, Account: "123456789012", Role: "app", Created: f.now().UTC(), Secret: []byte("sealed " + id)}
}

func (f *fixture) role(name string) store.Identity {
	return store.Identity{
		IdentityKey: store.IdentityKey{Account: "123456789012", Kind: store.Role, Name: name},
		Created:     f.now().UTC(), Configuration: []byte(`{"Path":"/"}`),
	}
}

func testAccessKeys(t *testing.T, f *fixture) {
	for _, id := range []string{"C", "A", "B"} {
		if err := f.CreateAccessKey(t.Context(), f.accessKey(id)); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, f.CreateAccessKey(t.Context(), f.accessKey("A")), store.ErrKeyExists)
	if got, err := f.AccessKey(t.Context(), "B"); err != nil || !reflect.DeepEqual(got, f.accessKey("B")) {
		t.Errorf("got %+v, %v", got, err)
	}
	var ids []string
	for after := ""; ; {
		page, err := f.AccessKeys(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range page {
			ids, after = append(ids, k.ID), k.ID
		}
		if len(page) < 2 {
			break
		}
	}
	if got := strings.Join(ids, " "); got != "A B C" {
		t.Errorf("listed %s", got)
	}
	if err := f.DeleteAccessKey(t.Context(), "B"); err != nil {
		t.Fatal(err)
	}
	wantError(t, f.DeleteAccessKey(t.Context(), "B"), store.ErrNoKey)
	wantError(t, second(f.AccessKey(t.Context(), "B")), store.ErrNoKey)
	for name, change := range map[string]func(*store.AccessKey){
		"no id":       func(k *store.AccessKey) { k.ID = "" },
		"no account":  func(k *store.AccessKey) { k.Account = "" },
		"long role":   func(k *store.AccessKey) { k.Role = strings.Repeat("r", 141) },
		"NUL":         func(k *store.AccessKey) { k.ID = "a\x00" },
		"long secret": func(k *store.AccessKey) { k.Secret = make([]byte, store.MaxSecret+1) },
	} {
		k := f.accessKey("D")
		change(&k)
		if err := f.CreateAccessKey(t.Context(), k); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, limit := range []int{0, store.MaxPage + 1} {
		wantError(t, second(f.AccessKeys(t.Context(), "", limit)), store.ErrInvalid)
	}
}

func testIdentities(t *testing.T, f *fixture) {
	want := f.role("app")
	if err := f.CreateIdentity(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	wantError(t, f.CreateIdentity(t.Context(), want), store.ErrIdentityExists)
	same := want
	same.Kind = store.Policy // another kind is another name
	if err := f.CreateIdentity(t.Context(), same); err != nil {
		t.Fatal(err)
	}
	f.pass(time.Hour)
	no := errors.New("no")
	for name, c := range map[string]struct {
		change func(*store.Identity) error
		want   error
	}{
		"refused": {func(i *store.Identity) error { i.Configuration = nil; return no }, no},
		"key":     {func(i *store.Identity) error { i.Name = "other"; return nil }, store.ErrInvalid},
		"invalid": {func(i *store.Identity) error { i.Configuration = make([]byte, store.MaxIdentity+1); return nil }, store.ErrInvalid},
	} {
		if _, err := f.UpdateIdentity(t.Context(), want.IdentityKey, c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	want.Configuration = []byte("changed")
	updated, err := f.UpdateIdentity(t.Context(), want.IdentityKey, func(i *store.Identity) error {
		i.Configuration = want.Configuration
		return nil
	})
	if err != nil || !reflect.DeepEqual(updated, want) {
		t.Errorf("updated %+v, %v, want %+v", updated, err, want)
	}
	if got, err := f.Identity(t.Context(), want.IdentityKey); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if got, err := f.Identity(t.Context(), same.IdentityKey); err != nil || !reflect.DeepEqual(got, same) {
		t.Errorf("got %+v, %v, want %+v", got, err, same)
	}
	wantError(t, f.DeleteIdentity(t.Context(), want.IdentityKey, func(i store.Identity) error {
		if !reflect.DeepEqual(i, want) {
			t.Errorf("checked %+v, want %+v", i, want)
		}
		return no
	}), no)
	if err := f.DeleteIdentity(t.Context(), want.IdentityKey, nil); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"delete": f.DeleteIdentity(t.Context(), want.IdentityKey, nil),
		"read":   second(f.Identity(t.Context(), want.IdentityKey)),
		"update": second(f.UpdateIdentity(t.Context(), want.IdentityKey, func(*store.Identity) error { return nil })),
	} {
		if !errors.Is(err, store.ErrNoIdentity) {
			t.Errorf("%s after it was deleted: %v", what, err)
		}
	}
	for name, change := range map[string]func(*store.Identity){
		"no account": func(i *store.Identity) { i.Account = "" },
		"no name":    func(i *store.Identity) { i.Name = "" },
		"kind":       func(i *store.Identity) { i.Kind = "user" },
	} {
		i := f.role("x")
		change(&i)
		if err := f.CreateIdentity(t.Context(), i); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func testIdentityPages(t *testing.T, f *fixture) {
	for i := range 5 {
		if err := f.CreateIdentity(t.Context(), f.role(fmt.Sprintf("r%d", 4-i))); err != nil {
			t.Fatal(err)
		}
	}
	for _, change := range []func(*store.Identity){
		func(i *store.Identity) { i.Account = "210987654321" }, func(i *store.Identity) { i.Kind = store.Policy },
	} {
		other := f.role("r9")
		change(&other)
		if err := f.CreateIdentity(t.Context(), other); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for after := f.role("").IdentityKey; ; {
		page, err := f.Identities(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page {
			names, after = append(names, i.Name), i.IdentityKey
		}
		if len(page) < 2 {
			break
		}
	}
	if got := strings.Join(names, " "); got != "r0 r1 r2 r3 r4" {
		t.Errorf("listed %s", got)
	}
	for _, limit := range []int{0, store.MaxPage + 1} {
		wantError(t, second(f.Identities(t.Context(), f.role("").IdentityKey, limit)), store.ErrInvalid)
	}
}
