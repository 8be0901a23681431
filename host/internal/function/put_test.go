package function_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestPutTogether has many put one function at once, while others delete it: each
// hears of the end of its own, and the last one stays.
func TestPutTogether(t *testing.T) {
	s := newService(t, function.Config{})
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 3 {
				in := settings()
				in.Handler = ptr(fmt.Sprintf("h-%d-%d", i, j))
				c, err := s.Put(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "context"), Settings: in})
				if err != nil || c.State.Is != function.Active {
					t.Errorf("%s: %+v, %v", *in.Handler, c, err)
				}
			}
		})
	}
	all.Go(func() {
		for range 5 {
			if err := s.Delete(t.Context(), function.Ref{Name: "f"}); err != nil {
				wantFault(t, "delete", err, fault.ResourceNotFound, "")
			}
		}
	})
	all.Wait()
	in := settings()
	in.Handler = ptr("last")
	for range 2 {
		if _, err := s.Put(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "context"), Settings: in, Tags: map[string]string{"a": "b"}}); err != nil {
			t.Fatal(err)
		}
		if got := invoke(t, s, "f", `""`); !strings.Contains(got, `"handler":"last"`) {
			t.Errorf("it answered %s", got)
		}
	}
}
