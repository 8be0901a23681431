package api

import "github.com/lambent-dev/lambent/host/internal/fault"

var tagsModel = &model{kind: isStructure, members: []member{{"Tags", &model{kind: isMapping, of: &model{}}, true}}}

func (c *call) listTags() Response {
	tags, err := c.api.functions.Tags(c.ctx, c.name)
	if err != nil {
		return c.fail(err)
	}
	return c.json(200, struct{ Tags map[string]string }{tags})
}

func (c *call) tagResource() Response {
	var v violations
	in, err := body[struct{ Tags map[string]string }](c, tagsModel, &v)
	if err == nil {
		err = v.err()
	}
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.Tag(c.ctx, c.name, in.Tags))
}

func (c *call) untagResource() Response {
	query, err := parseQuery(c.request.Query)
	if err != nil {
		return c.fail(err)
	}
	keys := query["tagKeys"]
	if len(keys) == 0 {
		var v violations
		v.null("tagKeys")
		return c.fail(v.err())
	}
	if len(keys) > maxMembers {
		return c.fail(fault.New(fault.InvalidParameterValue, "tagKeys has %d keys; at most %d are allowed.", len(keys), maxMembers))
	}
	return c.done(c.api.functions.Untag(c.ctx, c.name, keys))
}

// done answers an operation that answers nothing.
func (c *call) done(err error) Response {
	if err != nil {
		return c.fail(err)
	}
	return c.empty(204)
}
