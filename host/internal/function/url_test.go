package function_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

func TestURL(t *testing.T) {
	s := newService(t, function.Config{})
	ctx, f := t.Context(), ref("f", "")
	in := function.URLSettings{AuthType: ptr("NONE")}
	_, err := s.CreateURL(ctx, f, in)
	wantFault(t, "of no function", err, fault.ResourceNotFound, "function:f")
	active(t, s, "f", packGuest(t, "echo"))
	_, err = s.CreateURL(ctx, ref("f", "live"), in)
	wantFault(t, "of no alias", err, fault.ResourceNotFound, "function:f:live")
	created, err := s.CreateURL(ctx, f, in)
	if err != nil || len(created.ID) != 32 || created.FunctionARN != s.ARN(f) {
		t.Fatalf("%+v, %v", created, err)
	}
	_, err = s.CreateURL(ctx, f, in)
	wantFault(t, "twice", err, fault.ResourceConflict, "FunctionUrlConfig exists for this Lambda function")
	updated, err := s.UpdateURL(ctx, f, function.URLSettings{InvokeMode: ptr("RESPONSE_STREAM"), Cors: &function.Cors{MaxAge: ptr(5)}})
	if err != nil || updated.ID != created.ID || *updated.AuthType != "NONE" || *updated.InvokeMode != "RESPONSE_STREAM" {
		t.Errorf("%+v, %v", updated, err)
	}
	if got, err := s.URL(ctx, f); err != nil || got.ID != created.ID || *got.Cors.MaxAge != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	if all, next, err := s.URLs(ctx, "f", "", 0); err != nil || len(all) != 1 || all[0].ID != created.ID || next != "" {
		t.Errorf("%+v, %s, %v", all, next, err)
	}
	if err := s.DeleteURL(ctx, f); err != nil {
		t.Fatal(err)
	}
	_, err = s.URL(ctx, f)
	for what, err := range map[string]error{"get": err, "delete": s.DeleteURL(ctx, f), "of nothing": s.DeleteURL(ctx, ref("nobody", ""))} {
		wantFault(t, what, err, fault.ResourceNotFound, "The resource you requested does not exist.")
	}
}
