package function

import (
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// What an event is for has a name, its target: NAME is a function's $LATEST,
// NAME:3 its version 3. The live sandboxes are kept by it.

// targetOf names a version; 0 is $LATEST.
func targetOf(function string, version int64) string {
	if version == 0 {
		return function
	}
	return function + ":" + strconv.FormatInt(version, 10)
}

// splitTarget is the function and the version, as AWS names it.
func splitTarget(target string) (function, version string) {
	function, version, ok := strings.Cut(target, ":")
	if !ok {
		version = Latest
	}
	return function, version
}

// parseVersion reads the number of a published version. A number that no version
// can have is none.
func parseVersion(qualifier string) (number int64, ok bool) {
	if qualifier == "" || qualifier[0] == '0' || !isNumber(qualifier) {
		return 0, false
	}
	number, err := strconv.ParseInt(qualifier, 10, 64)
	return number, err == nil
}

// versionName is the qualifier of a version.
func versionName(number int64) string {
	if number == 0 {
		return Latest
	}
	return strconv.FormatInt(number, 10)
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isAlias reports whether a qualifier has the form of an alias.
func isAlias(qualifier string) bool { return isName(qualifier) && !isNumber(qualifier) }

// unqualified refuses a Ref that names more than a function, for what versions do
// not have.
func (ref Ref) unqualified() error {
	if ref.Qualifier != "" && ref.Qualifier != Latest {
		return errQualified
	}
	return nil
}

var errQualified = fault.New(fault.InvalidParameterValue, "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.")
