package api

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// urlOperation is a request to a function URL.
var urlOperation = &Operation{Name: "url", maxBody: sandbox.DefaultEvent, open: true, serve: (*call).serveURL}

// urlIDBytes is how long the id of a function URL is: the first label of its name.
const urlIDBytes = 32

var urlLabel = []byte(".lambda-url.")

// FindURL finds the operation of a request by its Host; it returns false if that is
// not the host of a function URL.
func (a *API) FindURL(host []byte) (Match, bool) {
	if len(host) <= urlIDBytes || host[urlIDBytes] != '.' || !bytes.HasPrefix(host[urlIDBytes:], urlLabel) {
		return Match{}, false
	}
	return Match{Operation: urlOperation, first: strings.ToLower(string(host[:urlIDBytes]))}, true
}

// errForbidden is AWS's answer to whoever may not use a function URL, and for
// those that are not there.
var errForbidden = fault.New(fault.AccessDenied, "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html")

// serveURL answers a request to a function URL.
func (c *call) serveURL() Response {
	r := c.request
	u, ref, err := c.api.functions.URLByID(c.ctx, c.name)
	if err != nil {
		return c.fail(hidden(err))
	}
	if r.Signed == nil || r.Signed.Header == nil {
		return c.fail(fault.New(fault.Service, "The request came without its header."))
	}
	if response, over := c.preflight(u.Cors); over {
		return response
	}
	if err := c.mayUse(&u, ref); err != nil {
		return c.fail(err)
	}
	source := ""
	if r.Client.Address != nil {
		source, _, _ = net.SplitHostPort(r.Client.Address.String())
	}
	event, err := c.urlEvent(u.ID, source, time.Now())
	if err != nil {
		return c.fail(err)
	}
	in := function.InvokeInput{Ref: ref, RequestID: r.ID, Event: event}
	if ref.Qualifier != "" {
		in.InvokedARN = c.api.functions.ARN(ref)
	}
	out, err := c.api.functions.Invoke(c.ctx, in)
	if err != nil {
		return c.fail(hidden(err)) // the alias may be gone
	}
	response := c.urlResponse(&out, u.InvokeMode != nil && *u.InvokeMode == "RESPONSE_STREAM")
	response.Header = append(response.Header, c.cors(u.Cors)...)
	return response
}

// hidden has what is not there look like what may not be used, as on AWS.
func hidden(err error) error {
	if missing, ok := errors.AsType[*fault.Error](err); ok && missing.Code == fault.ResourceNotFound {
		return errForbidden
	}
	return err
}

// mayUse decides whether the request may use the URL. Where signatures are
// enforced, a URL for everybody is one that the function's policy opens; any other
// takes a signature, of a caller who may.
func (c *call) mayUse(u *function.URL, ref function.Ref) error {
	if !c.api.protection.Enforced {
		return nil
	}
	document, err := c.api.functions.ResourcePolicy(c.ctx, ref)
	if err != nil {
		return err
	}
	if u.AuthType == nil || *u.AuthType != "NONE" {
		return c.maySign(u, document)
	}
	request := policy.Request{Action: "lambda:InvokeFunctionUrl", Resource: u.FunctionARN, Owner: c.api.account, Keys: policy.Map{keyURLAuthType: {"NONE"}}}
	if document == nil || policy.Evaluate(&request, document) != policy.Allows {
		return errForbidden
	}
	return nil
}

// preflight answers a browser that asks what it may do.
func (c *call) preflight(cors *function.Cors) (r Response, over bool) {
	if cors == nil || c.request.Signed.Method != "OPTIONS" || c.request.Header.Get("Access-Control-Request-Method") == "" {
		return r, false
	}
	r = c.empty(200)
	r.Header = append(r.Header, c.cors(cors)...)
	list := func(name string, values []string) {
		if len(values) > 0 && mayAnswer(name, strings.Join(values, ",")) {
			r.Header = append(r.Header, Field{name, strings.Join(values, ",")})
		}
	}
	list("Access-Control-Allow-Methods", cors.AllowMethods)
	list("Access-Control-Allow-Headers", cors.AllowHeaders)
	if cors.MaxAge != nil {
		list("Access-Control-Max-Age", []string{strconv.Itoa(*cors.MaxAge)})
	}
	return r, true
}

// cors are the fields that let a page of an allowed origin read the response.
func (c *call) cors(cors *function.Cors) (fields []Field) {
	origin := c.request.Header.Get("Origin")
	if cors == nil || origin == "" || !slices.Contains(cors.AllowOrigins, "*") && !slices.Contains(cors.AllowOrigins, origin) || !mayAnswer("Origin", origin) {
		return nil
	}
	fields = append(fields, Field{"Access-Control-Allow-Origin", origin}, Field{"Vary", "Origin"})
	if cors.AllowCredentials != nil && *cors.AllowCredentials {
		fields = append(fields, Field{"Access-Control-Allow-Credentials", "true"})
	}
	if exposed := strings.Join(cors.ExposeHeaders, ","); exposed != "" && mayAnswer("Expose", exposed) {
		fields = append(fields, Field{"Access-Control-Expose-Headers", exposed})
	}
	return fields
}
