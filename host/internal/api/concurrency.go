package api

var concurrencyModel = &model{kind: isStructure, members: []member{{"ReservedConcurrentExecutions", &model{kind: isInteger, max: 1<<31 - 1}, true}}}

// reservedConcurrency is a Concurrency of the service model.
type reservedConcurrency struct {
	ReservedConcurrentExecutions *int `json:",omitempty"`
}

func (c *call) putFunctionConcurrency() Response {
	ref, in, err := given[reservedConcurrency](c, &plainName, concurrencyModel)
	if err != nil {
		return c.fail(err)
	}
	if err := c.api.functions.PutConcurrency(c.ctx, ref, *in.ReservedConcurrentExecutions); err != nil {
		return c.fail(err)
	}
	return c.json(200, in)
}

func (c *call) getFunctionConcurrency() Response {
	ref, _, err := given[nothing](c, &plainName, nil)
	if err != nil {
		return c.fail(err)
	}
	reserved, failed := c.api.functions.Concurrency(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, reservedConcurrency{reserved})
}

func (c *call) deleteFunctionConcurrency() Response {
	ref, _, err := given[nothing](c, &plainName, nil)
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.DeleteConcurrency(c.ctx, ref))
}
