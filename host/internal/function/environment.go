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

// environment wants the names of variables to be such. Reserved names have an
// error of their own.
func (c *constraints) environment(env map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if !variablePattern.MatchString(name) && !sandbox.ReservedVariable(name) {
			c.refuse(name, "environment.variables", "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		}
	}
}

// checkEnvironment refuses what is reserved, and more than 4 KB.
func checkEnvironment(env map[string]string) error {
	var taken []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if sandbox.ReservedVariable(name) {
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
