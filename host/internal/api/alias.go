package api

import "github.com/lambent-dev/lambent/host/internal/function"

// alias is an AliasConfiguration of the service model.
type alias struct {
	AliasArn        string
	Name            string
	FunctionVersion string
	Description     string
	RoutingConfig   *routingConfig `json:",omitempty"`
	RevisionId      string
}

type routingConfig struct{ AdditionalVersionWeights map[string]float64 }

func newAlias(a *function.Alias) *alias {
	out := &alias{
		AliasArn: a.ARN, Name: a.Name, FunctionVersion: a.Version, Description: a.Description, RevisionId: a.RevisionID,
	}
	if a.Weights != nil {
		out.RoutingConfig = &routingConfig{a.Weights}
	}
	return out
}

// routing reads an AliasRoutingConfiguration. One without weights is one that says
// there are none.
func routing(s *scanner, to *map[string]float64) {
	if s.null() {
		return
	}
	weights := map[string]float64{}
	s.object("RoutingConfig", func(m string) {
		if m != "AdditionalVersionWeights" {
			s.skip()
			return
		}
		if s.null() {
			return
		}
		s.object(m, func(version string) {
			var weight float64
			s.number64(m, &weight)
			weights[version] = weight
		})
	})
	*to = weights
}

// aliasMember reads a member that creating and updating an alias have both, and
// skips any other.
func aliasMember(s *scanner, name string, version, description **string, weights *map[string]float64) {
	switch name {
	case "FunctionVersion":
		s.string(name, version)
	case "Description":
		s.string(name, description)
	case "RoutingConfig":
		routing(s, weights)
	default:
		s.skip()
	}
}

func (c *call) createAlias() Response {
	var in function.CreateAliasInput
	s := newScanner(c.request.Body)
	s.object("CreateAliasRequest", func(m string) {
		switch m {
		case "Name":
			s.string(m, &in.Name)
		default:
			aliasMember(s, m, &in.Version, &in.Description, &in.Weights)
		}
	})
	if s.end(); s.err != nil {
		return c.fail(s.err)
	}
	var err error
	if in.Ref, err = c.whole(in.Violations()...); err != nil {
		return c.fail(err)
	}
	a, err := c.api.functions.CreateAlias(c.ctx, in)
	if err != nil {
		return c.fail(err)
	}
	return c.json(201, newAlias(&a))
}

func (c *call) updateAlias() Response {
	in := function.UpdateAliasInput{Name: c.part}
	if len(c.request.Body) > 0 {
		var revision *string
		s := newScanner(c.request.Body)
		s.object("UpdateAliasRequest", func(m string) {
			switch m {
			case "RevisionId":
				s.string(m, &revision)
			default:
				aliasMember(s, m, &in.Version, &in.Description, &in.Weights)
			}
		})
		if s.end(); s.err != nil {
			return c.fail(s.err)
		}
		in.RevisionID = value(revision)
	}
	var err error
	if in.Ref, err = c.whole(in.Violations()...); err != nil {
		return c.fail(err)
	}
	a, err := c.api.functions.UpdateAlias(c.ctx, in)
	if err != nil {
		return c.fail(err)
	}
	return c.json(200, newAlias(&a))
}

func (c *call) getAlias() Response {
	ref, err := c.whole()
	if err != nil {
		return c.fail(err)
	}
	a, err := c.api.functions.Alias(c.ctx, ref, c.part)
	if err != nil {
		return c.fail(err)
	}
	return c.json(200, newAlias(&a))
}

func (c *call) deleteAlias() Response {
	ref, err := c.whole()
	if err != nil {
		return c.fail(err)
	}
	if err := c.api.functions.DeleteAlias(c.ctx, ref, c.part); err != nil {
		return c.fail(err)
	}
	return c.empty(204)
}

func (c *call) listAliases() Response {
	var v violations
	marker, max, query, failed := c.page(&v)
	if failed != nil {
		return c.fail(failed)
	}
	parsed := plainName.check(&v, c.name)
	if err := v.err(); err != nil {
		return c.fail(err)
	}
	ref, failed := c.api.ref(parsed, nil)
	if failed != nil {
		return c.fail(failed)
	}
	p, err := c.api.functions.Aliases(c.ctx, ref, query.get("FunctionVersion"), marker, max)
	if err != nil {
		return c.fail(err)
	}
	list := make([]*alias, len(p.Aliases))
	for i := range p.Aliases {
		list[i] = newAlias(&p.Aliases[i])
	}
	return c.json(200, struct {
		NextMarker string `json:",omitempty"`
		Aliases    []*alias
	}{p.Next, list})
}
