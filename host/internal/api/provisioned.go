package api

import "github.com/lambent-dev/lambent/host/internal/function"

var provisionedModel = &model{kind: isStructure, members: []member{{"ProvisionedConcurrentExecutions", &model{kind: isInteger, min: 1, max: 1<<31 - 1}, true}}}

// provisionedConcurrency is what the service model has of a configuration; lists
// name its function.
type provisionedConcurrency struct {
	FunctionArn                              string `json:",omitempty"`
	RequestedProvisionedConcurrentExecutions int
	AvailableProvisionedConcurrentExecutions int
	AllocatedProvisionedConcurrentExecutions int
	Status                                   string
	StatusReason                             string `json:",omitempty"`
	LastModified                             string
}

func describeProvisioned(p function.Provisioned) provisionedConcurrency {
	return provisionedConcurrency{
		RequestedProvisionedConcurrentExecutions: p.Requested, AvailableProvisionedConcurrentExecutions: p.Available,
		AllocatedProvisionedConcurrentExecutions: p.Allocated, Status: p.Status, StatusReason: p.Reason,
		LastModified: p.LastModified.UTC().Format("2006-01-02T15:04:05-0700"),
	}
}

func (c *call) putProvisionedConcurrencyConfig() Response {
	ref, in, err := given[struct{ ProvisionedConcurrentExecutions int }](c, &provisionedName, provisionedModel)
	if err != nil {
		return c.fail(err)
	}
	p, failed := c.api.functions.PutProvisioned(c.ctx, ref, in.ProvisionedConcurrentExecutions)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(202, describeProvisioned(p))
}

func (c *call) getProvisionedConcurrencyConfig() Response {
	ref, _, err := given[nothing](c, &provisionedName, nil)
	if err != nil {
		return c.fail(err)
	}
	p, failed := c.api.functions.Provisioned(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, describeProvisioned(p))
}

func (c *call) deleteProvisionedConcurrencyConfig() Response {
	ref, _, err := given[nothing](c, &provisionedName, nil)
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.DeleteProvisioned(c.ctx, ref))
}

func (c *call) listProvisionedConcurrencyConfigs() Response {
	ref, marker, max, err := c.pageOf(&plainName, 50)
	if err != nil {
		return c.fail(err)
	}
	found, next, failed := c.api.functions.Provisions(c.ctx, ref.Name, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	all := make([]provisionedConcurrency, len(found))
	for i := range found {
		all[i] = describeProvisioned(found[i])
		all[i].FunctionArn = found[i].FunctionARN
	}
	return c.json(200, struct {
		ProvisionedConcurrencyConfigs []provisionedConcurrency
		NextMarker                    string `json:",omitempty"`
	}{all, next})
}
