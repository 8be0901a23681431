package api

import (
	"encoding/base64"
	"maps"
	"slices"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

func (c *statesCall) express() bool { return c.in.text("type") == "EXPRESS" }

// checkEncryption refuses keys that Lambent cannot use.
func (c *statesCall) checkEncryption() error {
	if t := c.in.encryption; t != "" && t != "AWS_OWNED_KEY" {
		return fault.New(fault.NotImplemented, "%s: Lambent does not have the encryption type %s yet; leave encryptionConfiguration out.", c.operation.Name, clip(t))
	}
	return nil
}

func logging(m *loggingMember) workflow.Logging {
	return workflow.Logging{Level: m.level, IncludeExecutionData: m.data, Destinations: m.destinations, Listed: m.listed}
}

func (c *statesCall) createStateMachine() (fields, error) {
	if err := c.checkEncryption(); err != nil {
		return nil, err
	}
	in := workflow.CreateInput{Name: c.in.text("name"), Definition: c.in.text("definition"), RoleARN: c.in.text("roleArn"), Express: c.express(),
		Tags: c.in.tags, Publish: c.in.flags["publish"], VersionDescription: c.in.given("versionDescription") != nil}
	if c.in.logging != nil {
		in.Logging = logging(c.in.logging)
	}
	if c.in.tracing != nil {
		in.Tracing = *c.in.tracing
	}
	m, err := c.machines.Create(c.ctx, in)
	if err != nil {
		return nil, err
	}
	return fields{"stateMachineArn": m.ARN, "creationDate": seconds(m.Created)}, nil
}

func (c *statesCall) updateStateMachine() (fields, error) {
	if err := c.checkEncryption(); err != nil {
		return nil, err
	}
	in := workflow.UpdateInput{ARN: c.in.text("stateMachineArn"), Definition: c.in.given("definition"), RoleARN: c.in.given("roleArn"),
		Tracing: c.in.tracing, Publish: c.in.flags["publish"], VersionDescription: c.in.given("versionDescription") != nil}
	if c.in.logging != nil {
		l := logging(c.in.logging)
		in.Logging = &l
	}
	m, err := c.machines.Update(c.ctx, in)
	if err != nil {
		return nil, err
	}
	return fields{"updateDate": seconds(m.Updated), "revisionId": m.Revision}, nil
}

// machine are the members that describe a state machine.
func (c *statesCall) machine(m workflow.Machine) fields {
	if c.in.text("includedData") == "METADATA_ONLY" {
		m.Definition = "{}"
	}
	f := fields{
		"stateMachineArn": m.ARN, "name": m.Name, "definition": m.Definition, "roleArn": m.RoleARN,
		"loggingConfiguration":    fields{"level": m.Logging.Level, "includeExecutionData": m.Logging.IncludeExecutionData},
		"tracingConfiguration":    fields{"enabled": m.Tracing},
		"encryptionConfiguration": fields{"type": "AWS_OWNED_KEY"},
	}
	if m.Logging.Listed {
		f["loggingConfiguration"].(fields)["destinations"] = []string{}
	}
	if read := asl.VariableReferences(m.Definition); len(read) > 0 {
		f["variableReferences"] = read
	}
	if m.Changed { // AWS gives the first revision no name
		f["revisionId"] = m.Revision
	}
	return f
}

func machineType(express bool) string {
	if express {
		return "EXPRESS"
	}
	return "STANDARD"
}

func (c *statesCall) describeStateMachine() (fields, error) {
	m, err := c.machines.Machine(c.ctx, c.in.text("stateMachineArn"))
	if err != nil {
		return nil, err
	}
	f := c.machine(m)
	f["type"], f["status"], f["creationDate"] = machineType(m.Express), "ACTIVE", seconds(m.Created)
	return f, nil
}

func (c *statesCall) describeStateMachineForExecution() (fields, error) {
	m, err := c.machines.MachineFor(c.in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	f := c.machine(m)
	f["updateDate"] = seconds(m.Updated)
	return f, nil
}

func (c *statesCall) deleteStateMachine() (fields, error) {
	return fields{}, c.machines.Delete(c.ctx, c.in.text("stateMachineArn"))
}

// nameToken and tokenName make tokens of the names that lists go on after.
func nameToken(name string) string { return base64.RawURLEncoding.EncodeToString([]byte(name)) }

func (c *statesCall) tokenName() (string, error) {
	name, err := base64.RawURLEncoding.DecodeString(c.in.text("nextToken"))
	if err != nil {
		return "", workflow.ErrToken
	}
	return string(name), nil
}

func (c *statesCall) listStateMachines() (fields, error) {
	after, err := c.tokenName()
	if err != nil {
		return nil, err
	}
	page, next, err := c.machines.Machines(c.ctx, after, c.in.max())
	if err != nil {
		return nil, err
	}
	list := make([]fields, 0, len(page))
	for _, m := range page {
		list = append(list, fields{"stateMachineArn": m.ARN, "name": m.Name, "type": machineType(m.Express), "creationDate": seconds(m.Created)})
	}
	f := fields{"stateMachines": list}
	if next != "" {
		f["nextToken"] = nameToken(next)
	}
	return f, nil
}

func (c *statesCall) listTagsForResource() (fields, error) {
	tags, err := c.machines.Tags(c.ctx, c.in.text("resourceArn"))
	if err != nil {
		return nil, err
	}
	list := make([]fields, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, fields{"key": key, "value": tags[key]})
	}
	return fields{"tags": list}, nil
}

func (c *statesCall) tagResource() (fields, error) {
	return fields{}, c.machines.Tag(c.ctx, c.in.text("resourceArn"), c.in.tags)
}

func (c *statesCall) untagResource() (fields, error) {
	return fields{}, c.machines.Untag(c.ctx, c.in.text("resourceArn"), c.in.tagKeys)
}

func (c *statesCall) validateStateMachineDefinition() (fields, error) {
	limit := c.in.max()
	var v violations
	v.between("maxResults", &limit, 0, 100)
	if err := v.err(); err != nil {
		return nil, err
	}
	report := c.machines.Validate(c.in.text("definition"), asl.Options{Express: c.express(), Warnings: c.in.text("severity") == "WARNING", MaxResults: limit})
	diagnostics := make([]fields, 0, len(report.Diagnostics))
	for _, d := range report.Diagnostics {
		f := fields{"severity": d.Severity, "code": d.Code, "message": d.Message}
		if d.Location != "" {
			f["location"] = d.Location
		}
		diagnostics = append(diagnostics, f)
	}
	result := "FAIL"
	if report.Valid {
		result = "OK"
	}
	return fields{"result": result, "diagnostics": diagnostics, "truncated": report.Truncated}, nil
}

func (c *statesCall) testState() (fields, error) {
	in := asl.TestRequest{Definition: c.in.text("definition"), StateName: c.in.text("stateName"), Input: c.in.text("input"), Context: c.in.text("context"),
		Variables: c.in.text("variables"), RoleArn: c.in.text("roleArn"), RevealSecrets: c.in.flags["revealSecrets"]}
	if m := c.in.mock; m != nil {
		in.Mock = &asl.Mock{Result: m.result, Error: m.errorName, Cause: m.cause, Validation: value(m.mode)}
	}
	configuration := c.in.configuration
	in.ErrorCausedByState, in.MapItemReaderData = value(configuration.causedBy), value(configuration.items)
	in.MapIterationFailureCount = configuration.failures
	if n := configuration.retries; n != nil {
		in.RetrierRetryCount = *n
	}
	result, err := c.machines.TestState(c.ctx, in)
	if err != nil {
		return nil, err
	}
	f := fields{"status": result.Status}
	for name, text := range map[string]*string{"output": result.Output, "error": result.Error, "cause": result.Cause} {
		if text != nil {
			f[name] = *text
		}
	}
	if result.NextState != "" {
		f["nextState"] = result.NextState
	}
	if level := c.in.text("inspectionLevel"); level == "DEBUG" || level == "TRACE" {
		f["inspectionData"] = result.Data
	}
	return f, nil
}
