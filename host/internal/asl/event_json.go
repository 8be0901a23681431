package asl

import (
	"encoding/json"
	"strings"
	"unicode"
)

// MarshalJSON writes the event as AWS's GetExecutionHistory does, its time in
// seconds since 1970.
func (e Event) MarshalJSON() ([]byte, error) {
	wire := map[string]any{
		"id": e.ID, "previousEventId": e.PreviousID, "type": e.Type,
		"timestamp": float64(e.Time.UnixMilli()) / 1000,
	}
	if name, details := e.details(); details != nil {
		wire[name] = details
	}
	return json.Marshal(wire)
}

// details returns the member that holds what is particular to the event's type.
func (e *Event) details() (name string, details map[string]any) {
	details = map[string]any{}
	set := func(key string, there bool, value any) {
		if there {
			details[key] = value
		}
	}
	set("input", e.Input != nil, e.Input)
	set("inputDetails", e.Input != nil, notTruncated())
	set("output", e.Output != nil, e.Output)
	set("outputDetails", e.Output != nil, notTruncated())
	set("error", e.Error != nil, e.Error)
	set("cause", e.Cause != nil, e.Cause)
	set("name", e.Name != "", e.Name)
	set("roleArn", e.RoleArn != "", e.RoleArn)
	set("resource", e.Resource != "", e.Resource)
	set("resourceType", e.ResourceType != "", e.ResourceType)
	set("region", e.Region != "", e.Region)
	set("parameters", e.Parameters != nil, e.Parameters)
	set("timeoutInSeconds", e.TimeoutSeconds != 0, e.TimeoutSeconds)
	set("heartbeatInSeconds", e.Heartbeat != 0, e.Heartbeat)
	set("taskCredentials", e.TaskRole != "", map[string]any{"roleArn": e.TaskRole})
	set("workerName", e.Worker != "", e.Worker)
	set("mapRunArn", e.MapRunArn != "", e.MapRunArn)
	set("state", e.State != "", e.State)
	set("location", e.Location != "", e.Location)
	if len(e.Assigned) > 0 {
		variables := make(map[string]any, len(e.Assigned))
		for _, a := range e.Assigned {
			variables[a.Name] = a.Value
		}
		details["assignedVariables"], details["assignedVariablesDetails"] = variables, notTruncated()
	}
	switch kind := string(e.Type); {
	case strings.HasPrefix(kind, "MapIteration"):
		details["index"] = e.Index
	case kind == "MapStateStarted":
		details["length"] = e.Length
	case strings.HasSuffix(kind, "StateEntered"):
		return "stateEnteredEventDetails", details
	case strings.HasSuffix(kind, "StateExited"):
		return "stateExitedEventDetails", details
	case len(details) == 0 && !keepsEmpty[e.Type]:
		return "", nil
	}
	first := []rune(string(e.Type))
	first[0] = unicode.ToLower(first[0])
	return string(first) + "EventDetails", details
}

// keepsEmpty are the types whose details are there even if they are empty.
var keepsEmpty = map[EventType]bool{executionFailed: true, executionAborted: true, executionTimedOut: true, "ActivityStarted": true, "ActivityFailed": true, "LambdaFunctionFailed": true}

func notTruncated() map[string]any { return map[string]any{"truncated": false} }
