package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

func layerKey(name string) store.LayerKey {
	return store.LayerKey{Account: "123456789012", Region: "eu-central-1", Name: name}
}

func (f *fixture) layer(t *testing.T, name string, runtimes ...string) store.LayerVersion {
	t.Helper()
	return store.LayerVersion{
		LayerKey: layerKey(name), Code: f.put(t, "layer "+name), Runtimes: runtimes, Architectures: []string{"x86_64"},
		Configuration: []byte(`{}`), Revision: "r1",
	}
}

// publish adds a version that must get that number.
func (f *fixture) publish(t *testing.T, v store.LayerVersion, want int64) {
	t.Helper()
	if got, err := f.PublishLayer(t.Context(), v); err != nil || got != want {
		t.Fatalf("version %d of %s, %v; want %d", got, v.Name, err, want)
	}
}

func testLayers(t *testing.T, f *fixture) {
	want := f.layer(t, "deps", "python3.12", "ruby3.3")
	f.publish(t, want, 1)
	f.publish(t, want, 2)
	want.Number = 2
	got, err := f.LayerVersion(t.Context(), want.LayerKey, 2)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v\nwant %#v", got, err, want)
	}
	want.Policy, want.Revision = []byte("policy"), "r2"
	got, err = f.UpdateLayerVersion(t.Context(), want.LayerKey, 2, func(v *store.LayerVersion) error { *v = want; return nil })
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("updated %+v, %v\nwant %+v", got, err, want)
	}
	no := errors.New("no")
	for name, c := range map[string]struct {
		change func(*store.LayerVersion) error
		want   error
	}{
		"refused":  {func(v *store.LayerVersion) error { v.Revision = "r3"; return no }, no},
		"number":   {func(v *store.LayerVersion) error { v.Number = 1; return nil }, store.ErrInvalid},
		"code":     {func(v *store.LayerVersion) error { v.Code = store.Digest{}; return nil }, store.ErrInvalid},
		"invalid":  {func(v *store.LayerVersion) error { v.Revision = ""; return nil }, store.ErrInvalid},
		"panicked": {func(*store.LayerVersion) error { panic("of the test") }, nil},
	} {
		if _, err := f.UpdateLayerVersion(t.Context(), want.LayerKey, 2, c.change); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := f.LayerVersion(t.Context(), want.LayerKey, 2); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v\nwant %#v", got, err, want)
	}
	for number := int64(1); number <= 2; number++ {
		if err := f.DeleteLayerVersion(t.Context(), want.LayerKey, number); err != nil {
			t.Fatal(err)
		}
	}
	for what, err := range map[string]error{
		"delete": f.DeleteLayerVersion(t.Context(), want.LayerKey, 2),
		"read":   second(f.LayerVersion(t.Context(), want.LayerKey, 2)),
		"update": second(f.UpdateLayerVersion(t.Context(), want.LayerKey, 2, func(*store.LayerVersion) error { return nil })),
	} {
		if !errors.Is(err, store.ErrNoLayer) {
			t.Errorf("%s after it was deleted: %v", what, err)
		}
	}
	f.publish(t, want, 3) // no number comes again
}

