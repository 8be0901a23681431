package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

func mappingKey(uuid string) store.MappingKey {
	return store.MappingKey{Account: "123456789012", Region: "eu-central-1", UUID: uuid}
}

func mapping(uuid, function, source string) store.Mapping {
	return store.Mapping{MappingKey: mappingKey(uuid), Function: function, Source: source, Revision: "r1", Configuration: []byte(`{}`)}
}

func testMappings(t *testing.T, f *fixture) {
	want := mapping("u1", "orders", "arn:queue")
	if err := f.CreateMapping(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if err := f.CreateMapping(t.Context(), want); !errors.Is(err, store.ErrMappingExists) {
		t.Errorf("creating it again: %v", err)
	}
	want.Revision, want.Function, want.Configuration = "r2", "other", []byte("x")
	updated, err := f.UpdateMapping(t.Context(), want.MappingKey, func(m *store.Mapping) error {
		*m = want
		return nil
	})
	if err != nil || !reflect.DeepEqual(updated, want) {
		t.Errorf("updated %+v, %v, want %+v", updated, err, want)
	}
	no := errors.New("no")
	for name, c := range map[string]struct {
		change func(*store.Mapping) error
		want   error
	}{
		"refused":  {func(m *store.Mapping) error { m.Revision = "r3"; return no }, no},
		"key":      {func(m *store.Mapping) error { m.UUID = "u2"; return nil }, store.ErrInvalid},
		"invalid":  {func(m *store.Mapping) error { m.Function = ""; return nil }, store.ErrInvalid},
		"panicked": {func(*store.Mapping) error { panic("of the test") }, nil},
	} {
		if _, err := f.UpdateMapping(t.Context(), want.MappingKey, c.change); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := f.Mapping(t.Context(), want.MappingKey); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if err := f.DeleteMapping(t.Context(), want.MappingKey); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"delete": f.DeleteMapping(t.Context(), want.MappingKey),
		"read":   second(f.Mapping(t.Context(), want.MappingKey)),
		"update": second(f.UpdateMapping(t.Context(), want.MappingKey, func(*store.Mapping) error { return nil })),
	} {
		if !errors.Is(err, store.ErrNoMapping) {
			t.Errorf("%s after it was deleted: %v", what, err)
		}
	}
}

func testMappingsInvalid(t *testing.T, f *fixture) {
	for name, change := range map[string]func(*store.Mapping){
		"no uuid":     func(m *store.Mapping) { m.UUID = "" },
		"no function": func(m *store.Mapping) { m.Function = "" },
		"source":      func(m *store.Mapping) { m.Source = strings.Repeat("x", store.MaxSource+1) },
		"NUL":         func(m *store.Mapping) { m.Source = "a\x00" },
		"settings":    func(m *store.Mapping) { m.Configuration = make([]byte, store.MaxConfiguration+1) },
		"revision":    func(m *store.Mapping) { m.Revision = "" },
	} {
		m := mapping("u1", "orders", "")
		change(&m)
		if err := f.CreateMapping(t.Context(), m); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func testMappingPages(t *testing.T, f *fixture) {
	for i := range 6 {
		m := mapping(fmt.Sprintf("u%d", 5-i), []string{"a", "b"}[i%2], []string{"", "q1", "q2"}[i%3])
		if err := f.CreateMapping(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	other := mapping("u9", "a", "q1")
	other.Account = "210987654321"
	if err := f.CreateMapping(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ function, source, want string }{
		{"", "", "u0 u1 u2 u3 u4 u5"}, {"a", "", "u1 u3 u5"}, {"", "q1", "u1 u4"}, {"b", "q1", "u4"}, {"c", "", ""},
	} {
		var ids []string
		for after := mappingKey(""); ; {
			page, err := f.Mappings(t.Context(), after, c.function, c.source, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				ids, after = append(ids, m.UUID), m.MappingKey
			}
			if len(page) < 2 {
				break
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("of function %q and source %q: %s, want %s", c.function, c.source, got, c.want)
		}
	}
	for _, limit := range []int{0, store.MaxPage + 1} {
		if _, err := f.Mappings(t.Context(), mappingKey(""), "", "", limit); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func testAttachmentsOfKind(t *testing.T, f *fixture) {
	for _, name := range []string{"b", "a"} {
		k := key(name)
		f.create(t, f.function(t, k))
		err := f.ChangeFunction(t.Context(), k, func(tx store.FunctionTx) error {
			return errors.Join(tx.PutAttachment(attachment(k, "url", "live")), tx.PutAttachment(attachment(k, "url", "")),
				tx.PutAttachment(attachment(k, "policy", "")))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var found []string
	for after := (store.Attachment{FunctionKey: key("")}); ; {
		page, err := f.AttachmentsOfKind(t.Context(), after.FunctionKey, after.Qualifier, "url", 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page {
			found, after = append(found, a.Name+":"+a.Qualifier), a
		}
		if len(page) < 3 {
			break
		}
	}
	if got := strings.Join(found, " "); got != "a: a:live b: b:live" {
		t.Errorf("found %s", got)
	}
	if _, err := f.AttachmentsOfKind(t.Context(), key(""), "", "url", 0); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("limit 0: %v", err)
	}
}
