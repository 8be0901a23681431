package function_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

func TestTenancy(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "plain", packGuest(t, "context"))
	c, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "context"), Tenancy: ptr("PER_TENANT"), Settings: settings()})
	if err != nil || c.Tenancy != "PER_TENANT" {
		t.Fatalf("%+v, %v", c, err)
	}
	settle(t, s, "f")
	ask := func(name, tenant string) (string, error) {
		out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref(name, ""), Event: []byte(`"tenant_id"`), Tenant: tenant})
		return string(out.Payload), err
	}
	for _, tenant := range []string{"blue", "red", "blue"} {
		if _, err := ask("f", tenant); err != nil {
			t.Errorf("%s: %v", tenant, err)
		}
	}
	if n := s.IdleInstances("f"); n != 2 {
		t.Errorf("%d instances are idle, want one of each tenant", n)
	}
	_, err = ask("f", "")
	wantFault(t, "without a tenant", err, fault.InvalidParameterValue, "The invoked function is enabled with tenancy configuration. Add a valid tenant ID")
	_, err = ask("plain", "blue")
	wantFault(t, "without tenancy", err, fault.InvalidParameterValue, "The invoked function is not enabled with tenancy configuration.")
	publish(t, s, "f")
	if v, err := s.Configuration(t.Context(), ref("f", "1")); err != nil || v.Tenancy != "PER_TENANT" {
		t.Errorf("published: %+v, %v", v, err)
	}
}
