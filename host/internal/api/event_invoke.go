package api

import (
	"time"

	"github.com/lambent-dev/lambent/host/internal/function"
)

var (
	destinationModel = &model{kind: isStructure, members: []member{{"Destination", &model{
		max:     350,
		pattern: newPattern(`$|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)`),
	}, false}}}
	destinationsModel = &model{kind: isStructure, members: []member{{"OnSuccess", destinationModel, false}, {"OnFailure", destinationModel, false}}}

	eventInvokeModel = &model{kind: isStructure, members: []member{
		{"MaximumRetryAttempts", &model{kind: isInteger, max: 2}, false},
		{"MaximumEventAgeInSeconds", &model{kind: isInteger, min: 60, max: 21600}, false},
		{"DestinationConfig", destinationsModel, false},
	}}
)

// eventInvokeConfig is a FunctionEventInvokeConfig of the service model.
type eventInvokeConfig struct {
	LastModified             float64
	FunctionArn              string
	MaximumRetryAttempts     *int `json:",omitempty"`
	MaximumEventAgeInSeconds *int `json:",omitempty"`
	DestinationConfig        destinationConfig
}

// destinationConfig has both members in every answer, as recorded.
type destinationConfig struct{ OnSuccess, OnFailure function.Destination }

func describeEventInvoke(f function.EventInvokeConfig) eventInvokeConfig {
	c := eventInvokeConfig{
		LastModified: epoch(f.LastModified), FunctionArn: f.FunctionARN,
		MaximumRetryAttempts: f.MaximumRetryAttempts, MaximumEventAgeInSeconds: f.MaximumEventAgeInSeconds,
	}
	if d := f.DestinationConfig; d != nil {
		if d.OnSuccess != nil {
			c.DestinationConfig.OnSuccess = *d.OnSuccess
		}
		if d.OnFailure != nil {
			c.DestinationConfig.OnFailure = *d.OnFailure
		}
	}
	return c
}

// epoch is a timestamp of the protocol: seconds since 1970.
func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func (c *call) putFunctionEventInvokeConfig() Response    { return c.setEventInvoke(false) }
func (c *call) updateFunctionEventInvokeConfig() Response { return c.setEventInvoke(true) }

func (c *call) setEventInvoke(keep bool) Response {
	ref, in, err := given[function.EventInvokeSettings](c, &namespacedName, eventInvokeModel)
	if err != nil {
		return c.fail(err)
	}
	config, failed := c.api.functions.PutEventInvoke(c.ctx, ref, in, keep)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, describeEventInvoke(config))
}

func (c *call) getFunctionEventInvokeConfig() Response {
	ref, _, err := given[nothing](c, &namespacedName, nil)
	if err != nil {
		return c.fail(err)
	}
	config, failed := c.api.functions.EventInvoke(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, describeEventInvoke(config))
}

func (c *call) deleteFunctionEventInvokeConfig() Response {
	ref, _, err := given[nothing](c, &namespacedName, nil)
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.DeleteEventInvoke(c.ctx, ref))
}

func (c *call) listFunctionEventInvokeConfigs() Response {
	ref, marker, max, err := c.pageOf(&namespacedName, 50)
	if err != nil {
		return c.fail(err)
	}
	found, next, failed := c.api.functions.EventInvokes(c.ctx, ref.Name, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	all := make([]eventInvokeConfig, len(found))
	for i := range found {
		all[i] = describeEventInvoke(found[i])
	}
	return c.json(200, struct {
		FunctionEventInvokeConfigs []eventInvokeConfig
		NextMarker                 string `json:",omitempty"`
	}{all, next})
}
