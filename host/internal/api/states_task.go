package api

import "github.com/lambent-dev/lambent/host/internal/workflow"

// This file has the operations of those who do tasks: activities and tokens.

func (c *statesCall) sendTaskSuccess() (fields, error) {
	return fields{}, c.machines.Succeed(c.in.text("taskToken"), c.in.text("output"))
}

func (c *statesCall) sendTaskFailure() (fields, error) {
	return fields{}, c.machines.Fail(c.in.text("taskToken"), c.in.given("error"), c.in.given("cause"))
}

func (c *statesCall) sendTaskHeartbeat() (fields, error) {
	return fields{}, c.machines.Heartbeat(c.in.text("taskToken"))
}

// activity are the members that describe an activity.
func activity(a workflow.Activity) fields {
	return fields{"activityArn": a.ARN, "name": a.Name, "creationDate": seconds(a.Created)}
}

func (c *statesCall) createActivity() (fields, error) {
	if err := c.checkEncryption(); err != nil {
		return nil, err
	}
	a, err := c.machines.CreateActivity(c.in.text("name"), c.in.tags)
	if err != nil {
		return nil, err
	}
	return fields{"activityArn": a.ARN, "creationDate": seconds(a.Created)}, nil
}

func (c *statesCall) describeActivity() (fields, error) {
	a, err := c.machines.Activity(c.in.text("activityArn"))
	if err != nil {
		return nil, err
	}
	f := activity(a)
	f["encryptionConfiguration"] = fields{"type": "AWS_OWNED_KEY"}
	return f, nil
}

func (c *statesCall) deleteActivity() (fields, error) {
	return fields{}, c.machines.DeleteActivity(c.in.text("activityArn"))
}

func (c *statesCall) listActivities() (fields, error) {
	after, err := c.tokenName()
	if err != nil {
		return nil, err
	}
	page, next := c.machines.Activities(after, c.in.max())
	list := make([]fields, 0, len(page))
	for _, a := range page {
		list = append(list, activity(a))
	}
	f := fields{"activities": list}
	if next != "" {
		f["nextToken"] = nameToken(next)
	}
	return f, nil
}

func (c *statesCall) getActivityTask() (fields, error) {
	token, input, err := c.machines.ActivityTask(c.ctx, c.in.text("activityArn"), c.in.text("workerName"))
	if err != nil || token == "" {
		return fields{}, err
	}
	return fields{"taskToken": token, "input": input}, nil
}
