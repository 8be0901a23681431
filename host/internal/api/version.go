package api

import "github.com/lambent-dev/lambent/host/internal/function"

// whole reads the name in the path of an operation that changes a function. more is as
// for target.
func (c *call) whole(more ...string) (function.Ref, error) {
	var v violations
	parsed := plainName.check(&v, c.name)
	if err := append(v, more...).err(); err != nil {
		return function.Ref{}, err
	}
	ref, err := c.api.ref(parsed, nil)
	if err != nil {
		return function.Ref{}, err
	}
	return ref, nil
}

func (c *call) publishVersion() Response {
	var (
		in             function.PublishInput
		code, revision *string
		lacking        []string
	)
	if len(c.request.Body) > 0 {
		s := newScanner(c.request.Body)
		s.object("PublishVersionRequest", func(m string) {
			switch m {
			case "CodeSha256":
				s.string(m, &code)
			case "Description":
				s.string(m, &in.Description)
			case "RevisionId":
				s.string(m, &revision)
			case "PublishTo":
				lack(s, m, &lacking)
			default:
				s.skip()
			}
		})
		if s.end(); s.err != nil {
			return c.fail(s.err)
		}
	}
	ref, err := c.whole(in.Violations()...)
	if err != nil {
		return c.fail(err)
	}
	if err := refuse(lacking); err != nil {
		return c.fail(err)
	}
	in.Ref, in.CodeSHA256, in.RevisionID = ref, value(code), value(revision)
	conf, err := c.api.functions.Publish(c.ctx, in)
	if err != nil {
		return c.fail(err)
	}
	return c.json(201, c.api.configuration(&conf))
}
