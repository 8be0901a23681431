package gateway_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

// recorded is a case of testdata/conformance.
type recorded struct {
	Test  string
	Calls []recordedCall
}

type recordedCall struct {
	Service, Operation, Name string
	Params                   map[string]any
	Expect                   *expectation
}

// expectation is what AWS answered. Of the calls that check names, it has the
// list of errors instead of status and error.
type expectation struct {
	Status *int
	Error  *struct{ Code, Message string }
	Body   map[string]any
}

// notCompared are calls, by case and name, whose answers differ from AWS's, and
// why. An entry whose answer is AWS's fails the test, so that the list stays true.
var notCompared = map[string]string{
	"test_invocation_with_qualifier creation-response":                                                                       s3,
	"test_lambda_code_location_s3_errors create-error-wrong-bucket":                                                          s3,
	"test_lambda_code_location_s3_errors create-error-wrong-key":                                                             s3,
	"test_lambda_code_location_s3_errors update-error-wrong-bucket":                                                          s3,
	"test_lambda_code_location_s3_errors update-error-wrong-key":                                                             s3,
	"test_oversized_unzipped_lambda invalid_param_exc":                                                                       s3,
	"test_upload_lambda_from_s3 creation-response":                                                                           s3,
	"test_upload_lambda_from_s3 invocation-response":                                                                         s3,
	"test_lambda_too_large_response invoke_result":                                                                           source,
	"test_lambda_too_large_response invoke_result_2":                                                                         source,
	"test_lambda_invoke_no_timeout invoke-result":                                                                            source,
	"test_lambda_runtime_error invocation_error":                                                                             source,
	"test_lambda_runtime_exit invocation_error":                                                                              source,
	"test_request_id_invoke invoke_result":                                                                                   source,
	"test_lambda_with_context creation":                                                                                      "the recording contradicts itself: it has one runtime in the call and an older one in the answer",
	`test_lambda_invoke_payload_encoding_error[body-n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt] invoke_function_invalid_payload_body`: parser,
	`test_lambda_invoke_payload_encoding_error[message-\x99\xeb,j\x07\xa1zYh] invoke_function_invalid_payload_message`:       parser,
}

const (
	s3     = "Lambent does not fetch code from S3 yet"
	source = "the answer is that of the recorded function, of which there is only source code for Python"
	parser = "code and beginning are AWS's; the rest of the message is its JSON parser's own"
)

// timing are calls whose answer depends on whether an update of a moment ago is
// over; what comes while it is not, is tested where updates can be held up.
var timing = map[string]bool{
	"test_lambda_concurrent_code_updates update-during-in-progress-update-exc":   true,
	"test_lambda_concurrent_config_updates update-during-in-progress-update-exc": true,
}

// compared is how many answers are the same as AWS's; if there are more, say so.
const compared = 133

