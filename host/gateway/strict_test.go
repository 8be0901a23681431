package gateway

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// silent is a connection that sends bytes.
type silent struct{ io.Reader }

func (silent) Write([]byte) (int, error)        { return 0, io.ErrClosedPipe }
func (silent) Close() error                     { return nil }
func (silent) LocalAddr() net.Addr              { return nil }
func (silent) RemoteAddr() net.Addr             { return nil }
func (silent) SetDeadline(time.Time) error      { return nil }
func (silent) SetReadDeadline(time.Time) error  { return nil }
func (silent) SetWriteDeadline(time.Time) error { return nil }

// FuzzHTTP looks for bytes that we take for a request and net/http does not, or
// for another: with another method, target, Host or body, or another end.
func FuzzHTTP(f *testing.F) {
	for _, c := range badHTTP {
		f.Add([]byte(c.sent))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		if bytes.HasPrefix(sent, []byte("\r")) || bytes.HasPrefix(sent, []byte("\n")) {
			return // see "an empty line before"
		}
		source := &connection{Conn: silent{bytes.NewReader(sent)}}
		ours := bufio.NewReaderSize(source, maxHeader)
		var r fasthttp.Request
		if r.Header.Read(ours) != nil {
			return
		}
		if status, _ := strict(&r.Header, &source.fields); status != 0 || source.checkClient() != nil {
			return
		}
		checkFields(t, sent, &r.Header, &source.fields)
		if _, err := url.ParseRequestURI(string(r.Header.RequestURI())); err != nil {
			return // the API refuses what it does not find
		}
		if r.ContinueReadBodyStream(ours, 8<<10, false) != nil {
			return
		}
		var body []byte
		if stream := r.BodyStream(); stream != nil {
			var err error
			if body, err = readBody(stream, max(r.Header.ContentLength(), -1), 1<<20, func(int) error { return nil }); err != nil {
				return
			}
			if source.ended && r.Header.ContentLength() < 0 {
				return // see body
			}
		}
		rest, _ := io.ReadAll(ours)

		theirs := bufio.NewReader(bytes.NewReader(sent))
		want, err := http.ReadRequest(theirs)
		if err != nil {
			t.Fatalf("%q: %s %s is a request for us; net/http: %v", sent, r.Header.Method(), r.Header.RequestURI(), err)
		}
		wantBody, err := io.ReadAll(want.Body)
		if err != nil {
			t.Fatalf("%q: net/http: body: %v", sent, err)
		}
		wantRest, _ := io.ReadAll(theirs)
		if want.Method != string(r.Header.Method()) || want.RequestURI != string(r.Header.RequestURI()) || want.Host != string(r.Header.Host()) {
			t.Fatalf("%q: we read %s %s of %s, net/http %s %s of %s", sent, r.Header.Method(), r.Header.RequestURI(), r.Header.Host(), want.Method, want.RequestURI, want.Host)
		}
		if !bytes.Equal(body, wantBody) || !bytes.Equal(rest, wantRest) {
			t.Fatalf("%q: we read the body %q and leave %q, net/http reads %q and leaves %q", sent, body, rest, wantBody, wantRest)
		}
	})
}

// checkFields wants the fields that strict found to be those that fasthttp did.
func checkFields(t *testing.T, sent []byte, h *fasthttp.RequestHeader, f *fields) {
	t.Helper()
	for i, name := range once {
		if peeked := h.Peek(name); i != transferEncoding && !bytes.Equal(f.once[i], peeked) {
			t.Fatalf("%q: %s is %q for strict, %q for fasthttp", sent, name, f.once[i], peeked)
		}
	}
	for name, value := range h.All() {
		if first := string(h.PeekBytes(name)); f.Get(string(name)) != first {
			t.Fatalf("%q: %s is %q, for fasthttp %q; one of its values is %q", sent, name, f.Get(string(name)), first, value)
		}
	}
}
