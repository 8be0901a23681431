package api

import (
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// target reads the name in the path and, if the operation takes one, the
// Qualifier in the query string. more is what the service model has against what else
// the operation was given.
func (c *call) target(qualified bool, more ...string) (function.Ref, *fault.Error) {
	var (
		v         violations
		qualifier *string
	)
	if plain, ok := strings.CutPrefix(c.request.Query, "Qualifier="); qualified && ok && plainName.isName(plain) {
		qualifier = &plain // as nearly all invocations of versions and aliases have it
	} else if qualified && c.request.Query != "" {
		query, err := parseQuery(c.request.Query)
		if err != nil {
			return function.Ref{}, err
		}
		qualifier = query.get("Qualifier")
	}
	parsed := namespacedName.check(&v, c.name)
	checkQualifier(&v, qualifier)
	if err := append(v, more...).err(); err != nil {
		return function.Ref{}, err
	}
	return c.api.ref(parsed, qualifier)
}

func (c *call) getFunction() Response {
	ref, err := c.target(true)
	if err != nil {
		return c.fail(err)
	}
	d, failed := c.api.functions.Get(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	type codeLocation struct{ RepositoryType, Location string }
	var concurrency *reservedConcurrency
	if d.Reserved != nil {
		concurrency = &reservedConcurrency{d.Reserved}
	}
	return c.json(200, struct {
		Configuration *configuration
		Code          codeLocation
		Tags          map[string]string    `json:",omitempty"`
		Concurrency   *reservedConcurrency `json:",omitempty"`
	}{
		c.api.configuration(&d.Configuration),
		codeLocation{"S3", c.codeURL(d.CodeDigest)},
		d.Tags, concurrency,
	})
}

// codeURL is where the code of that digest can be downloaded from; where requests
// must be signed, for a while.
func (c *call) codeURL(digest string) string {
	scheme, query := "http://", ""
	if c.request.Client.Secure {
		scheme = "https://"
	}
	if c.api.protection.Enforced {
		query = "?" + c.api.protection.Auth.Link("code/"+digest)
	}
	return scheme + c.request.Host + "/code/" + digest + query
}

// code sends the zip file that GetFunction's Location points to. Who knows the
// digest knows the file already or was told by GetFunction; where requests must be
// signed, knowing it is not enough.
func (c *call) code() Response {
	if c.api.protection.Enforced && !c.api.protection.Auth.IsLink("code/"+c.name, c.request.Query) {
		return c.fail(fault.New(fault.AccessDenied, "The URL has expired, or is not one that GetFunction answered."))
	}
	zip, err := c.api.functions.Code(c.ctx, c.name)
	if err != nil {
		return c.fail(err)
	}
	return Response{Status: 200, Body: zip, Header: []Field{
		{contentType, "application/zip"},
		{requestID, c.request.ID},
		{"Content-Disposition", `attachment; filename="function.zip"`},
	}}
}

func (c *call) getFunctionConfiguration() Response {
	ref, err := c.target(true)
	if err != nil {
		return c.fail(err)
	}
	conf, failed := c.api.functions.Configuration(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, c.api.configuration(&conf))
}

// getFunctionCodeSigningConfig says that there is none, by saying nothing, as was
// recorded: tools read it of every function and take an error for a failure.
func (c *call) getFunctionCodeSigningConfig() Response {
	ref, err := c.target(false)
	if err != nil {
		return c.fail(err)
	}
	if _, err := c.api.functions.Configuration(c.ctx, ref); err != nil {
		return c.fail(err)
	}
	return c.json(200, struct{}{})
}

// page reads Marker and MaxItems.
func (c *call) page(v *violations) (marker string, max int, query parameters, err *fault.Error) {
	query, err = parseQuery(c.request.Query)
	if err != nil {
		return "", 0, nil, err
	}
	if m := query.get("Marker"); m != nil {
		marker = *m
	}
	if text := query.get("MaxItems"); text != nil {
		n, failed := strconv.ParseInt(*text, 10, 32)
		if failed != nil {
			return "", 0, nil, fault.New(fault.Serialization, "STRING_VALUE cannot be converted to Integer (parameter MaxItems)")
		}
		max = int(n)
		v.between("maxItems", &max, 1, 10000)
	}
	return marker, max, query, nil
}

// summaries are the members of a list; an empty one is no null.
func (c *call) summaries(p *function.Page) []*configuration {
	list := make([]*configuration, len(p.Functions))
	for i := range p.Functions {
		list[i] = c.api.summary(&p.Functions[i])
	}
	return list
}

var masterRegion = &model{pattern: newPattern(`ALL|(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}`)}

func (c *call) listFunctions() Response {
	var v violations
	marker, max, query, err := c.page(&v)
	if err != nil {
		return c.fail(err)
	}
	if region := query.get("MasterRegion"); region != nil { // no function here is a copy of one elsewhere
		masterRegion.check(&v, "masterRegion", *region)
	}
	versions := query.get("FunctionVersion")
	v.enum("functionVersion", versions, "ALL")
	if err := v.err(); err != nil {
		return c.fail(err)
	}
	list := c.api.functions.List
	if versions != nil {
		list = c.api.functions.ListAll
	}
	p, failed := list(c.ctx, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, struct {
		NextMarker string `json:",omitempty"`
		Functions  []*configuration
	}{p.Next, c.summaries(&p)})
}

func (c *call) listVersionsByFunction() Response {
	var v violations
	marker, max, _, err := c.page(&v)
	if err != nil {
		return c.fail(err)
	}
	parsed := namespacedName.check(&v, c.name)
	err = v.err()
	var ref function.Ref
	if err == nil {
		ref, err = c.api.ref(parsed, nil)
	}
	if err != nil {
		return c.fail(err)
	}
	p, failed := c.api.functions.Versions(c.ctx, ref.Name, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, struct {
		NextMarker string `json:",omitempty"`
		Versions   []*configuration
	}{p.Next, c.summaries(&p)})
}

func (c *call) deleteFunction() Response {
	ref, err := c.target(true)
	if err != nil {
		return c.fail(err)
	}
	if err := c.api.functions.Delete(c.ctx, ref); err != nil {
		return c.fail(err)
	}
	return c.empty(204)
}

// getAccountSettings answers the quotas that package function keeps to, by default
// AWS's of a new account, and what is in use.
func (c *call) getAccountSettings() Response {
	usage, err := c.api.functions.AccountUsage(c.ctx)
	if err != nil {
		return c.fail(err)
	}
	type limit struct {
		TotalCodeSize                  int64
		CodeSizeUnzipped               int
		CodeSizeZipped                 int
		ConcurrentExecutions           int
		UnreservedConcurrentExecutions int
	}
	type used struct {
		TotalCodeSize int64
		FunctionCount int
	}
	return c.json(200, struct {
		AccountLimit limit
		AccountUsage used
	}{
		limit{usage.CodeStorage, sandbox.DefaultUnzipped, sandbox.DefaultZipped, function.AccountConcurrency, usage.Unreserved},
		used{usage.CodeSize, usage.Functions},
	})
}
