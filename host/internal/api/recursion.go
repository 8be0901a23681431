package api

import "github.com/lambent-dev/lambent/host/internal/function"

var (
	recursionModel         = &model{kind: isStructure, members: []member{{"RecursiveLoop", &model{enum: []string{"Terminate", "Allow"}}, true}}}
	runtimeManagementModel = &model{kind: isStructure, members: []member{
		{"UpdateRuntimeOn", &model{enum: []string{"Auto", "Manual", "FunctionUpdate"}}, true},
		{"RuntimeVersionArn", &model{min: 26, max: 2048, pattern: newPattern(`arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}::runtime:.+`)}, false},
	}}
)

func (c *call) putFunctionRecursionConfig() Response {
	ref, in, err := given[function.Recursion](c, &bareName, recursionModel)
	if err != nil {
		return c.fail(err)
	}
	r, failed := c.api.functions.PutRecursion(c.ctx, ref, in)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, r)
}

func (c *call) getFunctionRecursionConfig() Response {
	ref, _, err := given[nothing](c, &bareName, nil)
	if err != nil {
		return c.fail(err)
	}
	r, failed := c.api.functions.Recursion(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, r)
}

func (c *call) putRuntimeManagementConfig() Response {
	ref, in, err := given[function.RuntimeManagement](c, &namespacedName, runtimeManagementModel)
	if err != nil {
		return c.fail(err)
	}
	r, failed := c.api.functions.PutRuntimeManagement(c.ctx, ref, in)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, r)
}

func (c *call) getRuntimeManagementConfig() Response {
	ref, _, err := given[nothing](c, &namespacedName, nil)
	if err != nil {
		return c.fail(err)
	}
	r, failed := c.api.functions.RuntimeManagement(c.ctx, ref)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, r)
}
