package api

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

var update = flag.Bool("update", false, "write what is answered to testdata/wire")

// TestWire sends the requests in testdata/wire and compares what is answered,
// byte by byte. A file has the request, a line with ---, and the response. Read
// them to see what the API looks like on the wire.
func TestWire(t *testing.T) {
	files, err := filepath.Glob("testdata/wire/*.http")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			request, want, _ := strings.Cut(string(text), "\n---\n")
			got := exchange(request)
			head, _, _ := strings.Cut(got, "\n\n")
			for _, line := range strings.Split(head, "\n")[1:] {
				if name, _, _ := strings.Cut(line, ":"); name != http.CanonicalHeaderKey(name) {
					t.Errorf("the field %s is not written as the gateway sends it, %s", name, http.CanonicalHeaderKey(name))
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(request+"\n---\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("answered\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// exchange answers a request in the form of those files.
func exchange(text string) string {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	h := http.Header{}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		h.Set(name, value)
	}
	f, a := newFake()
	f.out = function.InvokeOutput{Failed: h.Get("Test-Fails") != ""}
	_, query, _ := strings.Cut(target, "?")
	r := Request{ID: "11111111-2222-4333-8444-555555555555", Host: "127.0.0.1:9000", Query: query, Header: h, Body: []byte(body)}
	m, err := a.Find(method, target)
	var response Response
	if err != nil {
		response = Fail(r.ID, err)
	} else {
		response = a.Serve(context.Background(), m, &r)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%d\n", response.Status)
	for _, f := range response.Header {
		fmt.Fprintf(&out, "%s: %s\n", f.Name, f.Value)
	}
	fmt.Fprintf(&out, "\n%s\n", response.Body)
	return out.String()
}
