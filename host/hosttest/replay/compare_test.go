package replay

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// answered is what came back.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// object is the body, nil if it is no JSON object.
func (a *answered) object() map[string]any {
	var body map[string]any
	if json.Unmarshal(a.body, &body) != nil {
		return nil
	}
	return body
}

// compare says how an answer differs from AWS's.
func (b *bindings) compare(operation string, want *expectation, got answered) string {
	body := got.object()
	if body == nil {
		body = map[string]any{}
	}
	code := got.header.Get("X-Amzn-Errortype")
	message, _ := body["message"].(string)
	if m, ok := body["Message"].(string); ok {
		message = m
	}
	if recorded, ok := want.Body["Code"].(string); want.Status == nil && ok { // a check of names
		text, _ := want.Body["Message"].(string)
		if list, ok := want.Body["Errors"].([]any); ok {
			var errors []string
			for _, e := range list {
				errors = append(errors, e.(string))
			}
			plural := map[bool]string{true: "s"}[len(list) > 1]
			text = fmt.Sprintf("%d validation error%s detected: %s", len(list), plural, strings.Join(errors, "; "))
		}
		return b.sameError(recorded, text, code, message)
	}
	if want.Status != nil && got.status != *want.Status {
		return fmt.Sprintf("status %d, want %d", got.status, *want.Status)
	}
	if want.Error != nil {
		if d := b.sameError(want.Error.Code, want.Error.Message, code, message); d != "" {
			return d
		}
		if len(want.Body) == 0 { // the model has no such error
			return ""
		}
		return b.same("", want.Body, body)
	}
	switch operation {
	case "Invoke":
		return b.sameInvocation(want.Body, got)
	case "DeleteFunction": // its one member is the status
		if len(got.body) > 0 {
			return "a body"
		}
		return ""
	}
	return b.same("", want.Body, body)
}

func (b *bindings) sameError(wantCode, wantMessage, code, message string) string {
	if code != wantCode {
		return fmt.Sprintf("code %s, want %s: %.300s", code, wantCode, message)
	}
	return b.same("message", wantMessage, message)
}

// sameInvocation compares what Invoke has in header and body.
func (b *bindings) sameInvocation(want map[string]any, got answered) string {
	result := map[string]any{"StatusCode": float64(got.status), "Payload": string(got.body)}
	for member, field := range map[string]string{"ExecutedVersion": "X-Amz-Executed-Version", "FunctionError": "X-Amz-Function-Error"} {
		if v := got.header.Get(field); v != "" {
			result[member] = v
		}
	}
	if b.computed {
		want = maps.Clone(want)
		delete(want, "Payload")
		delete(result, "Payload")
	}
	return b.same("", want, result)
}
