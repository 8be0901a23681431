package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// reservedNames are the names of variables that AWS Lambda sets and lets nobody
// else set.
var reservedNames = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID",
	"AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

// ReservedVariable reports whether Config.Env may not have a variable of that
// name: AWS Lambda lets nobody set it, or it begins with LAMBENT_.
func ReservedVariable(name string) bool {
	return slices.Contains(reservedNames, name) || strings.HasPrefix(name, "LAMBENT_")
}

// checkEnvironment refuses what the function's own environment may not hold.
func checkEnvironment(env map[string]string, limit int) error {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		switch {
		case name == "" || strings.ContainsAny(name, "=\x00"):
			return fmt.Errorf("%w: Env: %q cannot be the name of a variable", ErrConfig, name)
		case strings.Contains(env[name], "\x00"):
			return fmt.Errorf("%w: Env: the value of %s holds a NUL byte", ErrConfig, name)
		case ReservedVariable(name):
			return fmt.Errorf("%w: Env: %s is reserved; Lambent sets it", ErrConfig, name)
		}
	}
	if n := environmentSize(env); n > limit {
		return fmt.Errorf("%w: Env takes %d bytes as JSON; at most %d are allowed", ErrConfig, n, limit)
	}
	return nil
}

// environmentSize is the size that AWS Lambda limits: that of env as compact
// JSON.
func environmentSize(env map[string]string) int {
	if len(env) == 0 {
		return 0
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(env); err != nil { // strings always marshal
		panic(err)
	}
	return b.Len() - 1 // without the line end
}

// environment returns the variables that every event finds: the function's own
// and the fixed ones of AWS Lambda, as NAME=value, sorted by name. Nothing of the
// host's is among them.
func (c *Config) environment() []string {
	env := map[string]string{
		"PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"LANG": "en_US.UTF-8",
		"TZ":   ":UTC",
	}
	maps.Copy(env, c.Env)
	maps.Copy(env, map[string]string{
		"AWS_REGION":                      c.Region,
		"AWS_DEFAULT_REGION":              c.Region,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_NAME":        c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     c.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.FormatUint(c.memoryMB(), 10),
		"AWS_LAMBDA_LOG_GROUP_NAME":       c.LogGroup,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"LAMBDA_TASK_ROOT":                taskRoot,
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"_HANDLER":                        c.Handler,
		"PWD":                             taskRoot,
	})
	variables := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		variables = append(variables, name+"="+env[name])
	}
	return variables
}

// taskRoot is where a function finds its package.
const taskRoot = "/var/task"
