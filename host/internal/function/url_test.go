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
	wantFault(t, "of no function", err, fault.ResourceNotFound, "Function does not exist")
	active(t, s, "f", packGuest(t, "echo"))
	_, err = s.CreateURL(ctx, ref("f", "live"), in)
	wantFault(t, "of no alias", err, fault.ResourceNotFound, "Function does not exist")
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
	if got, err := s.UpdateURL(ctx, f, function.URLSettings{Cors: &function.Cors{}}); err != nil || got.Cors != nil {
		t.Errorf("without CORS: %+v, %v", got.Cors, err)
	}
	_, _, err = s.URLs(ctx, "nobody", "", 0)
	wantFault(t, "of nobody", err, fault.ResourceNotFound, "Function does not exist")
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

// TestURLPages lists the URL of a function and those of its aliases one by one: that
// of the function has no qualifier, which is no end.
func TestURLPages(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "echo"))
	of := []string{"", "-a", "b"}
	for _, qualifier := range of {
		if qualifier != "" {
			if _, err := s.CreateAlias(t.Context(), function.CreateAliasInput{Ref: ref("f", ""), Name: &qualifier, Version: ptr("$LATEST")}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.CreateURL(t.Context(), ref("f", qualifier), function.URLSettings{AuthType: ptr("NONE")}); err != nil {
			t.Fatal(err)
		}
	}
	marker := ""
	for i, qualifier := range of {
		page, next, err := s.URLs(t.Context(), "f", marker, 1)
		if err != nil || len(page) != 1 || page[0].FunctionARN != s.ARN(ref("f", qualifier)) || (next == "") != (i == len(of)-1) {
			t.Fatalf("page %d: %+v, %q, %v", i, page, next, err)
		}
		marker = next
	}
}
