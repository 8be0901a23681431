package api

import (
	"context"
	"net/http"
	"reflect"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestAddPermissionReadsAll gives every member that AddPermission has.
func TestAddPermissionReadsAll(t *testing.T) {
	at := func(s string) *string { return &s }
	f, a := newFake()
	target := "/2015-03-31/functions/there/policy"
	m, failed := a.Find("POST", target)
	if failed != nil {
		t.Fatal(failed)
	}
	r := a.Serve(context.Background(), m, &Request{Header: http.Header{}, Body: []byte(`{"StatementId":"s","Action":"lambda:InvokeFunctionUrl","Principal":"*",
		"SourceArn":"a","SourceAccount":"b","EventSourceToken":"c","PrincipalOrgID":"d","FunctionUrlAuthType":"NONE","InvokedViaFunctionUrl":true,"RevisionId":"e","Else":[1]}`)})
	want := &function.AddPermissionInput{
		Ref: function.Ref{Name: "there"}, StatementID: at("s"), Action: at("lambda:InvokeFunctionUrl"), Principal: at("*"),
		SourceARN: at("a"), SourceAccount: at("b"), EventSourceToken: at("c"), PrincipalOrgID: at("d"), FunctionURLAuthType: at("NONE"),
		InvokedViaFunctionURL: true, RevisionID: "e",
	}
	if r.Status != 201 || !reflect.DeepEqual(f.added, want) {
		t.Errorf("%d: %+v", r.Status, f.added)
	}
}
