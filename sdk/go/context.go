package lambent

import (
	"context"
	"encoding/json"
	"sync"
)

// Context is what a handler may know of its invocation beside the event. The
// names are those of the AWS library's lambdacontext. What the caller did not
// give is empty. The deadline is that of the context.Context.
type Context struct {
	AwsRequestID       string
	InvokedFunctionArn string // as it was invoked, with a qualifier if one was given
	Identity           CognitoIdentity
	ClientContext      ClientContext
	TenantID           string
	TraceID            string // "Root=1-…;Parent=…;Sampled=1"
}

// CognitoIdentity is the Amazon Cognito identity that the caller has.
type CognitoIdentity struct {
	CognitoIdentityID     string
	CognitoIdentityPoolID string
}

// ClientContext is what a mobile application told of itself.
type ClientContext struct {
	Client ClientApplication `json:"client"`
	Env    map[string]string `json:"env"`
	Custom map[string]string `json:"custom"` // a value that is no string is kept as JSON
}

// ClientApplication names the application.
type ClientApplication struct {
	InstallationID string `json:"installation_id"`
	AppTitle       string `json:"app_title"`
	AppVersionCode string `json:"app_version_code"`
	AppPackageName string `json:"app_package_name"`
}

// UnmarshalJSON decodes a client context.
func (c *ClientContext) UnmarshalJSON(b []byte) error {
	var raw struct {
		Client ClientApplication          `json:"client"`
		Env    map[string]json.RawMessage `json:"env"`
		Custom map[string]json.RawMessage `json:"custom"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*c = ClientContext{Client: raw.Client, Env: texts(raw.Env), Custom: texts(raw.Custom)}
	return nil
}

// texts decodes values that are strings and keeps the JSON of others.
func texts(raw map[string]json.RawMessage) map[string]string {
	if raw == nil {
		return nil
	}
	m := make(map[string]string, len(raw))
	for k, v := range raw {
		var s string
		if json.Unmarshal(v, &s) != nil {
			s = string(v)
		}
		m[k] = s
	}
	return m
}

// contextKey is under what a context.Context holds its *Context.
type contextKey struct{}

// NewContext returns a context that holds c: for tests of handlers.
func NewContext(parent context.Context, c *Context) context.Context {
	return context.WithValue(parent, contextKey{}, c)
}

// FromContext returns what is known of the invocation that ctx belongs to. It
// reports false if there is none, or if it ended before anybody asked.
func FromContext(ctx context.Context) (*Context, bool) {
	c, _ := ctx.Value(contextKey{}).(*Context)
	return c, c != nil
}

// lookup returns a value by its key of ctx_get, "" if there is none.
type lookup func(key string) string

// invocationContext is the context given to a handler. Most handlers never ask
// for a Context, so it is made when somebody does.
type invocationContext struct {
	context.Context
	mu     sync.Mutex
	value  lookup // nil when there is nothing left to load
	loaded *Context
}

func (c *invocationContext) Value(key any) any {
	if key == (contextKey{}) {
		return c.load()
	}
	return c.Context.Value(key)
}

func (c *invocationContext) load() *Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.value != nil {
		c.loaded = loadContext(c.value)
		c.value = nil
	}
	return c.loaded
}

// end forgets where to load from: the next answers would be those of another
// invocation.
func (c *invocationContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value = nil
}

func loadContext(value lookup) *Context {
	c := &Context{
		AwsRequestID:       value("request_id"),
		InvokedFunctionArn: value("function_arn"),
		TenantID:           value("tenant"),
		TraceID:            value("trace_id"),
	}
	// These two come from the caller. What cannot be read is as good as absent:
	// whether it matters is for the handler to say.
	_ = json.Unmarshal([]byte(value("identity")), &c.Identity)
	_ = json.Unmarshal([]byte(value("client_context")), &c.ClientContext)
	return c
}
