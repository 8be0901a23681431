package sandbox_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestPerTenant marks instances, in the one mode in which they keep marks, and
// wants no tenant to find another's.
func TestPerTenant(t *testing.T) {
	box := newBox(t, counting(nil, nil), sandbox.Config{PerTenant: true, Manifest: sandbox.Manifest{Mode: string(sandbox.Reuse)}, Limits: sandbox.Limits{Idle: 3}})
	if mode, why := box.Mode(); mode != sandbox.Reuse {
		t.Fatal(mode, why)
	}
	do := func(tenant string) (calls int) {
		t.Helper()
		r, err := box.Do(t.Context(), sandbox.Request{Event: []byte("{}"), Tenant: tenant})
		if err != nil {
			t.Error(err)
			return 0
		}
		if _, err := fmt.Sscan(string(r.Response), &calls); err != nil {
			t.Errorf("%s: %v", r.Response, err)
		}
		return calls - 100
	}
	for i, tenant := range []string{"a", "b", "a", "a", "b", "c"} {
		want := []int{1, 1, 2, 3, 2, 1}[i]
		if got := do(tenant); got != want {
			t.Errorf("event %d, of %s, is the instance's number %d, want %d", i, tenant, got, want)
		}
	}
	if got := do("d"); got != 1 { // there is room for three: one of them goes
		t.Errorf("the first event of d is the instance's number %d", got)
	}
	if n, _ := box.Idle(); n > 3 {
		t.Errorf("%d instances are idle", n)
	}
	if _, err := box.Run(t.Context(), []byte("{}")); !errors.Is(err, sandbox.ErrRequest) {
		t.Errorf("without a tenant: %v", err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			tenant := fmt.Sprint("t", i)
			for range 9 { // it counts with one digit
				do(tenant)
			}
		})
	}
	all.Wait()
}
