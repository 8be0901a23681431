package function

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

var variablePattern = regexp.MustCompile(`^[a-zA-Z]([a-zA-Z0-9_])+$`)

// environment wants the names of variables to be such. Reserved names have an
// error of their own. What is in an environment is not repeated, as on AWS.
func (c *constraints) environment(env map[string]string) {
	for name := range env {
		if !variablePattern.MatchString(name) && !sandbox.ReservedVariable(name) {
			*c = append(*c, fault.HiddenViolation("environment.variables", "Map keys must satisfy constraint: ["+fault.Matches("[a-zA-Z]([a-zA-Z0-9_])+")+"]"))
			return
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

// measure returns the JSON whose length AWS limits, as AWS shows it: with the
// variables in the order of a hash table of theirs.
func measure(env map[string]string) []byte {
	if len(env) == 0 {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	encode := func(text string) {
		if err := e.Encode(text); err != nil { // strings always marshal
			panic(err)
		}
		b.Truncate(b.Len() - 1) // the end of line
	}
	for i, name := range hashed(env) {
		b.WriteByte("{,"[min(i, 1)])
		encode(name)
		b.WriteByte(':')
		encode(env[name])
	}
	b.WriteByte('}')
	return b.Bytes()
}

// hashed returns names in the order in which a java.util.HashMap has them, which is
// that of recorded messages: by the place that the hash of a name gets in a table
// twice as large as needed at most.
func hashed(env map[string]string) []string {
	size := uint32(16)
	for int(size)*3/4 < len(env) {
		size *= 2
	}
	place := func(name string) uint32 {
		var hash uint32
		for _, c := range utf16.Encode([]rune(name)) {
			hash = hash*31 + uint32(c)
		}
		return (hash ^ hash>>16) & (size - 1)
	}
	names := slices.Sorted(maps.Keys(env)) // for those of one place, in which the order is that of their arrival
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	return names
}
