package api

import (
	"net"
	"net/netip"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

var (
	corsHeaders = &model{kind: isList, max: 100, of: &model{max: 1024}}
	corsModel   = &model{kind: isStructure, members: []member{
		{"AllowCredentials", &model{kind: isBoolean}, false},
		{"AllowHeaders", corsHeaders, false},
		{"AllowMethods", &model{kind: isList, max: 6, of: &model{max: 6}}, false},
		{"AllowOrigins", &model{kind: isList, max: 100, of: &model{min: 1, max: 253}}, false},
		{"ExposeHeaders", corsHeaders, false},
		{"MaxAge", &model{kind: isInteger, max: 86400}, false},
	}}
	urlAuth     = &model{enum: []string{"NONE", "AWS_IAM"}}
	urlMembers  = []member{{"Cors", corsModel, false}, {"InvokeMode", &model{enum: []string{"BUFFERED", "RESPONSE_STREAM"}}, false}}
	createURL   = &model{kind: isStructure, members: append([]member{{"AuthType", urlAuth, true}}, urlMembers...)}
	updateURL   = &model{kind: isStructure, members: append([]member{{"AuthType", urlAuth, false}}, urlMembers...)}
	urlNotAlias = `((?!^\d+$)^[0-9a-zA-Z-_]+$)`
)

// functionURL is a FunctionUrlConfig of the service model.
type functionURL struct {
	FunctionUrl      string
	FunctionArn      string
	AuthType         *string
	Cors             *function.Cors `json:",omitempty"`
	CreationTime     string
	LastModifiedTime string  `json:",omitempty"`
	InvokeMode       *string `json:",omitempty"`
}

// urlTime is the form of times of function URLs.
const urlTime = "2006-01-02T15:04:05.000Z"

// describeURL is what all operations but Create answer.
func (c *call) describeURL(u *function.URL) functionURL {
	buffered := "BUFFERED"
	out := c.newURL(u)
	out.LastModifiedTime = u.Modified.UTC().Format(urlTime)
	if out.InvokeMode == nil {
		out.InvokeMode = &buffered
	}
	return out
}

func (c *call) newURL(u *function.URL) functionURL {
	return functionURL{
		FunctionUrl: "http://" + u.ID + ".lambda-url." + c.api.region + "." + urlDomain(c.request.Host) + "/", FunctionArn: u.FunctionARN,
		AuthType: u.AuthType, Cors: u.Cors, CreationTime: u.Created.UTC().Format(urlTime), InvokeMode: u.InvokeMode,
	}
}

// urlDomain is where function URLs are: below the host that the client named. An
// address has no names below it; localhost does, on this machine.
func urlDomain(host string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, ""
	}
	if _, err := netip.ParseAddr(name); err == nil || name == "" {
		name = "localhost"
	}
	if port == "" {
		return name
	}
	return name + ":" + port
}

// urlTarget reads what an operation on a function URL is given: URLs belong to
// functions and aliases.
func urlTarget[T any](c *call, m *model) (ref function.Ref, in T, err *fault.Error) {
	ref, in, err = given[T](c, &urlName, m)
	if err == nil && ref.Qualifier != "" && !isAliasName(ref.Qualifier) {
		err = fault.New(fault.InvalidParameterValue, "A function URL belongs to a function or an alias; the qualifier is %s.", ref.Qualifier)
	}
	return ref, in, err
}

// isAliasName is the pattern of aliases.
func isAliasName(s string) bool {
	digits := true
	for i := range len(s) {
		if !isWord(s[i]) {
			return false
		}
		digits = digits && isDigit(s[i])
	}
	return !digits
}

func (c *call) createFunctionUrlConfig() Response {
	ref, in, err := urlTarget[function.URLSettings](c, createURL)
	if err != nil {
		return c.fail(err)
	}
	u, failed := c.api.functions.CreateURL(c.ctx, ref, in)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(201, c.newURL(&u))
}

func (c *call) updateFunctionUrlConfig() Response {
	ref, in, err := urlTarget[function.URLSettings](c, updateURL)
	if err != nil {
		return c.fail(err)
	}
	u, failed := c.api.functions.UpdateURL(c.ctx, ref, in)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, c.describeURL(&u))
}

func (c *call) getFunctionUrlConfig() Response {
	ref, _, err := urlTarget[nothing](c, nil)
	if err != nil {
		return c.fail(err)
	}
	u, failed := c.api.functions.URL(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, c.describeURL(&u))
}

func (c *call) deleteFunctionUrlConfig() Response {
	ref, _, err := urlTarget[nothing](c, nil)
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.DeleteURL(c.ctx, ref))
}

func (c *call) listFunctionUrlConfigs() Response {
	ref, marker, max, err := c.pageOf(&plainName, 50)
	if err != nil {
		return c.fail(err)
	}
	found, next, failed := c.api.functions.URLs(c.ctx, ref.Name, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	all := make([]functionURL, len(found))
	for i := range found {
		all[i] = c.describeURL(&found[i])
	}
	return c.json(200, struct {
		FunctionUrlConfigs []functionURL
		NextMarker         string `json:",omitempty"`
	}{all, next})
}
