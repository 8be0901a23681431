package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

func testFunctionNotFound(t *testing.T, f *fixture) {
	for _, k := range []store.FunctionKey{key("absent"), {}, key("a\x00b"), key("a\xffb")} {
		_, err := f.Function(t.Context(), k)
		wantError(t, err, store.ErrNotFound)
	}
}

// names pages through a listing.
func names(t *testing.T, list func(context.Context, store.FunctionKey, int) ([]store.Function, error), after store.FunctionKey, limit int) (all []string) {
	t.Helper()
	for {
		page, err := list(t.Context(), after, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > limit {
			t.Fatalf("a page has %d functions, want at most %d", len(page), limit)
		}
		for _, function := range page {
			all = append(all, function.Name)
			after = function.FunctionKey
		}
		if len(page) < limit {
			return all
		}
	}
}

func testListInByteOrder(t *testing.T, f *fixture) {
	want := []string{"-", "10", "9", "A", "Z", "_", "a", "a-b", "a_b", "ab", "z", "É", "é", "ﬀ", "😀"}
	if !slices.IsSorted(want) {
		t.Fatal("this test's names are not sorted")
	}
	for i := range want {
		f.create(t, f.function(t, key(want[(i*7)%len(want)])))
	}
	for limit := range len(want) + 1 {
		if got := names(t, f.Functions, key(""), limit+1); !slices.Equal(got, want) {
			t.Errorf("by %d: listed %q, want %q", limit+1, got, want)
		}
	}
	for i, name := range want {
		if got := names(t, f.Functions, key(name), 100); !slices.Equal(got, want[i+1:]) {
			t.Errorf("after %q: listed %q, want %q", name, got, want[i+1:])
		}
	}
}

func testListPages(t *testing.T, f *fixture) {
	if all, err := f.Functions(t.Context(), key(""), 5); err != nil || len(all) != 0 {
		t.Fatalf("an empty store lists %d functions, error %v", len(all), err)
	}
	var want []store.Function
	for i := range 7 {
		function := f.function(t, key(fmt.Sprint("f", i)))
		f.create(t, function)
		want = append(want, function)
	}
	got, err := f.Functions(t.Context(), key("f1"), 3)
	if err != nil || len(got) != 3 {
		t.Fatalf("listed %d functions, error %v; want 3", len(got), err)
	}
	for i, function := range got {
		same(t, function, want[2+i])
	}
	// What is listed from does not have to exist.
	if err := f.DeleteFunction(t.Context(), key("f3"), nil); err != nil {
		t.Fatal(err)
	}
	if got := names(t, f.Functions, key("f3"), 2); !slices.Equal(got, []string{"f4", "f5", "f6"}) {
		t.Errorf("after a removed function: listed %q", got)
	}
}

func testListOneAccountRegion(t *testing.T, f *fixture) {
	for _, account := range []string{"111111111111", "222222222222"} {
		for _, region := range []string{"eu-central-1", "us-east-1"} {
			f.create(t, f.function(t, store.FunctionKey{Account: account, Region: region, Name: account[:1] + region}))
		}
	}
	got := names(t, f.Functions, store.FunctionKey{Account: "111111111111", Region: "us-east-1"}, 10)
	if !slices.Equal(got, []string{"1us-east-1"}) {
		t.Errorf("listed %q, want those of one account and region", got)
	}
}

func testListLimits(t *testing.T, f *fixture) {
	for _, limit := range []int{-1, 0, store.MaxPage + 1} {
		_, err := f.Functions(t.Context(), key(""), limit)
		wantError(t, err, store.ErrInvalid)
		_, err = f.Unsettled(t.Context(), key(""), limit)
		wantError(t, err, store.ErrInvalid)
	}
	if _, err := f.Functions(t.Context(), key(""), store.MaxPage); err != nil {
		t.Fatal(err)
	}
}

func testUnsettled(t *testing.T, f *fixture) {
	var want []string
	for _, state := range []store.State{store.StateActive, store.StateFailed, store.StateInactive, store.StatePending} {
		for _, update := range []store.UpdateStatus{store.UpdateFailed, store.UpdateInProgress, store.UpdateNone, store.UpdateSuccessful} {
			function := f.function(t, key(fmt.Sprintf("%s-%s", state, update)))
			function.State, function.LastUpdateStatus = state, update
			f.create(t, function)
			if state == store.StatePending || update == store.UpdateInProgress {
				want = append(want, function.Name)
			}
		}
	}
	slices.Sort(want)
	if got := names(t, f.Unsettled, store.FunctionKey{}, 100); !slices.Equal(got, want) {
		t.Fatalf("unsettled are %q, want %q", got, want)
	}
	settled, err := f.UpdateFunction(t.Context(), key(want[0]), func(now *store.Function) error {
		now.State, now.LastUpdateStatus = store.StateActive, store.UpdateSuccessful
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, f.Unsettled, store.FunctionKey{}, 100); !slices.Equal(got, want[1:]) {
		t.Errorf("after %s was settled: unsettled are %q, want %q", settled.Name, got, want[1:])
	}
}

func testUnsettledPages(t *testing.T, f *fixture) {
	var want []string
	for _, account := range []string{"111111111111", "222222222222"} {
		for _, region := range []string{"eu-central-1", "us-east-1"} {
			for _, name := range []string{"a", "b", "c"} {
				function := f.function(t, store.FunctionKey{Account: account, Region: region, Name: account[:1] + region + name})
				if name != "b" {
					function.State = store.StatePending
					want = append(want, function.Name)
				}
				f.create(t, function)
			}
		}
	}
	for limit := 1; limit < len(want)+2; limit++ {
		if got := names(t, f.Unsettled, store.FunctionKey{}, limit); !slices.Equal(got, want) {
			t.Errorf("by %d: unsettled are %q, want %q", limit, got, want)
		}
	}
}