func testLayersRefused(t *testing.T, f *fixture) {
	for name, c := range map[string]struct {
		change func(*store.LayerVersion)
		want   error
	}{
		"no code":      {func(v *store.LayerVersion) { v.Code = store.Digest{1} }, store.ErrNoCode},
		"no name":      {func(v *store.LayerVersion) { v.Name = "" }, store.ErrInvalid},
		"NUL":          {func(v *store.LayerVersion) { v.Name = "a\x00" }, store.ErrInvalid},
		"revision":     {func(v *store.LayerVersion) { v.Revision = "" }, store.ErrInvalid},
		"comma":        {func(v *store.LayerVersion) { v.Runtimes = []string{"a,b"} }, store.ErrInvalid},
		"no runtime":   {func(v *store.LayerVersion) { v.Runtimes = []string{""} }, store.ErrInvalid},
		"many":         {func(v *store.LayerVersion) { v.Architectures = make([]string, store.MaxCompatible+1) }, store.ErrInvalid},
		"large":        {func(v *store.LayerVersion) { v.Configuration = make([]byte, store.MaxConfiguration+1) }, store.ErrInvalid},
		"large policy": {func(v *store.LayerVersion) { v.Policy = make([]byte, store.MaxConfiguration+1) }, store.ErrInvalid},
	} {
		v := f.layer(t, "deps")
		c.change(&v)
		if _, err := f.PublishLayer(t.Context(), v); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.publish(t, f.layer(t, "deps"), 1) // what was refused took no number
}

func testLayerPages(t *testing.T, f *fixture) {
	for i := range 5 {
		v := f.layer(t, "a", []string{"python3.1", "python3.12"}[i%2])
		if i == 4 {
			v.Architectures = nil
		}
		f.publish(t, v, int64(i+1))
	}
	for _, name := range []string{"b", "c", "gone"} {
		f.publish(t, f.layer(t, name), 1)
	}
	if err := f.DeleteLayerVersion(t.Context(), layerKey("gone"), 1); err != nil {
		t.Fatal(err)
	}
	other := f.layer(t, "d")
	other.Account = "210987654321"
	f.publish(t, other, 1)

	for _, c := range []struct {
		for_             store.Compatible
		versions, layers string
	}{
		{store.Compatible{}, "5 4 3 2 1", "a:5 b:1 c:1"},
		{store.Compatible{Runtime: "python3.1"}, "5 3 1", "a:5"},
		{store.Compatible{Runtime: "python3.12"}, "4 2", "a:4"},
		{store.Compatible{Runtime: "python3.1", Architecture: "x86_64"}, "3 1", "a:3"},
		{store.Compatible{Architecture: "x86_64"}, "4 3 2 1", "a:4 b:1 c:1"},
		{store.Compatible{Runtime: "python3"}, "", ""},
	} {
		var versions, layers []string
		for before := int64(0); ; {
			page, err := f.LayerVersions(t.Context(), layerKey("a"), before, c.for_, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page {
				versions, before = append(versions, fmt.Sprint(v.Number)), v.Number
			}
			if len(page) < 2 {
				break
			}
		}
		for after := layerKey(""); ; {
			page, err := f.Layers(t.Context(), after, c.for_, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page {
				layers, after = append(layers, fmt.Sprintf("%s:%d", v.Name, v.Number)), v.LayerKey
			}
			if len(page) < 2 {
				break
			}
		}
		if got := strings.Join(versions, " "); got != c.versions {
			t.Errorf("versions for %+v: %s, want %s", c.for_, got, c.versions)
		}
		if got := strings.Join(layers, " "); got != c.layers {
			t.Errorf("layers for %+v: %s, want %s", c.for_, got, c.layers)
		}
	}
	for _, limit := range []int{0, store.MaxPage + 1} {
		_, err := f.Layers(t.Context(), layerKey(""), store.Compatible{}, limit)
		_, versions := f.LayerVersions(t.Context(), layerKey("a"), 0, store.Compatible{}, limit)
		if !errors.Is(err, store.ErrInvalid) || !errors.Is(versions, store.ErrInvalid) {
			t.Errorf("limit %d: %v, %v", limit, err, versions)
		}
	}
}

func testLayersConcurrently(t *testing.T, f *fixture) {
	v := f.layer(t, "deps")
	var given [20]int64
	var all sync.WaitGroup
	for i := range given {
		all.Go(func() {
			var err error
			if given[i], err = f.PublishLayer(t.Context(), v); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[int64]bool{}
	for _, n := range given {
		if n < 1 || n > int64(len(given)) || seen[n] {
			t.Errorf("numbers are %v", given)
			break
		}
		seen[n] = true
	}
}

// testSweepKeepsLayers has layers stay as long as there is a version of them, or a
// function or a version of one that uses it.
func testSweepKeepsLayers(t *testing.T, f *fixture) {
	v := f.layer(t, "deps")
	f.publish(t, v, 1)
	k := key("orders")
	f.create(t, f.function(t, k))
	swept := func(want bool) {
		t.Helper()
		f.pass(store.SweepGrace + 1)
		if _, err := f.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Code(t.Context(), v.Code); errors.Is(err, store.ErrNoCode) != want {
			t.Fatalf("the layer's content: %v, want it gone: %t", err, want)
		}
	}
	change := func(change func(store.FunctionTx) error) {
		t.Helper()
		if err := f.ChangeFunction(t.Context(), k, change); err != nil {
			t.Fatal(err)
		}
	}
	swept(false)
	version := store.Version{FunctionKey: k, Number: 1, Revision: "r", State: store.StateActive, Code: f.put(t, "code of orders")}
	change(func(tx store.FunctionTx) error {
		return errors.Join(tx.NameCode(0, []store.Digest{v.Code, v.Code}), tx.PutVersion(version), tx.NameCode(1, []store.Digest{v.Code}))
	})
	if err := f.DeleteLayerVersion(t.Context(), v.LayerKey, 1); err != nil {
		t.Fatal(err)
	}
	swept(false)
	change(func(tx store.FunctionTx) error { return tx.NameCode(0, nil) })
	swept(false)
	change(func(tx store.FunctionTx) error {
		return errors.Join(tx.DeleteVersion(1), tx.NameCode(0, []store.Digest{v.Code}))
	})
	swept(false)
	if err := f.DeleteFunction(t.Context(), k, nil); err != nil {
		t.Fatal(err)
	}
	swept(true)
	err := f.ChangeFunction(t.Context(), k, func(tx store.FunctionTx) error { return tx.NameCode(0, nil) })
	wantError(t, err, store.ErrNotFound)
	f.create(t, f.function(t, k))
	err = f.ChangeFunction(t.Context(), k, func(tx store.FunctionTx) error { return tx.NameCode(0, []store.Digest{v.Code}) })
	wantError(t, err, store.ErrNoCode)
}
