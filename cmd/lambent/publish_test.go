package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestListVersions lists versions between which an alias divides its events.
func TestListVersions(t *testing.T) {
	answers := map[string]string{
		"/2015-03-31/functions/f/versions":         `{"Versions":[{"Version":"$LATEST","LastModified":"m"}],"NextMarker":"$LATEST"}`,
		"/2015-03-31/functions/f/versions?$LATEST": `{"Versions":[{"Version":"1","LastModified":"m"},{"Version":"2","LastModified":"m"}]}`,
		"/2015-03-31/functions/f/aliases":          `{"Aliases":[{"Name":"live","FunctionVersion":"1","RoutingConfig":{"AdditionalVersionWeights":{"2":0.1}}}],"NextMarker":"live"}`,
		"/2015-03-31/functions/f/aliases?live":     `{"Aliases":[{"Name":"next","FunctionVersion":"2"},{"Name":"tip","FunctionVersion":"$LATEST"}]}`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := r.URL.Path
		if marker := r.FormValue("Marker"); marker != "" {
			at += "?" + marker
		}
		fmt.Fprint(w, answers[at])
	}))
	defer s.Close()
	c := listCommand()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetArgs([]string{"f", "--endpoint", s.URL})
	if err := c.Execute(); err != nil {
		t.Fatal(err)
	}
	const want = `VERSION  ALIASES          MEMORY  TIMEOUT  CODE     MODIFIED
$LATEST  tip              0 MB    0 s      0 bytes  m
1        live 90 %        0 MB    0 s      0 bytes  m
2        live 10 %, next  0 MB    0 s      0 bytes  m
`
	if got := out.String(); got != want {
		t.Errorf("listed\n%swant\n%s", got, want)
	}
}
