package api

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// urlEvent is the event of a request to a function URL: AWS's payload format 2.0.
type urlEvent struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        urlContext        `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type urlContext struct {
	AccountID    string  `json:"accountId"`
	APIID        string  `json:"apiId"`
	DomainName   string  `json:"domainName"`
	DomainPrefix string  `json:"domainPrefix"`
	HTTP         urlHTTP `json:"http"`
	RequestID    string  `json:"requestId"`
	RouteKey     string  `json:"routeKey"`
	Stage        string  `json:"stage"`
	Time         string  `json:"time"`
	TimeEpoch    int64   `json:"timeEpoch"`
}

type urlHTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// urlEvent makes the event of the request, which is r.Signed as it came.
func (c *call) urlEvent(id, source string, now time.Time) ([]byte, error) {
	r := c.request
	path, err := url.PathUnescape(r.Signed.Path)
	if err != nil || !utf8.ValidString(path) {
		path = strings.ToValidUTF8(r.Signed.Path, "\uFFFD")
	}
	e := urlEvent{
		Version: "2.0", RouteKey: "$default", RawPath: path, RawQueryString: r.Signed.Query, Headers: map[string]string{},
		RequestContext: urlContext{
			AccountID: "anonymous", APIID: id, DomainName: r.Host, DomainPrefix: id, RequestID: r.ID, RouteKey: "$default", Stage: "$default",
			Time: now.UTC().Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		},
	}
	r.Signed.Header.Fields(func(name, value []byte) bool {
		field, text := strings.ToLower(string(name)), strings.ToValidUTF8(strings.TrimSpace(string(value)), "\uFFFD")
		switch before, twice := e.Headers[field]; {
		case field == "cookie":
			for cookie := range strings.SplitSeq(text, ";") {
				e.Cookies = append(e.Cookies, strings.TrimSpace(cookie))
			}
		case twice:
			e.Headers[field] = before + "," + text
		default:
			e.Headers[field] = text
		}
		return true
	})
	e.RequestContext.HTTP = urlHTTP{r.Signed.Method, path, "HTTP/1.1", source, e.Headers["user-agent"]}
	if query, err := url.ParseQuery(r.Signed.Query); err == nil && len(query) > 0 {
		e.QueryStringParameters = map[string]string{}
		for name, values := range query {
			e.QueryStringParameters[name] = strings.Join(values, ",")
		}
	}
	if isTextual(e.Headers["content-type"]) && utf8.Valid(r.Body) {
		e.Body = string(r.Body)
	} else if len(r.Body) > 0 {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(r.Body), true
	}
	return json.Marshal(e)
}

// isTextual reports whether a body of that media type is text in an event.
func isTextual(mediaType string) bool {
	mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
	mediaType = strings.TrimSpace(mediaType)
	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "+json") || strings.HasSuffix(mediaType, "+xml") ||
		mediaType == "application/json" || mediaType == "application/xml" || mediaType == "application/javascript"
}
