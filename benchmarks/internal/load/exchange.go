package load

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Exchange is one request and what must be answered to it.
type Exchange struct {
	request []byte
	want    string // the body
}

// NewExchange makes a request with a body, or without one if it is empty. Its
// answer has to be a 200 with exactly the body want.
func NewExchange(method, path, body, want string) Exchange {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path)
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	fmt.Fprintf(&b, "\r\n%s", body)
	return Exchange{b.Bytes(), want}
}

// check reads an answer as far as it has come. It returns false if more of it is
// needed.
func (e *Exchange) check(answer []byte) (whole bool, err error) {
	head, body, ok := bytes.Cut(answer, []byte("\r\n\r\n"))
	if !ok {
		return false, nil
	}
	length, err := contentLength(head)
	if err != nil {
		return true, err
	}
	if len(body) < length {
		return false, nil
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) || len(body) != length || string(body) != e.want {
		return true, fmt.Errorf("answered %q, want 200 and %q", answer, e.want)
	}
	return true, nil
}

const lengthField = "\r\ncontent-length:"

func contentLength(head []byte) (int, error) {
	for at := 0; ; at++ {
		i := bytes.IndexByte(head[at:], '\r')
		if i < 0 || len(head)-at-i < len(lengthField) {
			return 0, fmt.Errorf("answered %q, without a Content-Length", head)
		}
		at += i
		if !strings.EqualFold(string(head[at:at+len(lengthField)]), lengthField) {
			continue
		}
		value, _, _ := bytes.Cut(head[at+len(lengthField):], []byte("\r"))
		n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 31)
		if err != nil {
			return 0, fmt.Errorf("answered %q, with a Content-Length that is no number", head)
		}
		return int(n), nil
	}
}
