package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
)

func testCreate(t *testing.T, f *fixture) {
	want := f.function(t, key("hello"))
	f.create(t, want)
	f.holds(t, want)

	large := f.function(t, key("large"))
	large.Configuration = bytes.Repeat([]byte{0, 0xff, 'x', '\n'}, store.MaxConfiguration/4)
	large.Modified = time.Date(1969, 7, 20, 20, 17, 40, 1999, time.FixedZone("east", 3600))
	f.create(t, large)
	large.Modified = time.Date(1969, 7, 20, 19, 17, 40, 1000, time.UTC)
	f.holds(t, large)
	f.holds(t, want)
}

func testCreateExisting(t *testing.T, f *fixture) {
	first := f.function(t, key("hello"))
	f.create(t, first)
	second := first
	second.Revision = "revision-2"
	wantError(t, f.CreateFunction(t.Context(), second), store.ErrExists)
	f.holds(t, first)

	for _, other := range []store.FunctionKey{
		{Account: "210987654321", Region: first.Region, Name: first.Name},
		{Account: first.Account, Region: "us-east-1", Name: first.Name},
		{Account: first.Account, Region: first.Region, Name: "Hello"},
	} {
		f.create(t, f.function(t, other))
	}
	f.holds(t, first)
}

func testCreateWithoutCode(t *testing.T, f *fixture) {
	function := f.function(t, key("hello"))
	function.Code = store.DigestOf([]byte("never put"))
	wantError(t, f.CreateFunction(t.Context(), function), store.ErrNoCode)
	_, err := f.Function(t.Context(), function.FunctionKey)
	wantError(t, err, store.ErrNotFound)
}

func testCreateInvalid(t *testing.T, f *fixture) {
	for name, spoil := range map[string]func(*store.Function){
		"no account":          func(f *store.Function) { f.Account = "" },
		"no region":           func(f *store.Function) { f.Region = "" },
		"no name":             func(f *store.Function) { f.Name = "" },
		"no revision":         func(f *store.Function) { f.Revision = "" },
		"long name":           func(f *store.Function) { f.Name = strings.Repeat("n", 141) },
		"name with NUL":       func(f *store.Function) { f.Name = "a\x00b" },
		"name not UTF-8":      func(f *store.Function) { f.Name = "a\xffb" },
		"unknown state":       func(f *store.Function) { f.State = "Sleeping" },
		"unknown status":      func(f *store.Function) { f.LastUpdateStatus = "Perhaps" },
		"large configuration": func(f *store.Function) { f.Configuration = make([]byte, store.MaxConfiguration+1) },
	} {
		function := f.function(t, key("hello"))
		spoil(&function)
		if err := f.CreateFunction(t.Context(), function); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: error is %v, want %v", name, err, store.ErrInvalid)
		}
	}
	if all, err := f.Functions(t.Context(), key(""), 10); err != nil || len(all) != 0 {
		t.Errorf("the store holds %d functions, error %v; want none", len(all), err)
	}
}

func testCreateAnyText(t *testing.T, f *fixture) {
	for _, name := range []string{"'; DROP TABLE function; --", "?1", "$1", "%", "naïve ☃", `a"b\c`, strings.Repeat("é", 70)} {
		want := f.function(t, key(name))
		f.create(t, want)
		f.holds(t, want)
	}
}

func testUpdate(t *testing.T, f *fixture) {
	want := f.function(t, key("hello"))
	other := f.function(t, key("other"))
	f.create(t, want)
	f.create(t, other)
	got, err := f.UpdateFunction(t.Context(), want.FunctionKey, func(now *store.Function) error {
		same(t, *now, want)
		now.Revision = "revision-2"
		now.State = store.StateFailed
		now.LastUpdateStatus = store.UpdateInProgress
		now.Modified = time.Date(2026, 4, 1, 0, 0, 0, 1001, time.Local)
		now.Configuration = []byte("{}")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want.Revision, want.State, want.LastUpdateStatus = "revision-2", store.StateFailed, store.UpdateInProgress
	want.Modified = time.Date(2026, 4, 1, 0, 0, 0, 1000, time.Local).UTC()
	want.Configuration = []byte("{}")
	same(t, got, want)
	f.holds(t, want)
	f.holds(t, other)

	_, err = f.UpdateFunction(t.Context(), key("absent"), func(*store.Function) error {
		t.Error("change was called without a function")
		return nil
	})
	wantError(t, err, store.ErrNotFound)
}

func testUpdateRefused(t *testing.T, f *fixture) {
	want := f.function(t, key("hello"))
	f.create(t, want)
	refusal := errors.New("an update is in progress")
	_, err := f.UpdateFunction(t.Context(), want.FunctionKey, func(now *store.Function) error {
		now.Revision = "revision-2"
		return fmt.Errorf("refused: %w", refusal)
	})
	wantError(t, err, refusal)
	_, err = f.UpdateFunction(t.Context(), want.FunctionKey, func(now *store.Function) error {
		now.Revision = ""
		return nil
	})
	wantError(t, err, store.ErrInvalid)
	f.holds(t, want)
}

func testUpdatePanic(t *testing.T, f *fixture) {
	want := f.function(t, key("hello"))
	f.create(t, want)
	_, err := f.UpdateFunction(t.Context(), want.FunctionKey, func(now *store.Function) error {
		now.Revision = "revision-2"
		panic("out of order")
	})
	if err == nil || !strings.Contains(err.Error(), "out of order") || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error is %v, want one that tells of the panic", err)
	}
	err = f.DeleteFunction(t.Context(), want.FunctionKey, func(store.Function) error { panic("out of order") })
	if err == nil || !strings.Contains(err.Error(), "out of order") || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error is %v, want one that tells of the panic", err)
	}
	f.holds(t, want)
}

