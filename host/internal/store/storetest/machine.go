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

func machineKey(name string) store.MachineKey {
	return store.MachineKey{Account: "123456789012", Region: "eu-central-1", Name: name}
}

func (f *fixture) machine(name string) store.Machine {
	return store.Machine{
		MachineKey: machineKey(name), Revision: "r1", Type: store.Standard, Created: f.now().UTC(), Updated: f.now().UTC(),
		Definition: []byte(`{"StartAt":"A"}`), Configuration: []byte(`{}`),
	}
}

func testMachines(t *testing.T, f *fixture) {
	want := f.machine("orders")
	if err := f.CreateMachine(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if err := f.CreateMachine(t.Context(), want); !errors.Is(err, store.ErrMachineExists) {
		t.Errorf("creating it again: %v", err)
	}
	if got, err := f.Machine(t.Context(), want.MachineKey); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	f.pass(time.Hour)
	want.Revision, want.Updated, want.Definition, want.Type = "r2", f.now().UTC(), []byte("x"), store.Express
	updated, err := f.UpdateMachine(t.Context(), want.MachineKey, func(m *store.Machine) error {
		m.Revision, m.Updated, m.Definition, m.Type = want.Revision, want.Updated, want.Definition, want.Type
		return nil
	})
	if err != nil || !reflect.DeepEqual(updated, want) {
		t.Errorf("updated %+v, %v, want %+v", updated, err, want)
	}
	if got, err := f.Machine(t.Context(), want.MachineKey); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if err := f.DeleteMachine(t.Context(), want.MachineKey); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"delete": f.DeleteMachine(t.Context(), want.MachineKey),
		"read":   second(f.Machine(t.Context(), want.MachineKey)),
		"update": second(f.UpdateMachine(t.Context(), want.MachineKey, func(*store.Machine) error { return nil })),
	} {
		if !errors.Is(err, store.ErrNoMachine) {
			t.Errorf("%s after it was deleted: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func testMachinesRefused(t *testing.T, f *fixture) {
	m := f.machine("orders")
	if err := f.CreateMachine(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	no := errors.New("no")
	for name, c := range map[string]struct {
		change func(*store.Machine) error
		want   error
	}{
		"refused":  {func(m *store.Machine) error { m.Revision = "r2"; return no }, no},
		"key":      {func(m *store.Machine) error { m.Name = "other"; return nil }, store.ErrInvalid},
		"invalid":  {func(m *store.Machine) error { m.Type = "SLOW"; return nil }, store.ErrInvalid},
		"panicked": {func(*store.Machine) error { panic("of the test") }, nil},
	} {
		if _, err := f.UpdateMachine(t.Context(), m.MachineKey, c.change); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := f.Machine(t.Context(), m.MachineKey); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("got %+v, %v, want %+v", got, err, m)
	}
}

func testMachinesInvalid(t *testing.T, f *fixture) {
	for name, change := range map[string]func(*store.Machine){
		"no name":    func(m *store.Machine) { m.Name = "" },
		"long name":  func(m *store.Machine) { m.Name = strings.Repeat("x", 321) },
		"NUL":        func(m *store.Machine) { m.Name = "a\x00" },
		"type":       func(m *store.Machine) { m.Type = "" },
		"definition": func(m *store.Machine) { m.Definition = make([]byte, store.MaxDefinition+1) },
		"settings":   func(m *store.Machine) { m.Configuration = make([]byte, store.MaxConfiguration+1) },
		"revision":   func(m *store.Machine) { m.Revision = "" },
	} {
		m := f.machine("orders")
		change(&m)
		if err := f.CreateMachine(t.Context(), m); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func testMachinePages(t *testing.T, f *fixture) {
	for i := range 5 {
		if err := f.CreateMachine(t.Context(), f.machine(fmt.Sprintf("m%d", 4-i))); err != nil {
			t.Fatal(err)
		}
	}
	other := f.machine("m9")
	other.Region = "us-east-1"
	if err := f.CreateMachine(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	var names []string
	for after := machineKey(""); ; {
		page, err := f.Machines(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if len(m.Definition) > 0 {
				t.Errorf("the listing has the definition of %s", m.Name)
			}
			names, after = append(names, m.Name), m.MachineKey
		}
		if len(page) < 2 {
			break
		}
	}
	if got := strings.Join(names, " "); got != "m0 m1 m2 m3 m4" {
		t.Errorf("listed %s", got)
	}
	for _, limit := range []int{0, store.MaxMachinePage + 1} {
		if _, err := f.Machines(t.Context(), machineKey(""), limit); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}
