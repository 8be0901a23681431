package function

import (
	"regexp"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// maxName is the longest name of a function.
const maxName = 64

// functionNameText is the pattern that AWS shows when it refuses a name.
const functionNameText = `(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`

// isName is namePattern, which takes longer than much else of an invocation.
func isName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return s != ""
}

// Latest is the version that changes.
const Latest = "$LATEST"

// ARN returns the ARN of a function, qualified if ref is.
func (s *Service) ARN(ref Ref) string {
	arn := "arn:aws:lambda:" + s.config.Region + ":" + s.config.Account + ":function:" + ref.Name
	if ref.Qualifier != "" {
		arn += ":" + ref.Qualifier
	}
	return arn
}

func (s *Service) key(name string) store.FunctionKey {
	return store.FunctionKey{Account: s.config.Account, Region: s.config.Region, Name: name}
}

// notFound is AWS's text for a function, or a version of one, that is not there.
func (s *Service) notFound(ref Ref) error {
	return fault.New(fault.ResourceNotFound, "Function not found: %s", s.ARN(ref))
}

var (
	namePattern = regexp.MustCompile(`^[a-zA-Z0-9-_]+$`)

	// resourcePattern is what ListTags takes, as its recorded message has it.
	resourceText    = `arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)`
	resourcePattern = regexp.MustCompile("^(" + resourceText + ")$")
)
