package shape

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

//go:embed models/*.json
var models embed.FS

// optimised are the services that have an integration of their own, by the name
// it has there.
var optimised = map[string]string{
	"dynamodb": "dynamodb", "sqs": "sqs", "sns": "sns", "events": "eventbridge", "states": "sfn", "lambda": "lambda",
}

// maxDepth is how deep an answer is looked into; no operation's goes deeper,
// except by shapes that contain themselves.
const maxDepth = 100

type model struct {
	Operations map[string]int `json:"operations"`
	Shapes     []shape        `json:"shapes"`
}

type shape struct {
	Type     string         `json:"type"`
	Members  map[string]int `json:"members"`
	Required []string       `json:"required"`
	Item     int            `json:"item"`
	Enum     []string       `json:"enum"`
	Min      *float64       `json:"min"`
	Max      *float64       `json:"max"`
}

// Check says what is wrong with a mocked answer of an operation, as AWS does;
// nil if nothing is, or if the operation is not known. service is that of the
// resource, "lambda" or "aws-sdk:lambda". If required is set, members that the
// operation always has must be there.
func Check(service, action string, answer any, required bool) error {
	name, sdk := strings.CutPrefix(service, "aws-sdk:")
	if !sdk {
		name = optimised[name]
	}
	text, err := models.ReadFile("models/" + name + ".json")
	if err != nil {
		return nil
	}
	var m model
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("shape: the model of %s: %w", name, err)
	}
	index, ok := m.Operations[action]
	if !ok {
		return nil
	}
	// A function's answer may be anything where it is not encoded.
	skip := ""
	if service == "lambda" {
		skip = "Payload"
	}
	return m.check(index, "", answer, required, skip, 0)
}

func (m *model) check(index int, field string, v any, required bool, skip string, depth int) error {
	if index < 0 || index >= len(m.Shapes) || v == nil || depth > maxDepth {
		return nil
	}
	s := &m.Shapes[index]
	switch s.Type {
	case "structure":
		o, ok := v.(*jsonata.Object)
		if !ok {
			return wrongType(field, "an object")
		}
		if required {
			for _, name := range s.Required {
				if _, ok := o.Get(name); !ok {
					return fmt.Errorf("Required field '%s' is missing", name)
				}
			}
		}
		for name, value := range o.All() {
			member, ok := s.Members[name]
			if !ok || name == skip {
				continue
			}
			if err := m.check(member, name, value, required, "", depth+1); err != nil {
				return err
			}
		}
		return nil
	case "list":
		items, ok := v.([]any)
		if !ok {
			return wrongType(field, "an array")
		}
		if err := s.length(field, len(items)); err != nil {
			return err
		}
		for _, item := range items {
			if err := m.check(s.Item, field, item, required, "", depth+1); err != nil {
				return err
			}
		}
		return nil
	case "map":
		o, ok := v.(*jsonata.Object)
		if !ok {
			return wrongType(field, "an object")
		}
		for _, value := range o.All() {
			if err := m.check(s.Item, field, value, required, "", depth+1); err != nil {
				return err
			}
		}
		return nil
	default:
		return s.scalar(field, v)
	}
}

func (s *shape) scalar(field string, v any) error {
	switch s.Type {
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrongType(field, "a boolean")
		}
	case "integer", "long", "float", "double", "short", "byte":
		n, ok := v.(float64)
		switch {
		case !ok:
			return wrongType(field, "a number")
		case s.Min != nil && n < *s.Min:
			return fmt.Errorf("Field '%s' is less than the minimum value", field)
		case s.Max != nil && n > *s.Max:
			return fmt.Errorf("Field '%s' exceeds the maximum value", field)
		}
	default:
		text, ok := v.(string)
		if !ok {
			return wrongType(field, "a string")
		}
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, text) {
			return fmt.Errorf("Field '%s' is not an expected value", field)
		}
		if s.Type != "timestamp" {
			return s.length(field, utf8.RuneCountInString(text))
		}
	}
	return nil
}

func (s *shape) length(field string, n int) error {
	switch {
	case s.Min != nil && float64(n) < *s.Min:
		return fmt.Errorf("Field '%s' is smaller than the minimum length", field)
	case s.Max != nil && float64(n) > *s.Max:
		return fmt.Errorf("Field '%s' exceeds the maximum length", field)
	}
	return nil
}

// wrongType says that a field, or the answer itself if field is "", has another
// type than it must have.
func wrongType(field, want string) error {
	if field == "" {
		return fmt.Errorf("The result must be %s", want)
	}
	return fmt.Errorf("Field '%s' must be %s", field, want)
}
