package api

import (
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

func (c *call) publishLayerVersion() Response {
	var (
		v       violations
		in      function.PublishLayerInput
		content *code
	)
	s := newScanner(c.request.Body)
	s.object("PublishLayerVersionRequest", func(m string) {
		switch m {
		case "Content":
			if s.null() {
				return
			}
			content = &code{}
			s.object(m, func(m string) {
				if !content.member(s, m) {
					s.skip()
				}
			})
		case "Description":
			s.string(m, &in.Description)
		case "LicenseInfo":
			s.string(m, &in.License)
		case "CompatibleRuntimes":
			s.strings(m, &in.Runtimes)
		case "CompatibleArchitectures":
			s.strings(m, &in.Architectures)
		default:
			s.skip()
		}
	})
	if s.end(); s.err != nil {
		return c.fail(s.err)
	}
	if content == nil {
		v.null("content")
	} else {
		content.check(&v, "content")
	}
	arn, err := c.layerName(&v)
	if err == nil {
		err = refuse(content.lacking)
	}
	if err == nil && content.zip == nil && content.bucket == nil && content.key == nil {
		err = fault.New(fault.InvalidParameterValue, "Please provide a source for layer content: ZipFile, or S3Bucket and S3Key.")
	}
	if err != nil {
		return c.fail(err)
	}
	in.Name, in.Zip, in.Object = arn.Name, content.zip, content.object()
	if err := c.getObject(in.Object); err != nil {
		return c.fail(err)
	}
	published, failed := c.api.functions.PublishLayer(c.ctx, in)
	return c.layer(201, published, failed)
}

func (c *call) addLayerVersionPermission() Response {
	var (
		v  violations
		in function.AddLayerPermissionInput
	)
	s := newScanner(c.request.Body)
	s.object("AddLayerVersionPermissionRequest", func(m string) {
		switch m {
		case "StatementId":
			s.string(m, &in.StatementID)
		case "Action":
			s.string(m, &in.Action)
		case "Principal":
			s.string(m, &in.Principal)
		case "OrganizationId":
			s.string(m, &in.OrganizationID)
		default:
			s.skip()
		}
	})
	if s.end(); s.err != nil {
		return c.fail(s.err)
	}
	name, version, err := c.layerTarget(&v)
	if err != nil {
		return c.fail(err)
	}
	query, err := parseQuery(c.request.Query)
	if err != nil {
		return c.fail(err)
	}
	in.Name, in.Version, in.RevisionID = name, version, value(query.get("RevisionId"))
	statement, revision, failed := c.api.functions.AddLayerPermission(c.ctx, in)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(201, struct{ Statement, RevisionId string }{statement, revision})
}

func (c *call) removeLayerVersionPermission() Response {
	var v violations
	name, version, err := c.layerTarget(&v)
	if err != nil {
		return c.fail(err)
	}
	query, err := parseQuery(c.request.Query)
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.RemoveLayerPermission(c.ctx, name, version, c.third, value(query.get("RevisionId"))))
}

func (c *call) getLayerVersionPolicy() Response {
	var v violations
	name, version, err := c.layerTarget(&v)
	if err != nil {
		return c.fail(err)
	}
	p, failed := c.api.functions.LayerPolicy(c.ctx, name, version)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, struct{ Policy, RevisionId string }{p.Document, p.RevisionID})
}
