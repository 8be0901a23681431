package host_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host"
)

// TestVersions deploys twice, publishes both, and has an alias lead to one and then
// to the other.
func TestVersions(t *testing.T) {
	h, ctx := openHost(t, host.Config{}), t.Context()
	const event, greeted = `{"name":"Ada","n":41}`, `{"message":"Hello, Ada!","n":42}`
	for i, name := range []string{"echo", "json"} {
		deploy(t, h, host.Deployment{Name: "f", Module: guest(t, name)})
		if f, err := h.Publish(ctx, "f"); err != nil || f.Version != []string{"1", "2"}[i] {
			t.Fatalf("%+v, %v", f, err)
		}
	}
	for _, c := range []struct {
		version, want string
		weights       map[string]float64
	}{{"1", event, nil}, {"2", greeted, map[string]float64{"1": 0}}, {"1", greeted, map[string]float64{"2": 1}}, {"$LATEST", greeted, nil}} {
		a, err := h.SetAlias(ctx, "f", host.Alias{Name: "live", Version: c.version, Weights: c.weights})
		if err != nil || a.Version != c.version || len(a.Weights) != len(c.weights) || !strings.HasSuffix(a.ARN, ":function:f:live") {
			t.Errorf("%+v, %v", a, err)
		}
		if got := invoke(t, h, "f:live", event); got != c.want {
			t.Errorf("%+v answered %s", c, got)
		}
	}
	if got := invoke(t, h, "f:1", event) + invoke(t, h, "f", event); got != event+greeted {
		t.Errorf("answered %s", got)
	}
	if f, err := h.Function(ctx, "f:live"); err != nil || f.Version != "$LATEST" {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := h.SetAlias(ctx, "f", host.Alias{Name: "old", Version: "1"}); err != nil {
		t.Error(err)
	}
	wantError(t, "a version in use", h.Delete(ctx, "f:1"), host.CodeResourceConflict, "[old]")
	_, err := h.SetAlias(ctx, "f", host.Alias{Name: "old", Version: "3"})
	wantError(t, "a version that is not there", err, host.CodeResourceNotFound, ":f:3")
	if all, err := h.Aliases(ctx, "f"); err != nil || len(all) != 2 || all[1].Name != "old" {
		t.Errorf("%+v, %v", all, err)
	}
	for range 2 {
		if err := h.DeleteAlias(ctx, "f", "old"); err != nil {
			t.Error(err)
		}
		if err := h.Delete(ctx, "f:1"); err != nil {
			t.Error(err)
		}
	}
	if all, err := h.Versions(ctx, "f"); err != nil || len(all) != 2 || all[0].Version+all[1].Version != "$LATEST2" {
		t.Errorf("%+v, %v", all, err)
	}
}
