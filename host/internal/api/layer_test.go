package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// LayerVersion says that there is each.
func (f *fake) LayerVersion(_ context.Context, name string, version int64) (function.LayerVersion, error) {
	return function.LayerVersion{Name: name, Version: version}, nil
}

// TestLayersByOneName: what policies say of a version of a layer cannot be got round
// by writing its name in another way.
func TestLayersByOneName(t *testing.T) {
	s, _ := newAuth(t)
	a := New(&fake{}, nil)
	a.Protect(Protection{Auth: s, Enforced: true})
	const one = `arn:aws:lambda:us-east-1:000000000000:layer:l:1`
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Deny","Action":"lambda:GetLayerVersion","Resource":"` + one + `"}]}`
	if err := s.PutRolePolicy(t.Context(), home, "app", "p", policy); err != nil {
		t.Fatal(err)
	}
	const layers = "/2018-10-31/layers"
	byARN := func(arn string) string { return layers + "?find=LayerVersion&Arn=" + arn }
	const there = "/2015-03-31/functions/there/configuration"
	for _, c := range []struct {
		method, target, body string
		want                 int
	}{
		{"GET", layers + "/l/versions/1", "", 403},
		{"GET", layers + "/l/versions/2", "", 200},
		{"GET", layers + "/l/versions/01", "", 400},
		{"GET", layers + "/l/versions/%2B1", "", 400},
		{"GET", layers + "/l/versions/x", "", 400},
		{"GET", layers + "/l!/versions/2", "", 400},
		{"GET", layers + "/" + strings.Repeat("l", 141) + "/versions/2", "", 400},
		{"GET", layers + "/arn:aws:lambda:us-east-1:000000000000:layer:l/versions/1", "", 403},
		{"GET", layers + "/arn:aws:lambda:us-east-1:000000000000:layer:l/versions/2", "", 200},
		{"GET", layers + "/arn:aws-cn:lambda:us-east-1:000000000000:layer:l/versions/1", "", 404},
		{"GET", layers + "/arn:aws:lambda:eu-west-1:000000000000:layer:l/versions/1", "", 404},
		{"GET", byARN(one), "", 403},
		{"GET", byARN("arn:aws:lambda:us-east-1:000000000000:layer:l:2"), "", 200},
		{"GET", byARN("arn:aws:lambda:us-east-1:000000000000:layer:l:01"), "", 404},
		{"GET", byARN("arn:aws-cn:lambda:us-east-1:000000000000:layer:l:1"), "", 404},
		{"GET", byARN("arn:aws:lambda:us-east-1:000000000000:layer:l"), "", 400},
		{"GET", layers + "?find=LayerVersion", "", 400},
		{"PUT", there, `{"Layers":["` + one + `"]}`, 403},
		{"PUT", there, `{"Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:2"]}`, 200},
		{"PUT", there, `{"Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:2","` + one + `"]}`, 403},
		{"PUT", there, `{"Layers":["arn:aws:lambda:us-east-1:222222222222:layer:l:2"]}`, 403},
		{"PUT", there, `{"Layers":["arn:aws:lambda:us-east-1:222222222222:layer:shared:2"]}`, 200},
	} {
		m, err := a.Find(c.method, c.target)
		if err != nil {
			t.Fatal(c.target, err)
		}
		r := a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(c.body), Query: after(c.target, "?"), Caller: session(t, s)})
		if r.Status != c.want {
			t.Errorf("%s %s %s: %d %s, want %d", c.method, c.target, c.body, r.Status, r.Body, c.want)
		}
	}
}
