package api

import (
	"encoding/json"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestURLResponse has what was recorded of AWS, and what functions must not do.
func TestURLResponse(t *testing.T) {
	c := &call{request: &Request{ID: "r-1"}}
	for name, w := range map[string]struct {
		out       function.InvokeOutput
		status    int
		body      string
		mediaType string
	}{
		"string":   {function.InvokeOutput{Payload: []byte(`"hello"`)}, 200, "hello", asJSON},
		"list":     {function.InvokeOutput{Payload: []byte(`["hello",3,true]`)}, 200, `["hello",3,true]`, asJSON},
		"number":   {function.InvokeOutput{Payload: []byte(`3.1`)}, 200, "3.1", asJSON},
		"object":   {function.InvokeOutput{Payload: []byte(`{"hello":"world"}`)}, 200, `{"hello":"world"}`, asJSON},
		"response": {function.InvokeOutput{Payload: []byte(`{"statusCode":201,"headers":{"content-type":"text/plain","X-A":1},"body":"x","cookies":["a=1","b=2"]}`)}, 201, "x", "text/plain"},
		"base64":   {function.InvokeOutput{Payload: []byte(`{"statusCode":200,"body":"AP8=","isBase64Encoded":true}`)}, 200, "\x00\xff", asJSON},
		"nested":   {function.InvokeOutput{Payload: []byte(`{"statusCode":200,"body":{"a":1}}`)}, 200, `{"a":1}`, asJSON},
		"meta":     {function.InvokeOutput{Meta: json.RawMessage(`{"statusCode":404,"headers":{"Content-Type":"text/html"}}`), Payload: []byte("<p>")}, 404, "<p>", "text/html"},
		"failed":   {function.InvokeOutput{Failed: true, Payload: []byte(`{}`)}, 502, "Internal Server Error", asJSON},
		"status":   {function.InvokeOutput{Payload: []byte(`{"statusCode":99}`)}, 502, "Internal Server Error", asJSON},
		"no text":  {function.InvokeOutput{Payload: []byte(`{"statusCode":200,"body":"?","isBase64Encoded":true}`)}, 502, "Internal Server Error", asJSON},
		"injected": {function.InvokeOutput{Payload: []byte(`{"statusCode":200,"headers":{"X-A":"1\r\nX-B: 2","Content-Length":"9","a b":"c","Connection":"close"},"cookies":["a\r\n"],"body":"x"}`)}, 200, "x", asJSON},
	} {
		r := c.urlResponse(&w.out, false)
		if r.Status != w.status || string(r.Body) != w.body || r.Get(contentType) != w.mediaType {
			t.Errorf("%s: %d %s %q", name, r.Status, r.Get(contentType), r.Body)
		}
		if name == "injected" && len(r.Header) != 2 || name == "response" && len(r.Header) != 5 {
			t.Errorf("%s: %v", name, r.Header)
		}
	}
}
