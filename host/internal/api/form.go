package api

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// This file has AWS's query protocol, which AWS IAM and AWS STS speak: the
// parameter Action of a form names the operation, answers are XML.

// maxForm is the most bytes of a form: a policy document, every character of it
// percent-encoded, and other parameters.
const maxForm = 128 << 10

// maxFormParameters is how many parameters it may have.
const maxFormParameters = 1000

// forms is the one Operation of all requests in the query protocol: which it is
// stands in the body.
var forms = &Operation{Name: "form", form: true, asks: true, maxBody: maxForm, serve: (*call).answerForm}

// FindForm finds the operation of a form that was posted to "/", or is the query
// of a GET for "/".
func (a *API) FindForm() (Match, *fault.Error) {
	if a.protection.Auth == nil {
		return Match{}, fault.New(fault.UnknownOperation, "/ is not an operation of AWS Lambda")
	}
	return Match{Operation: forms}, nil
}

// formCall is one request in the query protocol.
type formCall struct {
	*call
	auth   *auth.Service
	in     url.Values
	action string
	// service is what the request was signed for, or the one that has the action.
	service *formService
}

// formService is a service that speaks the query protocol.
type formService struct {
	name, version string // version is that of its API
	actions       map[string]func(*formCall) ([]element, error)
}

func (s *formService) namespace() string {
	return "https://" + s.name + ".amazonaws.com/doc/" + s.version + "/"
}

var formServices = []*formService{
	{"sts", "2011-06-15", stsActions},
	{"iam", "2010-05-08", iamActions},
}

func (c *call) answerForm() Response {
	f := &formCall{call: c, auth: c.api.protection.Auth, service: formServices[0]}
	body := string(c.request.Body)
	if body == "" {
		body = c.request.Query
	}
	var err error
	if strings.Count(body, "&") >= maxFormParameters {
		return f.failed(fault.New(fault.Validation, "The form has more than %d parameters.", maxFormParameters))
	}
	if f.in, err = url.ParseQuery(body); err != nil || !utf8.ValidString(strings.Join(f.values(), "")) {
		return f.failed(fault.New("MalformedQueryString", "The form is not percent-encoded pairs of UTF-8."))
	}
	f.action = f.in.Get("Action")
	do := f.find()
	if f.action == "" {
		return f.failed(fault.New("MissingAction", "The form has no parameter Action."))
	}
	if do == nil {
		return f.failed(fault.New("InvalidAction", "Could not find operation %s for version %s", clip(f.action), clip(f.in.Get("Version"))))
	}
	answer, err := do(f)
	if err != nil {
		return f.failed(err)
	}
	var b strings.Builder
	b.WriteString("<" + f.action + `Response xmlns="` + f.service.namespace() + `">`)
	if answer != nil {
		result := holding(f.action+"Result", answer...)
		result.append(&b)
	}
	metadata := holding("ResponseMetadata", texted("RequestId", c.request.ID))
	metadata.append(&b)
	b.WriteString("</" + f.action + "Response>")
	return f.respond(200, b.String())
}

func (f *formCall) values() (all []string) {
	for name, values := range f.in {
		all = append(append(all, name), values...)
	}
	return all
}

// find finds what answers the action, and which service that is: the one that the
// request was signed for.
func (f *formCall) find() func(*formCall) ([]element, error) {
	for _, s := range formServices {
		if f.request.Service == s.name || f.request.Service == "" && s.actions[f.action] != nil {
			f.service = s
			return s.actions[f.action]
		}
	}
	return nil
}

func (f *formCall) respond(status int, body string) Response {
	return Response{Status: status, Body: []byte(body), Header: []Field{{contentType, "text/xml"}, {requestID, f.request.ID}}}
}

func (f *formCall) failed(err error) Response { return failForm(f.request.ID, f.service, err) }

// formCodes are what the query protocol calls codes that have other names in JSON.
var formCodes = map[fault.Code]struct {
	name   string
	status int
}{
	fault.MissingAuthentication: {"MissingAuthenticationToken", 403},
	fault.IncompleteSignature:   {"IncompleteSignature", 400},
	fault.InvalidSignature:      {"SignatureDoesNotMatch", 403},
	fault.UnrecognizedClient:    {"InvalidClientTokenId", 403},
	fault.ExpiredToken:          {"ExpiredToken", 403},
	fault.AccessDenied:          {"AccessDenied", 403},
	fault.Validation:            {"ValidationError", 400},
	fault.RequestEntityTooLarge: {"RequestEntityTooLarge", 413},
	fault.TooManyRequests:       {"Throttling", 400},
	fault.Service:               {"InternalFailure", 500},
	fault.ServiceUnavailable:    {"ServiceUnavailable", 503},
	fault.NotImplemented:        {"NotImplemented", 501},
	auth.NoSuchEntity:           {"NoSuchEntity", 404},
	auth.EntityAlreadyExists:    {"EntityAlreadyExists", 409},
	auth.DeleteConflict:         {"DeleteConflict", 409},
	auth.LimitExceeded:          {"LimitExceeded", 409},
}

// failForm is Fail in the query protocol.
func failForm(id string, s *formService, err error) Response {
	f := asFault(err)
	code, ok := formCodes[f.Code]
	if !ok {
		code.name, code.status = string(f.Code), 400
	}
	kind := "Sender"
	r := Response{Status: code.status, Header: []Field{{contentType, "text/xml"}, {requestID, id}}}
	if r.Status >= 500 && r.Status != 501 {
		kind, r.Err = "Receiver", errors.Join(err)
	}
	var b strings.Builder
	b.WriteString(`<ErrorResponse xmlns="` + s.namespace() + `">`)
	for _, e := range []element{
		holding("Error", texted("Type", kind), texted("Code", code.name), texted("Message", f.Message)),
		texted("RequestId", id),
	} {
		e.append(&b)
	}
	b.WriteString("</ErrorResponse>")
	r.Body = []byte(b.String())
	return r
}

// may decides whether the caller may do the action to a resource of an account.
func (f *formCall) may(resource, owner string) error {
	return f.permit(f.service.name+":"+f.action, subject{arn: resource, owner: owner})
}

// account is whose roles and policies the caller asks for.
func (f *formCall) account() string { return f.request.Caller.Account }

// required returns a parameter that must be there.
func (f *formCall) required(name string) (string, error) {
	if value := f.in.Get(name); value != "" {
		return value, nil
	}
	lower := strings.ToLower(name[:1]) + name[1:]
	return "", fault.Violates(lower, nil, fault.NotNull)
}

// tags reads Tags.member.N.Key and Value.
func (f *formCall) tags() map[string]string {
	tags := map[string]string{}
	for i := 1; ; i++ {
		member := "Tags.member." + strconv.Itoa(i)
		if !f.in.Has(member + ".Key") {
			return tags
		}
		tags[f.in.Get(member+".Key")] = f.in.Get(member + ".Value")
	}
}

// members reads NAME.member.N.
func (f *formCall) members(name string) (all []string) {
	for i := 1; ; i++ {
		member := name + ".member." + strconv.Itoa(i)
		if !f.in.Has(member) {
			return all
		}
		all = append(all, f.in.Get(member))
	}
}
