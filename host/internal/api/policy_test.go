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
		"SourceArn":"arn:aws:s3:::b","SourceAccount":"111111111111","EventSourceToken":"c","PrincipalOrgID":"o-1234567890","FunctionUrlAuthType":"NONE","InvokedViaFunctionUrl":true,"RevisionId":"e","Else":[1]}`)})
	want := &function.AddPermissionInput{
		Ref: function.Ref{Name: "there"}, StatementID: at("s"), Action: at("lambda:InvokeFunctionUrl"), Principal: at("*"),
		SourceARN: at("arn:aws:s3:::b"), SourceAccount: at("111111111111"), EventSourceToken: at("c"), PrincipalOrgID: at("o-1234567890"), FunctionURLAuthType: at("NONE"),
		InvokedViaFunctionURL: true, RevisionID: "e",
	}
	if r.Status != 201 || !reflect.DeepEqual(f.added, want) {
		t.Errorf("%d: %+v", r.Status, f.added)
	}
}
