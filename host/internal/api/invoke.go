package api

import (
	"encoding/base64"
	"encoding/json"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// maxClientContext is the most of X-Amz-Client-Context, in base64.
const maxClientContext = 3583

// invoke is the path that has to be fast: it decodes nothing but the name.
func (c *call) invoke() Response {
	in, kind, err := c.invocation()
	if err != nil {
		return c.fail(err)
	}
	switch kind {
	case "Event":
		return c.fail(errNotAsynchronous)
	case "DryRun":
		return c.dryRun(in.Ref)
	}
	out, failed := c.api.functions.Invoke(c.ctx, in)
	if failed != nil {
		return c.fail(failed)
	}
	header := make([]Field, 4, 6)
	header[0] = Field{contentType, asJSON}
	header[1] = Field{requestID, in.RequestID}
	header[2] = Field{"X-Amzn-Remapped-Content-Length", "0"}
	header[3] = Field{"X-Amz-Executed-Version", out.Version}
	if out.Failed {
		header = append(header, Field{"X-Amz-Function-Error", "Unhandled"})
	}
	if in.Tail {
		header = append(header, Field{"X-Amz-Log-Result", base64.StdEncoding.EncodeToString(out.LogTail)})
	}
	return Response{Status: 200, Header: header, Body: out.Payload}
}

// dryRun answers whether there is what would be invoked.
func (c *call) dryRun(ref function.Ref) Response {
	if _, err := c.api.functions.Configuration(c.ctx, ref); err != nil {
		return c.fail(err)
	}
	return c.empty(204)
}

// invocation reads what an Invoke asks for, and of which kind it is.
func (c *call) invocation() (in function.InvokeInput, kind string, err *fault.Error) {
	h := c.request.Header
	var v violations
	kind = h.Get("X-Amz-Invocation-Type")
	if kind != "" && kind != "RequestResponse" {
		v.enum("invocationType", &kind, "Event", "RequestResponse", "DryRun")
	}
	log := h.Get("X-Amz-Log-Type")
	if log != "" && log != "None" {
		v.enum("logType", &log, "None", "Tail")
	}
	in.Tenant = h.Get("X-Amz-Tenant-Id")
	if in.Tenant != "" {
		tenantModel.check(&v, "tenantId", in.Tenant)
	}
	if in.Ref, err = c.target(true, v...); err != nil {
		return in, "", err
	}
	for _, name := range lacking {
		if h.Get(name) != "" {
			return in, "", fault.New(fault.InvalidParameterValue, "Lambent does not support the header %s yet; leave it out.", name)
		}
	}
	if in.ClientContext, err = clientContext(h.Get("X-Amz-Client-Context")); err != nil {
		return in, "", err
	}
	if in.Ref.Qualifier == "" {
		in.Ref.Qualifier = "$LATEST" // as errors name it, unlike the context's ARN
	} else {
		in.InvokedARN = c.api.functions.ARN(in.Ref)
	}
	in.RequestID, in.Event, in.Tail = c.request.ID, c.request.Body, log == "Tail"
	if len(in.Event) == 0 {
		in.Event = []byte("{}")
	}
	return in, kind, nil
}

var tenantModel = &model{min: 1, max: 256, pattern: newPattern(`[a-zA-Z0-9\._:\/=+\-@ ]+`)}

// lacking are headers of Invoke that Lambent has nothing for.
var lacking = [...]string{"X-Amz-Durable-Execution-Name"}

func clientContext(text string) (json.RawMessage, *fault.Error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxClientContext {
		return nil, fault.New(fault.InvalidRequestContent, "Client context is %d bytes; at most %d are allowed.", len(text), maxClientContext)
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	s := newScanner(decoded)
	if err == nil && s.peek() == '{' {
		s.skip()
		s.end()
		if s.err == nil {
			return decoded, nil
		}
	}
	return nil, fault.New(fault.InvalidRequestContent, "Client context must be a valid Base64-encoded JSON object.")
}

// invokePlainly is Invoke for people with curl: the body is the event, the
// answer the payload. A function that failed is a 502, as with a function URL, so
// that curl --fail does.
func (c *call) invokePlainly() Response {
	r := c.invoke()
	if r.Get("X-Amz-Function-Error") != "" {
		r.Status = 502
	}
	return r
}
