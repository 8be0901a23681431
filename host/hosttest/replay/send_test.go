package replay

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// player sends the calls of one case.
type player struct {
	*bindings
	t        *testing.T
	endpoint string
	test     string
	// instead are parameters, by the name of their call, that depend on the account.
	instead map[string]map[string]any
	codes   int // that were sent, if they are told apart
}

// patience bounds what a client waits for.
const patience = time.Minute

// send sends a call. One that was recorded without an answer and asks for a
// function or an event source mapping is a client waiting until nothing of it is
// under way, so that this does, too.
func (p *player) send(c *call) answered {
	got := p.exchange(c, p.instead[c.Name])
	switch {
	case c.Wait, c.Expect == nil && (c.Operation == "GetFunction" || c.Operation == "GetEventSourceMapping"):
		for deadline := time.Now().Add(patience); underway(got); got = p.exchange(c, nil) {
			if time.Now().After(deadline) {
				p.t.Fatalf("%s: still under way: %s", c.Operation, got.body)
			}
			time.Sleep(10 * time.Millisecond)
		}
	case c.Expect != nil && c.Expect.Status == nil && strings.HasPrefix(c.Operation, "List"):
		got = p.pages(c, got)
	}
	p.learn(c.Operation, got.object())
	return got
}

// underway reports whether a client would ask again.
func underway(a answered) bool {
	body := a.object()
	if a.status != 200 || body == nil {
		return false
	}
	if f, ok := body["Configuration"].(map[string]any); ok {
		body = f
	}
	for _, member := range []string{"State", "LastUpdateStatus", "Status"} {
		switch body[member] {
		case "Pending", "InProgress", "Creating", "Updating", "Enabling", "Disabling", "Deleting", "IN_PROGRESS":
			return true
		}
	}
	return false
}

// pages reads what comes after the first page, as one list.
func (p *player) pages(c *call, got answered) answered {
	all := got.object()
	for page := all; page["NextMarker"] != nil; {
		next := p.exchange(c, map[string]any{"Marker": page["NextMarker"]})
		if page = next.object(); page == nil {
			return next
		}
		for name, value := range page {
			if list, ok := value.([]any); ok {
				before, _ := all[name].([]any)
				all[name] = append(before, list...)
			}
		}
	}
	delete(all, "NextMarker")
	got.body, _ = json.Marshal(all)
	return got
}

func (p *player) exchange(c *call, more map[string]any) answered {
	shape, known := requests[c.Operation]
	if !known {
		p.t.Fatalf("operations_test.go does not have %s", c.Operation)
	}
	params := p.real("", c.Params).(map[string]any)
	for name, value := range more {
		params[name] = value
	}
	path, function := shape.path, params["FunctionName"]
	for name, value := range params {
		if placeholder := "{" + name + "}"; strings.Contains(path, placeholder) {
			path = strings.Replace(path, placeholder, escape(value.(string)), 1)
			delete(params, name)
		}
	}
	separator := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
	for _, name := range shape.query {
		member := strings.ToUpper(name[:1]) + name[1:] // tagKeys is TagKeys
		values, ok := params[member].([]any)
		if value, one := params[member]; !ok && one {
			values = []any{value}
		}
		for _, value := range values {
			path += separator + name + "=" + escape(fmt.Sprint(value))
			separator = "&"
		}
		delete(params, member)
	}
	header := http.Header{}
	for name, field := range shape.header {
		if value, ok := params[name]; ok {
			header.Set(field, value.(string))
			delete(params, name)
		}
	}
	var body []byte
	switch {
	case shape.payload:
		body = p.payload(params["Payload"])
	case shape.method != "GET" && shape.method != "DELETE":
		var err error
		if body, err = json.Marshal(p.withPackage(params, function)); err != nil {
			p.t.Fatal(err)
		}
	}
	q, err := http.NewRequestWithContext(p.t.Context(), shape.method, p.endpoint+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	q.Header = header
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		p.t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answered{a.StatusCode, a.Header, text}
}

// payload is the event of an Invoke. Of those that are not UTF-8, the bytes are in
// the name of the case.
func (p *player) payload(v any) []byte {
	text, _ := v.(string)
	if m, ok := v.(map[string]any); ok {
		text, _ = m["$text"].(string)
	}
	_, raw, ok := strings.Cut(p.test, "payload_encoding_error[")
	if !ok || !strings.ContainsRune(text, utf8.RuneError) {
		return []byte(text)
	}
	_, raw, _ = strings.Cut(strings.TrimSuffix(raw, "]"), "-")
	event, err := strconv.Unquote(`"` + raw + `"`)
	if err != nil {
		p.t.Fatal(err)
	}
	return []byte(event)
}

// escape percent-encodes all that is not unreserved, as SDKs do.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// withPackage puts a deployment package that Lambent can run where the recording
// has another.
func (p *player) withPackage(params map[string]any, name any) map[string]any {
	place := params
	for _, member := range []string{"Code", "Content"} {
		if code, ok := params[member].(map[string]any); ok {
			place = code
		}
	}
	if given, ok := place["ZipFile"].(map[string]any); ok {
		if p.computed {
			p.codes++ // what is computed is another each time, though the package may have as many bytes
		}
		content := deploymentPackage(p.t, given, name, p.codes)
		if environment, _ := params["Environment"].(map[string]any); fmt.Sprint(environment["Variables"]) == "map[INIT:fails]" {
			content = pack(p.t, nil, file{"lambent.json", []byte(`{"mode":"init=each"}`)}) // no instance can be initialised ahead of an event
		}
		place["ZipFile"] = base64.StdEncoding.EncodeToString(content)
	}
	return params
}

// deploymentPackage is a function that answers its event. What is recorded of the
// original makes packages differ that differed then, and so do the function, since zip
// files hold the time at which they were made, and code.
func deploymentPackage(t *testing.T, recorded map[string]any, function any, code int) []byte {
	t.Helper()
	if size, ok := recorded["$bytes"].(float64); ok && size > 50<<20 {
		return make([]byte, int(size)) // one that is refused for its size
	}
	h := fnv.New64()
	fmt.Fprint(h, recorded, function, code)
	return pack(t, h.Sum(nil))
}

// file is one in a deployment package.
type file struct {
	name    string
	content []byte
}

// pack makes a deployment package that holds something beside the function.
func pack(t *testing.T, beside []byte, more ...file) []byte {
	t.Helper()
	module, err := os.ReadFile("../../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range append([]file{{"bootstrap", module}, {"beside", beside}}, more...) {
		f, err := w.Create(file.name)
		if err == nil {
			_, err = f.Write(file.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
