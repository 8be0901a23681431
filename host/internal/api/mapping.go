package api

import (
	"strconv"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// eventSourceMapping is an EventSourceMappingConfiguration of the service model.
type eventSourceMapping struct {
	function.MappingSettings
	UUID                      string
	EventSourceMappingArn     string
	EventSourceArn            string `json:",omitempty"`
	FunctionArn               string
	StartingPosition          string   `json:",omitempty"`
	StartingPositionTimestamp *float64 `json:",omitempty"`
	LastModified              float64
	LastProcessingResult      string `json:",omitempty"`
	State                     string
	StateTransitionReason     string
}

func describeMapping(m function.Mapping) eventSourceMapping {
	return eventSourceMapping{
		MappingSettings: m.MappingSettings, UUID: m.UUID, EventSourceMappingArn: m.ARN, EventSourceArn: m.EventSourceARN,
		FunctionArn: m.FunctionARN, StartingPosition: m.StartingPosition, StartingPositionTimestamp: m.StartingPositionTimestamp,
		LastModified: epoch(m.LastModified), LastProcessingResult: m.LastProcessingResult, State: m.State, StateTransitionReason: m.Reason,
	}
}

// mappingRequest is what Create- and UpdateEventSourceMapping are given.
type mappingRequest struct {
	function.MappingSettings
	FunctionName              *string
	EventSourceArn            string
	StartingPosition          string
	StartingPositionTimestamp *float64
	Enabled                   *bool
	Tags                      map[string]string
}

func (c *call) mappingRequest(m *model, v *violations) (in mappingRequest, ref *function.Ref, err *fault.Error) {
	if in, err = body[mappingRequest](c, m, v); err != nil {
		return in, nil, err
	}
	if in.FunctionName != nil {
		var ignored violations // the model has checked it
		var r function.Ref
		r, err = c.api.ref(namespacedName.check(&ignored, *in.FunctionName), nil)
		ref = &r
	}
	return in, ref, err
}

func (c *call) createEventSourceMapping() Response {
	var v violations
	in, ref, err := c.mappingRequest(createMappingModel, &v)
	if in.FunctionName == nil && err == nil {
		v.null("functionName")
	}
	if broken := v.err(); broken != nil {
		err = broken
	}
	if err != nil {
		return c.fail(err)
	}
	m, failed := c.api.functions.CreateMapping(c.ctx, function.MappingInput{
		Ref: *ref, EventSourceARN: in.EventSourceArn, StartingPosition: in.StartingPosition, StartingPositionTimestamp: in.StartingPositionTimestamp,
		Enabled: in.Enabled, Tags: in.Tags, MappingSettings: in.MappingSettings,
	})
	return c.mapped(202, m, failed)
}

func (c *call) updateEventSourceMapping() Response {
	var v violations
	in, ref, err := c.mappingRequest(updateMappingModel, &v)
	if broken := v.err(); broken != nil {
		err = broken
	}
	if err != nil {
		return c.fail(err)
	}
	if ref != nil { // which it may come to be for, beside the one it is for
		arn := c.api.arn(c.api.account, "event-source-mapping:"+c.name)
		asked := policy.Map{keyFunctionARN: {c.api.functions.ARN(*ref)}}
		if err := c.permit("lambda:UpdateEventSourceMapping", subject{arn: arn, owner: c.api.account, tagged: arn, asked: asked}); err != nil {
			return c.fail(err)
		}
	}
	m, failed := c.api.functions.UpdateMapping(c.ctx, c.name, ref, in.Enabled, in.MappingSettings)
	return c.mapped(202, m, failed)
}

func (c *call) getEventSourceMapping() Response {
	m, err := c.api.functions.Mapping(c.ctx, c.name)
	return c.mapped(200, m, err)
}

func (c *call) deleteEventSourceMapping() Response {
	m, err := c.api.functions.DeleteMapping(c.ctx, c.name)
	return c.mapped(202, m, err)
}

func (c *call) mapped(status int, m function.Mapping, err error) Response {
	if err != nil {
		return c.fail(err)
	}
	return c.json(status, describeMapping(m))
}

func (c *call) listEventSourceMappings() Response {
	var (
		v   violations
		ref function.Ref
	)
	marker, max, query, err := c.page(&v)
	if err != nil {
		return c.fail(err)
	}
	source := ""
	if given := query.get("EventSourceArn"); given != nil {
		source = *given
		(&model{max: 1024, pattern: newPattern(arnPattern)}).check(&v, "eventSourceArn", source)
	}
	if name := query.get("FunctionName"); name != nil {
		parsed := namespacedName.check(&v, *name)
		if v.err() == nil {
			if ref, err = c.api.ref(parsed, nil); err != nil {
				return c.fail(err)
			}
		}
	}
	if err := v.err(); err != nil {
		return c.fail(err)
	}
	found, next, failed := c.api.functions.Mappings(c.ctx, ref, source, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	all := make([]eventSourceMapping, len(found))
	for i := range found {
		all[i] = describeMapping(found[i])
	}
	return c.json(200, struct {
		NextMarker          string `json:",omitempty"`
		EventSourceMappings []eventSourceMapping
	}{next, all})
}

// pageOf reads the function in the path, Marker and MaxItems, of which at most most
// are allowed.
func (c *call) pageOf(k *nameKind, most int) (ref function.Ref, marker string, max int, err *fault.Error) {
	var v violations
	query, err := parseQuery(c.request.Query)
	if err != nil {
		return ref, "", 0, err
	}
	parsed := k.check(&v, c.name)
	if m := query.get("Marker"); m != nil {
		marker = *m
	}
	if text := query.get("MaxItems"); text != nil {
		n, failed := strconv.ParseInt(*text, 10, 32)
		if failed != nil {
			return ref, "", 0, fault.New(fault.Serialization, "STRING_VALUE cannot be converted to Integer (parameter MaxItems)")
		}
		max = int(n)
		v.between("maxItems", &max, 1, most)
	}
	if err = v.err(); err == nil {
		ref, err = c.api.ref(parsed, nil)
	}
	return ref, marker, max, err
}
