package lambent

import "strconv"

// FunctionName returns the function's name, "" outside of one.
func FunctionName() string { return functionValue("function_name") }

// FunctionVersion returns the version that runs: "$LATEST" or a number.
func FunctionVersion() string { return functionValue("function_version") }

// MemoryLimitInMB returns how much memory the function has, in MiB, 0 outside
// of one.
func MemoryLimitInMB() int {
	n, _ := strconv.Atoi(functionValue("memory_mb")) // 0 if it is not a number
	return n
}

// LogGroupName returns the name of the log group that the function logs to.
func LogGroupName() string { return functionValue("log_group") }

// LogStreamName returns the name of the log stream that this invocation logs to.
func LogStreamName() string { return functionValue("log_stream") }

// environmentNames are the variables that hold the values of ctx_get where
// there is no ctx_get.
var environmentNames = map[string]string{
	"handler":          "_HANDLER",
	"function_name":    "AWS_LAMBDA_FUNCTION_NAME",
	"function_version": "AWS_LAMBDA_FUNCTION_VERSION",
	"memory_mb":        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
	"log_group":        "AWS_LAMBDA_LOG_GROUP_NAME",
	"log_stream":       "AWS_LAMBDA_LOG_STREAM_NAME",
	"request_id":       "LAMBENT_REQUEST_ID",
	"function_arn":     "LAMBENT_FUNCTION_ARN",
	"client_context":   "LAMBENT_CLIENT_CONTEXT",
	"trace_id":         "LAMBENT_TRACE_ID",
}

// environmentLookup looks values up in the environment.
func environmentLookup(getenv func(string) string) lookup {
	return func(key string) string {
		name, ok := environmentNames[key]
		if !ok {
			return ""
		}
		return getenv(name)
	}
}