// TestConformance sends the recorded calls and compares status, code, message and
// shape of what is answered with what AWS answered.
//
// A case ends at its first call of an operation that Lambent lacks: later ones
// depend on it. Calls of other services are left out, as are calls for which
// nothing was recorded, but for those that make something. Deployment packages
// are replaced by one that Lambent can run, a different one for each size.
func TestConformance(t *testing.T) {
	text, err := os.ReadFile("testdata/conformance/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []recorded
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	same, left := 0, map[string]bool{}
	for i := range cases {
		c := &cases[i]
		name := c.Test[strings.LastIndex(c.Test, "::")+2:]
		t.Run(name, func(t *testing.T) {
			r := newReplay(t, c.Test)
			for _, call := range c.Calls {
				if call.Service != "lambda" {
					continue
				}
				if _, known := requests[call.Operation]; !known {
					break
				}
				got := r.send(&call)
				if call.Expect == nil {
					continue
				}
				key := name + " " + call.Name
				if timing[key] {
					left[key] = true
					continue
				}
				difference := r.compare(call.Expect, got)
				switch _, listed := notCompared[key]; {
				case listed:
					left[key] = true
					if difference == "" {
						t.Errorf("%s: the answer is AWS's; it need not be listed", call.Name)
					}
				case difference != "":
					t.Errorf("%s (%s): %s\nanswered %d %s", call.Name, call.Operation, difference, got.status, got.body)
				default:
					same++
				}
			}
		})
	}
	if n := len(notCompared) + len(timing); len(left) != n {
		t.Errorf("%d calls are listed as not compared, of which %d were sent", n, len(left))
	}
	if same != compared {
		t.Errorf("%d answers are AWS's, want %d", same, compared)
	}
}

// request says where the parameters of an operation go.
type request struct {
	method, path string // {Name} is a parameter
	query        []string
	header       map[string]string // parameter → field
	payload      bool              // the body is Payload, else what is left, as JSON
}

const functionsPath = "/2015-03-31/functions"

var requests = map[string]request{
	"CreateFunction":               {method: "POST", path: functionsPath},
	"GetFunction":                  {method: "GET", path: functionsPath + "/{FunctionName}", query: []string{"Qualifier"}},
	"GetFunctionConfiguration":     {method: "GET", path: functionsPath + "/{FunctionName}/configuration", query: []string{"Qualifier"}},
	"UpdateFunctionCode":           {method: "PUT", path: functionsPath + "/{FunctionName}/code"},
	"UpdateFunctionConfiguration":  {method: "PUT", path: functionsPath + "/{FunctionName}/configuration"},
	"DeleteFunction":               {method: "DELETE", path: functionsPath + "/{FunctionName}", query: []string{"Qualifier"}},
	"ListFunctions":                {method: "GET", path: functionsPath, query: []string{"Marker", "MaxItems", "FunctionVersion"}},
	"ListVersionsByFunction":       {method: "GET", path: functionsPath + "/{FunctionName}/versions", query: []string{"Marker", "MaxItems"}},
	"GetFunctionCodeSigningConfig": {method: "GET", path: "/2020-06-30/functions/{FunctionName}/code-signing-config"},
	"ListTags":                     {method: "GET", path: "/2017-03-31/tags/{Resource}"},
	"GetAccountSettings":           {method: "GET", path: "/2016-08-19/account-settings"},
	"Invoke": {method: "POST", path: functionsPath + "/{FunctionName}/invocations", query: []string{"Qualifier"}, payload: true,
		header: map[string]string{"InvocationType": "X-Amz-Invocation-Type", "LogType": "X-Amz-Log-Type", "ClientContext": "X-Amz-Client-Context"}},
}

// replay is one case being sent.
type replay struct {
	*bindings
	t    *testing.T
	h    *hosttest.Host
	test string
}

func newReplay(t *testing.T, test string) *replay {
	return &replay{
		bindings: newBindings(),
		t:        t,
		h:        hosttest.New(t, func(c *host.Config) { c.Account = account }),
		test:     test,
	}
}

// answered is what came back.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// send sends a call. One that was recorded without an answer and asks for a
// function is a client waiting for it to be ready, so that this does, too.
func (r *replay) send(call *recordedCall) answered {
	r.t.Helper()
	got := r.exchange(call)
	if call.Operation == "GetFunction" && call.Expect == nil {
		for range 3000 {
			var f struct {
				Configuration struct{ State, LastUpdateStatus string }
			}
			json.Unmarshal(got.body, &f)
			if got.status != 200 || f.Configuration.State != "Pending" && f.Configuration.LastUpdateStatus != "InProgress" {
				return got
			}
			time.Sleep(10 * time.Millisecond)
			got = r.exchange(call)
		}
		r.t.Fatalf("a function is not ready: %s", got.body)
	}
	return got
}

func (r *replay) exchange(call *recordedCall) answered {
	r.t.Helper()
	params := r.real(call.Params).(map[string]any)
	shape := requests[call.Operation]
	path := shape.path
	for name, value := range params {
		if placeholder := "{" + name + "}"; strings.Contains(path, placeholder) {
			path = strings.Replace(path, placeholder, escape(value.(string)), 1)
			delete(params, name)
		}
	}
	separator := "?"
	for _, name := range shape.query {
		if value, ok := params[name]; ok {
			path += separator + name + "=" + escape(fmt.Sprint(value))
			separator = "&"
			delete(params, name)
		}
	}
	header := http.Header{}
	for name, field := range shape.header {
		if value, ok := params[name]; ok {
			header.Set(field, value.(string))
			delete(params, name)
		}
	}
	var body []byte
	if shape.payload {
		body = r.payload(params["Payload"])
	} else if shape.method != "GET" && shape.method != "DELETE" {
		var err error
		if body, err = json.Marshal(r.withPackages(params)); err != nil {
			r.t.Fatal(err)
		}
	}
	q, err := http.NewRequestWithContext(r.t.Context(), shape.method, r.h.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header = header
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return answered{a.StatusCode, a.Header, text}
}

// escape percent-encodes all that is not unreserved, as SDKs do.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// compare says how an answer differs from AWS's.
func (r *replay) compare(want *expectation, got answered) string {
	var body map[string]any
	if len(got.body) > 0 {
		if err := json.Unmarshal(got.body, &body); err != nil && want.Error != nil {
			return "not an object: " + err.Error()
		}
	}
	code := got.header.Get("X-Amzn-Errortype")
	message, _ := body["message"].(string)
	if m, ok := body["Message"].(string); ok {
		message = m
	}
	if want.Status == nil { // a check of names
		wantMessage, _ := want.Body["Message"].(string)
		if list, ok := want.Body["Errors"].([]any); ok {
			var errors []string
			for _, e := range list {
				errors = append(errors, e.(string))
			}
			plural := map[bool]string{true: "s"}[len(list) > 1]
			wantMessage = fmt.Sprintf("%d validation error%s detected: %s", len(list), plural, strings.Join(errors, "; "))
		}
		return r.sameError(want.Body["Code"].(string), wantMessage, code, message)
	}
	if got.status != *want.Status {
		return fmt.Sprintf("status %d, want %d", got.status, *want.Status)
	}
	if want.Error != nil {
		if d := r.sameError(want.Error.Code, want.Error.Message, code, message); d != "" {
			return d
		}
		if len(want.Body) == 0 { // the model has no such error
			return ""
		}
		return r.same("", want.Body, map[string]any(body))
	}
	if status, ok := want.Body["StatusCode"]; ok { // from the status line, not the body
		if _, invoked := want.Body["Payload"]; !invoked && fmt.Sprint(status) == fmt.Sprint(got.status) && len(got.body) == 0 {
			return ""
		}
		return r.sameInvocation(want.Body, got)
	}
	return r.same("", want.Body, map[string]any(body))
}

func (r *replay) sameError(wantCode, wantMessage, code, message string) string {
	if code != wantCode {
		return fmt.Sprintf("code %s, want %s", code, wantCode)
	}
	return r.same("message", wantMessage, message)
}

// sameInvocation compares what Invoke has in header and body.
func (r *replay) sameInvocation(want map[string]any, got answered) string {
	result := map[string]any{"StatusCode": float64(got.status)}
	for member, field := range map[string]string{"ExecutedVersion": "X-Amz-Executed-Version", "FunctionError": "X-Amz-Function-Error"} {
		if v := got.header.Get(field); v != "" {
			result[member] = v
		}
	}
	result["Payload"] = string(got.body)
	if _, ok := want["Payload"].(map[string]any); ok {
		var payload any
		json.Unmarshal(got.body, &payload)
		result["Payload"] = payload
	}
	return r.same("", want, result)
}
