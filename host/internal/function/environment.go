package function

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/sandbox"
)

var variablePattern = regexp.MustCompile(`^[a-zA-Z]([a-zA-Z0-9_])+$`)

// reservedNames are those that AWS Lambda sets and lets nobody else set, and that
// are names by variablePattern or begin with an underscore.
var reservedNames = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID",
	"AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

func reserved(name string) bool {
	return slices.Contains(reservedNames, name) || strings.HasPrefix(name, "LAMBENT_")
}

// environment wants the names of variables to be such. Reserved names have an
// error of their own.
func (c *constraints) environment(env map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if !variablePattern.MatchString(name) && !reserved(name) {
			c.refuse(name, "environment.variables", "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		}
	}
}

// checkEnvironment refuses what is reserved, and more than 4 KB.
func checkEnvironment(env map[string]string) error {
	var taken []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if reserved(name) {
			taken = append(taken, name)
		}
		if strings.ContainsRune(env[name], 0) {
			return invalid("The value of the environment variable %s holds a NUL character.", name)
		}
	}
	const unable = "Lambda was unable to configure your environment variables because the environment variables you have provided "
	if len(taken) > 0 {
		return invalid(unable+"contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(taken, ", "))
	}
	if measured := measure(env); len(measured) > sandbox.DefaultEnvironment {
		return invalid(unable+"exceeded the 4KB limit. String measured: %s", measured)
	}
	return nil
}

// measure returns the JSON whose length AWS limits.
func measure(env map[string]string) []byte {
	if len(env) == 0 {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(env); err != nil { // strings always marshal
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
