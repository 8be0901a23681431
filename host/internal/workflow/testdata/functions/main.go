// The functions that recorded executions call, one handler each: what they do is
// described in functions.json of the recordings.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

// Exception and CustomException are errors by their names.
type (
	Exception       struct{}
	CustomException struct{}
)

func (Exception) Error() string       { return "Some exception was raised." }
func (CustomException) Error() string { return "" }

func main() {
	lambent.Register("id_function", func(_ context.Context, event json.RawMessage) (json.RawMessage, error) { return event, nil })
	lambent.Register("echo_function", func(context.Context) (map[string]string, error) {
		return map[string]string{"Return": "HelloWorld"}, nil
	})
	lambent.Register("raise_exception", func(context.Context) error { return Exception{} })
	lambent.Register("raise_custom_exception", func(context.Context) error { return CustomException{} })
	lambent.Register("return_bytes_str", func(context.Context) (string, error) { return "HelloWorld!", nil })
	lambent.Register("return_decorated_input", func(_ context.Context, event any) (string, error) {
		if text, ok := event.(string); ok {
			return "input-event-" + text, nil
		}
		return "input-event-" + python(event), nil
	})
	lambent.Register("large_output_string", func(context.Context) (string, error) { return strings.Repeat("a", 257*1024), nil })
	lambent.Register("wait_60_seconds", func(_ context.Context, event json.RawMessage) (json.RawMessage, error) {
		time.Sleep(time.Minute)
		return event, nil
	})
	lambent.Start(nil)
}

// python is a JSON value as Python prints it within another.
func python(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return "'" + v + "'"
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = python(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return fmt.Sprint(v)
}
