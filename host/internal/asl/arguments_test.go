package asl_test

import (
	"encoding/json"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestParametersOfIntegrations(t *testing.T) {
	const prefix = "States.Runtime: An error occurred while executing the state 'T' (entered at the event id #2). The "
	for _, test := range []struct{ state, input, want string }{
		{`"Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Foo":1}`, `{}`,
			`Parameters '{"FunctionName":"f","Foo":1}' could not be used to start the Task: [The field "Foo" is not supported by Step Functions]`},
		{`"Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"Payload":1,"TaskToken":"x"}`, `{}`,
			`Parameters '{"Payload":1,"TaskToken":"x"}' could not be used to start the Task: [The field 'FunctionName' is required but was missing, The field "TaskToken" is not supported by Step Functions]`},
		{`"Resource":"arn:aws:states:::states:startExecution","QueryLanguage":"JSONata","Arguments":"{% $states.input %}"`, `7`,
			`Arguments '7' could not be used to start the Task: [The field 'StateMachineArn' is required but was missing]`},
		{`"Resource":"arn:aws:states:::lambda:invoke"`, `{"FunctionName":"f","Qualifier":"1"}`, ""},
		{`"Resource":"arn:aws:states:::sqs:sendMessage"`, `{"Foo":1}`, ""},
	} {
		h := begin(t, `{"StartAt":"T","States":{"T":{"Type":"Task",`+test.state+`,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}`, test.input)
		if test.want == "" {
			h.only(asl.Task)
			continue
		}
		h.ends(asl.Failed, prefix+test.want)
		if types := h.types(); types != "1<0:ExecutionStarted 2<0:TaskStateEntered 3<2:ExecutionFailed" {
			t.Errorf("%s: events are %s", test.state, types)
		}
	}
}

func TestNumbersThatJSONCannotWrite(t *testing.T) {
	for expr, want := range map[string]string{
		`1/0`:                     `"Infinity"`,
		`{"a":[-1/0, 1]}`:         `{"a":["-Infinity",1]}`,
		`[1e308*10, {"b": 2}]`:    `["Infinity",{"b":2}]`,
		`$parseInteger("x", "0")`: `"NaN"`,
	} {
		h := begin(t, `{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% `+escape(expr)+` %}","End":true}}}`, `{}`)
		h.ends(asl.Succeeded, want)
	}
	h := begin(t, `{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% [1/0, $sum] %}","End":true}}}`, `{}`)
	h.ends(asl.Failed, "States.QueryEvaluationError: An error occurred while executing the state 'P' (entered at the event id #2). "+
		"The JSONata expression '[1/0, $sum]' specified for the field 'Output' returned an unsupported result type.")
}

func TestExpressionOfACatcherFails(t *testing.T) {
	h := begin(t, `{"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",
		"Catch":[{"ErrorEquals":["States.ALL"],"Output":{"x":"{% $states.errorOutput.nope %}"},"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}`, `{}`)
	h.answer(asl.TaskFailed, h.only(asl.Task).ID, "E: no")
	h.ends(asl.Failed, "States.QueryEvaluationError: An error occurred while executing the state 'T' (entered at the event id #2). "+
		"The JSONata expression '$states.errorOutput.nope' specified for the field 'Catch[0]/Output/x' returned nothing (undefined).")
	want := "1<0:ExecutionStarted 2<0:TaskStateEntered 3<2:TaskScheduled 4<3:TaskStarted 5<4:TaskFailed 6<5:EvaluationFailed 7<6:ExecutionFailed"
	if types := h.types(); types != want {
		t.Errorf("events are %s, want %s", types, want)
	}
}

func TestPatternsOfIntegrations(t *testing.T) {
	for resource, want := range map[string]bool{
		"lambda:invoke": true, "lambda:invoke.waitForTaskToken": true, "lambda:invoke.sync": false, "lambda:invoke.sync:2": false,
		"sqs:sendMessage.sync": false, "dynamodb:getItem.waitForTaskToken": false, "http:invoke": true, "http:invoke.waitForTaskToken": false,
		"states:startExecution.sync:2": true, "states:startExecution.sync": true, "ecs:runTask.sync": true, "ecs:runTask.sync:2": false,
		"ecs:runTask.waitForTaskToken": true, "batch:submitJob.sync": true, "batch:submitJob.waitForTaskToken": false, "glue:startJobRun.waitForTaskToken": false,
		"bedrock:invokeModel.waitForTaskToken": true, "events:putEvents.waitForTaskToken": true, "states:startExecution.waitForTaskToken": true,
		"aws-sdk:s3:getObject": true, "aws-sdk:s3:getObject.waitForTaskToken": true, "aws-sdk:s3:getObject.sync": false, "nosuch:thing": false,
	} {
		_, err := asl.Parse(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::`+resource+`","End":true}}}`, asl.Options{})
		if (err == nil) != want {
			t.Errorf("%s: %v", resource, err)
		}
	}
	for resource, want := range map[string]string{
		"arn:aws:states:eu-west-1:1:activity:a":             "Express state machine does not support Activity ARN",
		"arn:aws:states:::states:startExecution.sync:2":     "Express state machine does not support '.sync:2' service integration",
		"arn:aws:states:::lambda:invoke.waitForTaskToken":   "Express state machine does not support '.waitForTaskToken' service integration",
		"arn:aws:lambda:eu-west-1:1:function:f.waitForTask": "",
		"arn:aws:states:::aws-sdk:s3:getObject":             "",
		"arn:aws:states:::aws-sdk:sqs:get.waitForTaskToken": "Express state machine does not support '.waitForTaskToken' service integration",
		"arn:aws:states:::lambda:invoke":                    "",
	} {
		report := asl.Validate(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"`+resource+`","End":true}}}`, asl.Options{Express: true})
		got := ""
		if len(report.Diagnostics) > 0 {
			got = report.Diagnostics[0].Message
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", resource, got, want)
		}
	}
}

// escape makes a text part of a JSON string.
func escape(s string) string {
	text, _ := json.Marshal(s)
	return string(text[1 : len(text)-1])
}

func TestDistributedMaps(t *testing.T) {
	for fields, want := range map[string]string{
		`"ItemBatcher":{"BatchInput":1}`:       "/States/M/ItemBatcher: One of the following fields is required: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]",
		`"ItemBatcher":{"MaxItemsPerBatch":5}`: "",
		`"MaxConcurrency":9223372036854775807`: "",
		`"ItemBatcher":{"MaxItemsPerBatch":0}`: "/States/M/ItemBatcher/MaxItemsPerBatch: Minimum value is 1",
		`"ResultWriter":{"WriterConfig":{"Transformation":"NONE","OutputType":"JSON","Prefix":"p"}}`:                        "/States/M/ResultWriter/WriterConfig: Field 'Prefix' is not supported",
		`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","Header":1}}`:          "/States/M/ItemReader/ReaderConfig: Field 'Header' is not supported",
		`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","ItemsPointer":"/a"}}`: "",
		`"ResultWriter":{}`: "/States/M/ResultWriter: One of the following fields is required: [Resource, WriterConfig]",
		`"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN"}}`:                                                                                "/States/M/ResultWriter/WriterConfig: These fields are required: [OutputType]",
		`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV"}}`:                                                "/States/M/ItemReader/ReaderConfig: These fields are required: [CSVHeaderLocation]",
		`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}}`:                    "/States/M/ItemReader/ReaderConfig: These fields are required: [CSVHeaders]",
		`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"LAST_ROW"}}`:                 "/States/M/ItemReader/ReaderConfig/CSVHeaderLocation: The field 'CSVHeaderLocation' should have one of these values: [FIRST_ROW, GIVEN]",
		`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"]}}`: "",
	} {
		report := asl.Validate(`{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},`+fields+`,"End":true}}}`, asl.Options{})
		got := ""
		if len(report.Diagnostics) > 0 {
			got = report.Diagnostics[0].Location + ": " + report.Diagnostics[0].Message
		}
		if got != want || len(report.Diagnostics) > 1 {
			t.Errorf("%s: got %q, want %q", fields, report.Diagnostics, want)
		}
	}
}
