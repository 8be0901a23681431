package api

import (
	"encoding/base64"
	"encoding/json"
	"net/textproto"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// urlAnswer is what a function says of its HTTP response; a value without
// statusCode is the body itself.
type urlAnswer struct {
	StatusCode      *int           `json:"statusCode"`
	Headers         map[string]any `json:"headers"`
	Cookies         []string       `json:"cookies"`
	Body            any            `json:"body"`
	IsBase64Encoded bool           `json:"isBase64Encoded"`
}

// maxFields is the most header fields that a function may answer.
const maxFields = 100

// urlResponse makes the HTTP response of what a function answered.
func (c *call) urlResponse(out *function.InvokeOutput, streams bool) Response {
	bad := Response{Status: 502, Header: []Field{{contentType, asJSON}, {requestID, c.request.ID}}, Body: []byte("Internal Server Error")}
	if out.Failed {
		return bad
	}
	r := Response{Status: 200, Header: []Field{{requestID, c.request.ID}}}
	mediaType := asJSON
	var answer urlAnswer
	switch {
	case len(out.Meta) > 0: // a prelude, and then the body as it is
		if json.Unmarshal(out.Meta, &answer) != nil {
			return bad
		}
		r.Body = out.Payload
	case streams:
		r.Body, mediaType = out.Payload, "application/octet-stream"
	case json.Unmarshal(out.Payload, &answer) != nil || answer.StatusCode == nil:
		answer = urlAnswer{}
		var text string
		if r.Body = out.Payload; json.Unmarshal(out.Payload, &text) == nil && len(out.Payload) > 0 && out.Payload[0] == '"' {
			r.Body = []byte(text)
		}
	default:
		body, ok := answer.body()
		if !ok {
			return bad
		}
		r.Body = body
	}
	if answer.StatusCode != nil {
		if r.Status = *answer.StatusCode; r.Status < 200 || r.Status > 599 {
			return bad
		}
	}
	if len(answer.Headers)+len(answer.Cookies) > maxFields {
		return bad
	}
	for name, value := range answer.Headers {
		switch name = textproto.CanonicalMIMEHeaderKey(name); {
		case name == contentType:
			mediaType = show(value)
		case mayAnswer(name, show(value)):
			r.Header = append(r.Header, Field{name, show(value)})
		}
	}
	for _, cookie := range answer.Cookies {
		if mayAnswer("Set-Cookie", cookie) {
			r.Header = append(r.Header, Field{"Set-Cookie", cookie})
		}
	}
	if mayAnswer(contentType, mediaType) {
		r.Header = append(r.Header, Field{contentType, mediaType})
	}
	return r
}

// body returns the bytes of a body; ok is false if there is no way to have any.
func (a *urlAnswer) body() (body []byte, ok bool) {
	text, isText := a.Body.(string)
	switch {
	case a.Body == nil:
		return nil, true
	case a.IsBase64Encoded:
		body, err := base64.StdEncoding.DecodeString(text)
		return body, err == nil && isText
	case isText:
		return []byte(text), true
	}
	body, err := json.Marshal(a.Body)
	return body, err == nil
}

// mayAnswer reports whether a function may answer a header field: not those that
// say where the response ends, nor what is no field.
func mayAnswer(name, value string) bool {
	switch name {
	case "", "Connection", "Content-Length", "Transfer-Encoding", "Trailer", "Upgrade", "Keep-Alive", "Date", "Server", requestID:
		return false
	}
	for i := range len(name) {
		if !isWord(name[i]) {
			return false
		}
	}
	return strings.IndexFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) < 0
}