func testUpdateKeepsKey(t *testing.T, f *fixture) {
	want := f.function(t, key("hello"))
	f.create(t, want)
	_, err := f.UpdateFunction(t.Context(), want.FunctionKey, func(now *store.Function) error {
		now.Name = "renamed"
		return nil
	})
	wantError(t, err, store.ErrInvalid)
	f.holds(t, want)
}

func testUpdateCode(t *testing.T, f *fixture) {
	want := f.function(t, key("hello"))
	f.create(t, want)
	to := func(digest store.Digest) error {
		_, err := f.UpdateFunction(t.Context(), want.FunctionKey, func(now *store.Function) error {
			now.Code = digest
			return nil
		})
		return err
	}
	wantError(t, to(store.DigestOf([]byte("never put"))), store.ErrNoCode)
	f.holds(t, want)
	want.Code = f.put(t, "second")
	if err := to(want.Code); err != nil {
		t.Fatal(err)
	}
	f.holds(t, want)
}

// testUpdateIsolated has many changes at once of which every other is refused, or
// panics: none takes another with it.
func testUpdateIsolated(t *testing.T, f *fixture) {
	const n = 60
	for i := range n {
		f.create(t, f.function(t, key(strconv.Itoa(i))))
	}
	refusal := errors.New("refused")
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			_, err := f.UpdateFunction(t.Context(), key(strconv.Itoa(i)), func(now *store.Function) error {
				now.Revision = "revision-2"
				switch i % 3 {
				case 1:
					return refusal
				case 2:
					panic("out of order")
				}
				return nil
			})
			switch i % 3 {
			case 0:
				if err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			case 1:
				if !errors.Is(err, refusal) {
					t.Errorf("change %d: error is %v, want %v", i, err, refusal)
				}
			case 2:
				if err == nil {
					t.Errorf("change %d panicked, and no error came", i)
				}
			}
		})
	}
	all.Wait()
	for i := range n {
		want := f.function(t, key(strconv.Itoa(i)))
		if i%3 == 0 {
			want.Revision = "revision-2"
		}
		f.holds(t, want)
	}
}

// testUpdateConcurrently counts in one row from many sides: no count is lost, and
// each caller sees its own as soon as it has been answered.
func testUpdateConcurrently(t *testing.T, f *fixture) {
	const sides, times = 32, 20
	counter := f.function(t, key("counter"))
	counter.Configuration = []byte("0")
	f.create(t, counter)
	var all sync.WaitGroup
	for range sides {
		all.Go(func() {
			for range times {
				updated, err := f.UpdateFunction(t.Context(), counter.FunctionKey, func(now *store.Function) error {
					n, err := strconv.Atoi(string(now.Configuration))
					now.Configuration = []byte(strconv.Itoa(n + 1))
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				read, err := f.Function(t.Context(), counter.FunctionKey)
				if err != nil {
					t.Error(err)
					return
				}
				mine, _ := strconv.Atoi(string(updated.Configuration))
				if seen, err := strconv.Atoi(string(read.Configuration)); err != nil || seen < mine {
					t.Errorf("read %q (%v) after having written %d", read.Configuration, err, mine)
					return
				}
			}
		})
	}
	all.Wait()
	counter.Configuration = []byte(strconv.Itoa(sides * times))
	f.holds(t, counter)
}

// testCreateConcurrently has many create the same function: one does.
func testCreateConcurrently(t *testing.T, f *fixture) {
	const rounds, sides = 10, 16
	for round := range rounds {
		function := f.function(t, key("f"+strconv.Itoa(round)))
		var all sync.WaitGroup
		var created atomic.Int64
		for side := range sides {
			all.Go(func() {
				mine := function
				mine.Revision = "revision-" + strconv.Itoa(side)
				switch err := f.CreateFunction(t.Context(), mine); {
				case err == nil:
					created.Add(1)
				case !errors.Is(err, store.ErrExists):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := created.Load(); n != 1 {
			t.Fatalf("%d of %d created the same function, want 1", n, sides)
		}
	}
}

func testDelete(t *testing.T, f *fixture) {
	function, other := f.function(t, key("hello")), f.function(t, key("other"))
	f.create(t, function)
	f.create(t, other)
	err := f.DeleteFunction(t.Context(), function.FunctionKey, func(now store.Function) error {
		same(t, now, function)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Function(t.Context(), function.FunctionKey)
	wantError(t, err, store.ErrNotFound)
	wantError(t, f.DeleteFunction(t.Context(), function.FunctionKey, nil), store.ErrNotFound)
	f.holds(t, other)
	f.create(t, function)
	f.holds(t, function)
}

func testDeleteRefused(t *testing.T, f *fixture) {
	function := f.function(t, key("hello"))
	f.create(t, function)
	refusal := errors.New("revision differs")
	wantError(t, f.DeleteFunction(t.Context(), function.FunctionKey, func(store.Function) error { return refusal }), refusal)
	f.holds(t, function)
	if err := f.DeleteFunction(t.Context(), function.FunctionKey, nil); err != nil {
		t.Fatal(err)
	}
}
