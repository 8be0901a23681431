package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// Opener opens a new, empty store that takes the time from now, and closes and
// removes it when the test ends.
type Opener func(t *testing.T, now func() time.Time) store.Store

// Run runs the suite.
func Run(t *testing.T, open Opener) {
	for name, test := range map[string]func(*testing.T, *fixture){
		"Create":               testCreate,
		"CreateExisting":       testCreateExisting,
		"CreateWithoutCode":    testCreateWithoutCode,
		"CreateInvalid":        testCreateInvalid,
		"CreateAnyText":        testCreateAnyText,
		"FunctionNotFound":     testFunctionNotFound,
		"Update":               testUpdate,
		"UpdateRefused":        testUpdateRefused,
		"UpdatePanic":          testUpdatePanic,
		"UpdateKeepsKey":       testUpdateKeepsKey,
		"UpdateCode":           testUpdateCode,
		"UpdateIsolated":       testUpdateIsolated,
		"UpdateConcurrently":   testUpdateConcurrently,
		"CreateConcurrently":   testCreateConcurrently,
		"Delete":               testDelete,
		"DeleteRefused":        testDeleteRefused,
		"ListInByteOrder":      testListInByteOrder,
		"ListPages":            testListPages,
		"ListOneAccountRegion": testListOneAccountRegion,
		"ListLimits":           testListLimits,
		"Unsettled":            testUnsettled,
		"UnsettledPages":       testUnsettledPages,
		"Code":                 testCode,
		"CodeNotThere":         testCodeNotThere,
		"CodeConcurrently":     testCodeConcurrently,
		"Sweep":                testSweep,
		"SweepPutAgain":        testSweepPutAgain,
		"SweepBesideCreate":    testSweepBesideCreate,
		"CancelledContext":     testCancelledContext,
		"Close":                testClose,
		"Parts":                testParts,
		"PartsRefused":         testPartsRefused,
		"SweepKeepsVersions":   testSweepKeepsVersions,
		"Machines":             testMachines,
		"MachinesRefused":      testMachinesRefused,
		"MachinesInvalid":      testMachinesInvalid,
		"MachinePages":         testMachinePages,
		"Mappings":             testMappings,
		"MappingsInvalid":      testMappingsInvalid,
		"MappingPages":         testMappingPages,
		"AttachmentsOfKind":    testAttachmentsOfKind,
		"Layers":               testLayers,
		"LayersRefused":        testLayersRefused,
		"LayerPages":           testLayerPages,
		"LayersConcurrently":   testLayersConcurrently,
		"SweepKeepsLayers":     testSweepKeepsLayers,
		"AccessKeys":           testAccessKeys,
		"Identities":           testIdentities,
		"IdentityPages":        testIdentityPages,
	} {
		t.Run(name, func(t *testing.T) {
			f := &fixture{}
			f.clock.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
			f.Store = open(t, f.now)
			test(t, f)
		})
	}
}

// fixture is a store with a clock that stands until it is moved.
type fixture struct {
	store.Store
	clock atomic.Int64 // nanoseconds since 1970
}

func (f *fixture) now() time.Time { return time.Unix(0, f.clock.Load()) }

func (f *fixture) pass(d time.Duration) { f.clock.Add(int64(d)) }

func key(name string) store.FunctionKey {
	return store.FunctionKey{Account: "123456789012", Region: "eu-central-1", Name: name}
}

// function returns one that names code which is there.
func (f *fixture) function(t *testing.T, k store.FunctionKey) store.Function {
	t.Helper()
	return store.Function{
		FunctionKey:      k,
		Revision:         "revision-1",
		State:            store.StateActive,
		LastUpdateStatus: store.UpdateSuccessful,
		Code:             f.put(t, "code of "+k.Name),
		Modified:         time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC),
		Configuration:    []byte(`{"Handler":"index.handler"}`),
	}
}

func (f *fixture) put(t *testing.T, code string) store.Digest {
	t.Helper()
	digest, err := f.PutCode(t.Context(), []byte(code))
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func (f *fixture) create(t *testing.T, function store.Function) {
	t.Helper()
	if err := f.CreateFunction(t.Context(), function); err != nil {
		t.Fatal(err)
	}
}

// holds checks that the store has exactly this function.
func (f *fixture) holds(t *testing.T, want store.Function) {
	t.Helper()
	got, err := f.Function(t.Context(), want.FunctionKey)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
}

func same(t *testing.T, got, want store.Function) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s\nwant %s", show(got), show(want))
	}
}

func show(f store.Function) string {
	return fmt.Sprintf("%s %s %s/%s %s %s %.100q", f.FunctionKey, f.Revision, f.State, f.LastUpdateStatus, f.Code, f.Modified, f.Configuration)
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
}
