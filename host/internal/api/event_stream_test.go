package api

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"net/http"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

type message struct {
	header  map[string]string
	payload []byte
}

// readStream takes a stream apart as AWS's documentation says.
func readStream(t *testing.T, b []byte) (all []message) {
	t.Helper()
	for len(b) > 0 {
		total, headers := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		if crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) || crc32.ChecksumIEEE(b[:total-4]) != binary.BigEndian.Uint32(b[total-4:]) {
			t.Fatal("a checksum is wrong")
		}
		m := message{header: map[string]string{}, payload: b[12+headers : total-4]}
		for h := b[12 : 12+headers]; len(h) > 0; {
			name := string(h[1 : 1+h[0]])
			h = h[1+h[0]:]
			if h[0] != 7 {
				t.Fatalf("%s has type %d", name, h[0])
			}
			n := binary.BigEndian.Uint16(h[1:])
			m.header[name] = string(h[3 : 3+n])
			h = h[3+n:]
		}
		all, b = append(all, m), b[total:]
	}
	return all
}

func TestInvokeWithResponseStream(t *testing.T) {
	f, a := newFake()
	invoke := func(header http.Header) Response {
		m, err := a.Find("POST", "/2021-11-15/functions/there/response-streaming-invocations")
		if err != nil {
			t.Fatal(err)
		}
		return a.Serve(t.Context(), m, &Request{ID: "r-1", Header: header, Body: []byte(`"in"`)})
	}
	large := `"` + strings.Repeat("x", maxPayload) + `"`
	f.out = function.InvokeOutput{Payload: []byte(large)}
	r := invoke(http.Header{"X-Amz-Log-Type": {"Tail"}})
	if r.Status != 200 || r.Get("Content-Type") != "application/vnd.amazon.eventstream" || r.Get("X-Amz-Executed-Version") != "$LATEST" {
		t.Errorf("%d %v", r.Status, r.Header)
	}
	all := readStream(t, r.Body)
	if len(all) != 3 {
		t.Fatalf("%d messages", len(all))
	}
	got := ""
	for _, m := range all[:2] {
		if m.header[":event-type"] != "PayloadChunk" || m.header[":message-type"] != "event" {
			t.Errorf("%v", m.header)
		}
		got += string(m.payload)
	}
	var complete map[string]string
	if err := json.Unmarshal(all[2].payload, &complete); err != nil || got != large || all[2].header[":event-type"] != "InvokeComplete" || complete["LogResult"] == "" || complete["ErrorCode"] != "" {
		t.Errorf("%d bytes, %v, %v", len(got), complete, err)
	}

	f.out = function.InvokeOutput{Payload: []byte(`{"errorType":"E"}`), Failed: true}
	all = readStream(t, invoke(http.Header{}).Body)
	clear(complete)
	if len(all) != 1 || json.Unmarshal(all[0].payload, &complete) != nil || complete["ErrorCode"] != "Unhandled" || complete["ErrorDetails"] != `{"errorType":"E"}` {
		t.Errorf("%d messages, %v", len(all), complete)
	}
	if r := invoke(http.Header{"X-Amz-Invocation-Type": {"DryRun"}}); r.Status != 204 {
		t.Errorf("a dry run: %d", r.Status)
	}
	if r := invoke(http.Header{"X-Amz-Invocation-Type": {"Event"}}); r.Status != 400 {
		t.Errorf("asynchronously: %d %s", r.Status, r.Body)
	}
}
