package asl

import (
	"regexp"
	"slices"
	"strings"
)

// resource is what a task calls, taken apart.
type resource struct {
	// text is the resource as it was written.
	text string
	// kind says which history events the task has.
	kind resourceKind
	// service and action are those of an integration: "lambda" and "invoke",
	// or "aws-sdk:s3" and "getObject". The action has its pattern with it, as
	// "sendMessage.waitForTaskToken".
	service, action string
	// region is the region of an ARN; "" if it has none.
	region string
}

type resourceKind int

const (
	integration resourceKind = iota // arn:aws:states:::…
	function                        // a function's ARN
	activity                        // an activity's ARN
)

// waits reports whether the task is over only when somebody says so.
func (r resource) waits() bool {
	return r.pattern() == "waitForTaskToken"
}

// submits reports whether starting the task and its result are two things.
func (r resource) submits() bool {
	return r.pattern() != ""
}

// lambdaARN is a function's ARN, with an optional version or alias.
var lambdaARN = regexp.MustCompile(`^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:(\$LATEST|[A-Za-z0-9_-]+))?$`)

// integrations are the services that have an integration of their own, with
// their actions; nil means that any action is accepted.
var integrations = map[string][]string{
	"apigateway":       {"invoke"},
	"athena":           nil,
	"batch":            {"submitJob"},
	"bedrock":          nil,
	"codebuild":        nil,
	"databrew":         nil,
	"dynamodb":         {"getItem", "putItem", "updateItem", "deleteItem"},
	"ecs":              {"runTask"},
	"eks":              nil,
	"elasticmapreduce": nil,
	"emr-containers":   nil,
	"emr-serverless":   nil,
	"events":           {"putEvents"},
	"glue":             {"startJobRun"},
	"http":             {"invoke"},
	"lambda":           {"invoke"},
	"mediaconvert":     {"createJob"},
	"sagemaker":        nil,
	"sns":              {"publish"},
	"sqs":              {"sendMessage"},
	"states":           {"startExecution"},
}

// pattern is how a task waits for its result, as "sync"; "" if it does not.
func (r resource) pattern() string {
	if r.kind != integration {
		return ""
	}
	_, pattern, _ := strings.Cut(r.action, ".")
	return pattern
}

// answered are the services that answer at once: there is no job to wait for.
var answered = []string{"apigateway", "dynamodb", "events", "http", "lambda", "sns", "sqs"}

// tokenless are the services that hand no task token on.
var tokenless = []string{"athena", "batch", "codebuild", "databrew", "dynamodb", "elasticmapreduce", "emr-containers", "emr-serverless",
	"glue", "http", "mediaconvert", "sagemaker"}

// offers reports whether a service offers a pattern, as AWS's table of its
// integrations has it.
func offers(service, pattern string) bool {
	switch pattern {
	case "":
		return true
	case "sync":
		return !slices.Contains(answered, service) && !strings.HasPrefix(service, "aws-sdk:")
	case "sync:2":
		return service == "states"
	case "waitForTaskToken":
		return !slices.Contains(tokenless, service)
	}
	return false
}

// parseResource takes a resource apart. It accepts what it does not know, save
// for integrations, of which AWS knows all.
func parseResource(text string) (resource, bool) {
	r := resource{text: text}
	parts := strings.SplitN(text, ":", 7)
	if len(parts) < 6 || parts[0] != "arn" {
		return r, text != ""
	}
	r.region = parts[3]
	switch service := parts[2]; {
	case service == "lambda":
		r.kind = function
		return r, lambdaARN.MatchString(text)
	case service == "states" && parts[5] == "activity":
		r.kind = activity
		return r, len(parts) == 7 && parts[6] != ""
	case service == "states" && parts[3] == "" && parts[4] == "":
		if len(parts) < 7 {
			return r, false
		}
		r.service, r.action = parts[5], parts[6]
		if r.service == "aws-sdk" {
			name, action, ok := strings.Cut(r.action, ":")
			r.service, r.action = "aws-sdk:"+name, action
			return r, ok && name != "" && action != "" && offers(r.service, r.pattern())
		}
		action, _, _ := strings.Cut(r.action, ".")
		actions, known := integrations[r.service]
		return r, known && action != "" && offers(r.service, r.pattern()) && (actions == nil || slices.Contains(actions, action))
	}
	return r, true
}

// task builds a Task state.
func (f fields) task(s *State, options Options) {
	t := &taskFields{}
	s.task = t
	if !f.required("Resource") {
		return
	}
	s.Resource = f.text("Resource")
	parsed, ok := parseResource(s.Resource)
	t.resource = parsed
	if _, isText := mustGet(f.object, "Resource").(string); isText && !ok {
		f.schema(f.at("Resource"), "The resource provided %s is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.", s.Resource)
	}
	switch {
	case !options.Express:
	case parsed.kind == activity:
		f.schema(f.at("Resource"), "Express state machine does not support Activity ARN")
	case parsed.submits():
		f.schema(f.at("Resource"), "Express state machine does not support '.%s' service integration", parsed.pattern())
	}
	t.timeout = f.numberField("TimeoutSeconds", bounds{1, 99_999_999, true})
	t.heartbeat = f.numberField("HeartbeatSeconds", bounds{1, 99_999_999, true})
	if t.timeout.plain() && t.heartbeat.plain() && t.heartbeat.number >= t.timeout.number {
		f.schema(f.at("HeartbeatSeconds"), "HeartbeatSeconds must be less than TimeoutSeconds")
	}
	if f.has("Credentials") {
		c, ok := f.builder.object(mustGet(f.object, "Credentials"), f.at("Credentials"), "")
		if ok && !c.has("RoleArn") && !c.has("RoleArn.$") {
			f.schema(f.at("Credentials"), "The field 'RoleArn' is required but was missing")
		}
		t.credentials = f.template("Credentials")
	}
}

// plain reports whether the field is a number known now.
func (n numberField) plain() bool { return n.set && n.expr == nil && n.path == nil }
