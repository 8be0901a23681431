package api

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// statesRequest are the members of a request. A member means the same in every
// operation that has it; those that an operation does not have are ignored, as
// those that nothing is known of are.
type statesRequest struct {
	texts   map[string]string
	numbers map[string]int
	flags   map[string]bool

	logging       *loggingMember
	tracing       *bool
	encryption    string // its type
	tags          map[string]string
	tagKeys       []string
	mock          *mockMember
	configuration configurationMember
}

type loggingMember struct {
	level        string
	data         bool
	destinations int
	listed       bool
}

type mockMember struct {
	result, errorName, cause, mode *string
}

type configurationMember struct {
	retries, failures *int
	causedBy, items   *string
}

// textRules are the shortest and the longest that a text may be, in characters.
var textRules = map[string]struct{ min, max int }{
	"name": {1, 80}, "definition": {1, 1 << 20}, "roleArn": {1, 256}, "stateMachineArn": {1, 256}, "executionArn": {1, 256},
	"activityArn": {1, 256}, "resourceArn": {1, 256}, "mapRunArn": {1, 2000}, "input": {0, 256 << 10}, "output": {0, 256 << 10}, "context": {0, 256 << 10},
	"variables": {0, 256 << 10}, "error": {0, 256}, "cause": {0, 32768}, "taskToken": {1, 2048}, "workerName": {1, 80}, "nextToken": {1, 1024},
	"stateName": {1, 80}, "versionDescription": {0, 256}, "traceHeader": {0, 256}, "redriveFilter": {0, 64},
	// What these may be is said below.
	"type": {0, math.MaxInt}, "severity": {0, math.MaxInt}, "inspectionLevel": {0, math.MaxInt}, "statusFilter": {0, math.MaxInt}, "includedData": {0, math.MaxInt},
}

// enums are the values that a text may have.
var enums = map[string][]string{
	"type":            {"STANDARD", "EXPRESS"},
	"severity":        {"ERROR", "WARNING"},
	"inspectionLevel": {"INFO", "DEBUG", "TRACE"},
	"statusFilter":    {"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"},
	"includedData":    {"ALL_DATA", "METADATA_ONLY"},
}

