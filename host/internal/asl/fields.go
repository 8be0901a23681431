package asl

import "slices"

// Groups of fields that several types of states share.
var (
	anyState   = []string{"Type", "Comment", "QueryLanguage"}
	flow       = []string{"Next", "End", "Assign"}
	data       = []string{"InputPath", "OutputPath", "Output"}
	results    = []string{"ResultSelector", "ResultPath"}
	errorsOf   = []string{"Retry", "Catch"}
	stateTypes = []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"} // as AWS lists them
)

// fieldsOf are the fields that a state of each type may have.
var fieldsOf = map[StateType][]string{
	TypeTask: slices.Concat(anyState, flow, data, results, errorsOf, []string{"Parameters", "Arguments", "Resource",
		"TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath", "Credentials"}),
	TypePass:    slices.Concat(anyState, flow, data, []string{"Parameters", "Result", "ResultPath"}),
	TypeChoice:  slices.Concat(anyState, data, []string{"Choices", "Default", "Assign"}),
	TypeWait:    slices.Concat(anyState, flow, data, []string{"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}),
	TypeSucceed: slices.Concat(anyState, data),
	TypeFail:    slices.Concat(anyState, []string{"Error", "ErrorPath", "Cause", "CausePath"}),
	TypeParallel: slices.Concat(anyState, flow, data, results, errorsOf,
		[]string{"Parameters", "Arguments", "Branches"}),
	TypeMap: slices.Concat(anyState, flow, data, results, errorsOf, []string{"Parameters", "ItemProcessor", "Iterator",
		"ItemsPath", "Items", "ItemSelector", "ItemReader", "ItemBatcher", "ResultWriter", "MaxConcurrency",
		"MaxConcurrencyPath", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
		"ToleratedFailurePercentagePath", "Label"}),
}

// onlyIn are the fields that exist in one query language only.
var onlyIn = map[string]QueryLanguage{
	"InputPath": JSONPath, "OutputPath": JSONPath, "Parameters": JSONPath, "ResultSelector": JSONPath,
	"ResultPath": JSONPath, "Result": JSONPath, "ItemsPath": JSONPath, "SecondsPath": JSONPath,
	"TimestampPath": JSONPath, "ErrorPath": JSONPath, "CausePath": JSONPath, "TimeoutSecondsPath": JSONPath,
	"HeartbeatSecondsPath": JSONPath, "MaxConcurrencyPath": JSONPath, "ToleratedFailureCountPath": JSONPath,
	"ToleratedFailurePercentagePath": JSONPath, "MaxItemsPath": JSONPath, "MaxItemsPerBatchPath": JSONPath,
	"MaxInputBytesPerBatchPath": JSONPath, "Variable": JSONPath,
	"Arguments": JSONata, "Output": JSONata, "Items": JSONata, "Condition": JSONata,
}