// readStates decodes a request and checks what the service model says of its
// members.
func readStates(body []byte, required []string) (*statesRequest, *fault.Error) {
	in := &statesRequest{texts: map[string]string{}, numbers: map[string]int{}, flags: map[string]bool{}}
	var v violations
	given := map[string]bool{}
	s := newScanner(body)
	s.object("request", func(m string) {
		given[m] = !s.next("null")
		in.member(s, m, &v)
	})
	s.end()
	if s.err != nil {
		return nil, &fault.Error{Code: fault.Serialization, Message: s.err.Message, Err: errRequest}
	}
	for _, m := range required {
		if !given[m] {
			v.null(m)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(in.texts)) {
		rule, text := textRules[m], in.texts[m]
		lengthOf(&v, m, &text, rule.min, rule.max)
		if set := enums[m]; set != nil {
			v.enum(m, &text, set...)
		}
	}
	if n, ok := in.numbers["maxResults"]; ok {
		v.between("maxResults", &n, 0, 1000)
	}
	in.checkTest(&v)
	if err := v.err(); err != nil {
		return nil, err
	}
	return in, nil
}

// checkTest checks the members of a mock and of a state's configuration.
func (in *statesRequest) checkTest(v *violations) {
	if m := in.mock; m != nil {
		lengthOf(v, "mock.result", m.result, 0, 256<<10)
		lengthOf(v, "mock.errorOutput.error", m.errorName, 0, 256)
		lengthOf(v, "mock.errorOutput.cause", m.cause, 0, 32768)
		if m.mode != nil {
			v.enum("mock.fieldValidationMode", m.mode, "STRICT", "PRESENT", "NONE")
		}
	}
	c := &in.configuration
	v.between("stateConfiguration.retrierRetryCount", c.retries, 0, math.MaxInt)
	v.between("stateConfiguration.mapIterationFailureCount", c.failures, 0, math.MaxInt)
	lengthOf(v, "stateConfiguration.errorCausedByState", c.causedBy, 1, 80)
	lengthOf(v, "stateConfiguration.mapItemReaderData", c.items, 0, 256<<10)
}

// lengthOf checks how many characters a text has, if it is there.
func lengthOf(v *violations, field string, text *string, low, high int) {
	if text == nil {
		return
	}
	if n := utf8.RuneCountInString(*text); n < low {
		v.tooShort(field, *text, low)
	} else if n > high {
		v.tooLong(field, *text, high)
	}
}

// next reports whether a word comes next.
func (s *scanner) next(word string) bool {
	s.peek()
	return s.err == nil && strings.HasPrefix(string(s.data[s.pos:min(len(s.data), s.pos+len(word))]), word)
}

// member reads one member of a request.
func (in *statesRequest) member(s *scanner, m string, v *violations) {
	if _, ok := textRules[m]; ok {
		var text *string
		if s.string(m, &text); text != nil {
			in.texts[m] = *text
		}
		return
	}
	switch m {
	case "maxResults":
		var n *int
		if s.integer(m, &n); n != nil {
			in.numbers[m] = *n
		}
	case "publish", "reverseOrder", "includeExecutionData", "revealSecrets":
		if s.null() {
			return
		}
		var flag bool
		s.boolean(m, &flag)
		in.flags[m] = flag
	case "loggingConfiguration":
		in.logging = readLogging(s, m, v)
	case "tracingConfiguration":
		s.optional(m, func(inner string) {
			if inner != "enabled" {
				s.skip()
				return
			}
			enabled := false
			s.boolean(m+"."+inner, &enabled)
			in.tracing = &enabled
		})
	case "encryptionConfiguration":
		s.optional(m, func(inner string) {
			if inner != "type" {
				s.skip()
				return
			}
			s.value(m+"."+inner, &in.encryption)
		})
	case "tags":
		in.readTags(s, m, v)
	case "tagKeys":
		s.strings(m, &in.tagKeys)
	case "mock":
		in.mock = readMock(s, m)
	case "stateConfiguration":
		in.configuration.read(s, m)
	default:
		s.skip()
	}
}

// optional reads a structure, or null.
func (s *scanner) optional(member string, each func(name string)) {
	if !s.null() {
		s.object(member, each)
	}
}

// value reads a text; a null leaves it as it is.
func (s *scanner) value(member string, to *string) {
	var text *string
	if s.string(member, &text); text != nil {
		*to = *text
	}
}

func readLogging(s *scanner, m string, v *violations) *loggingMember {
	if s.null() {
		return nil
	}
	logging := &loggingMember{}
	s.object(m, func(inner string) {
		switch inner {
		case "level":
			s.value(m+".level", &logging.level)
		case "includeExecutionData":
			s.boolean(m+"."+inner, &logging.data)
		case "destinations":
			if s.null() {
				return
			}
			logging.listed = true
			s.list(m+"."+inner, func() { logging.destinations++; s.skip() })
		default:
			s.skip()
		}
	})
	if logging.level != "" {
		v.enum(m+".level", &logging.level, "ALL", "ERROR", "FATAL", "OFF")
	}
	return logging
}

func (in *statesRequest) readTags(s *scanner, m string, v *violations) {
	if s.null() {
		return
	}
	in.tags = map[string]string{}
	s.list(m, func() {
		var key, value *string
		s.object(m, func(inner string) {
			switch inner {
			case "key":
				s.string(m+".key", &key)
			case "value":
				s.string(m+".value", &value)
			default:
				s.skip()
			}
		})
		if key == nil {
			v.null("tags.member.key")
			return
		}
		if value == nil {
			v.null("tags.member.value")
			return
		}
		in.tags[*key] = *value
	})
}

func readMock(s *scanner, m string) *mockMember {
	if s.null() {
		return nil
	}
	mock := &mockMember{}
	s.object(m, func(inner string) {
		switch inner {
		case "result":
			s.string(m+"."+inner, &mock.result)
		case "fieldValidationMode":
			s.string(m+"."+inner, &mock.mode)
		case "errorOutput":
			s.optional(m+"."+inner, func(part string) {
				switch part {
				case "error":
					s.string(m+".errorOutput.error", &mock.errorName)
				case "cause":
					s.string(m+".errorOutput.cause", &mock.cause)
				default:
					s.skip()
				}
			})
		default:
			s.skip()
		}
	})
	return mock
}

func (c *configurationMember) read(s *scanner, m string) {
	s.optional(m, func(inner string) {
		switch inner {
		case "retrierRetryCount":
			s.integer(m+"."+inner, &c.retries)
		case "mapIterationFailureCount":
			s.integer(m+"."+inner, &c.failures)
		case "errorCausedByState":
			s.string(m+"."+inner, &c.causedBy)
		case "mapItemReaderData":
			s.string(m+"."+inner, &c.items)
		default:
			s.skip()
		}
	})
}

// text returns a member that is a text, "" if it was not given.
func (in *statesRequest) text(m string) string { return in.texts[m] }

// given returns a member that is a text, nil if it was not given.
func (in *statesRequest) given(m string) *string {
	if text, ok := in.texts[m]; ok {
		return &text
	}
	return nil
}

// max is how many items a page may have.
func (in *statesRequest) max() int {
	if n := in.numbers["maxResults"]; n > 0 {
		return n
	}
	return 100
}
