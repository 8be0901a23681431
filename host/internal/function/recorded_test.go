package function_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestRecordedErrors provokes the errors that were recorded from AWS, and wants
// the same code and message. Those of the wire, of S3 and of operations to come
// are named.
func TestRecordedErrors(t *testing.T) {
	b, err := os.ReadFile("testdata/lambda/errors.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded map[string][]struct{ Code, Message string }
	if err := json.Unmarshal(b, &recorded); err != nil {
		t.Fatal(err)
	}
	elsewhere := []string{
		"Error occurred while GetObject.", "The derived qualifier", "Functions from '", "Value 'arn:<partition>:lambda:<region>:111111111111:function:<function-name>' at 'functionName'",
		"Rate Exceeded.", // as Invoke's: concurrency
	}
	g := newGate()
	p := provoker{newService(t, function.Config{Account: "111111111111", Region: "eu-central-1", Compile: g.compile}), t}
	create(t, p.Service, "updating", packGuest(t, "echo"))
	g.pass(t, nil)
	settle(t, p.Service, "updating")
	if _, err := p.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "updating"}, Zip: packGuest(t, "json")}); err != nil {
		t.Fatal(err)
	}
	provoked := 0
	for operation, list := range recorded {
		for _, r := range list {
			name := operation + ": " + r.Message
			if slices.ContainsFunc(elsewhere, func(part string) bool { return strings.Contains(r.Message, part) }) && !(operation == "ListTags") {
				continue
			}
			want := strings.NewReplacer("<partition>", "aws", "<region>", "eu-central-1", "<function-name:1>", "absent", "<nonexisting-fn-name>", "absent", "<resource-name>", "absent").Replace(r.Message)
			switch {
			case strings.Contains(want, "in progress for resource"):
				want = strings.Replace(want, "absent", "updating", 1)
			case strings.HasPrefix(want, "Event source mapping"):
				want = strings.Replace(want, "absent", "01234567-89ab-cdef-0123-456789abcdef", 1)
			}
			got, ok := p.try(operation, want).(*fault.Error)
			if !ok {
				t.Errorf("%s: nothing provokes it", name)
				continue
			}
			if provoked++; string(got.Code) != r.Code || got.Message != want {
				t.Errorf("%s\ngot  %s: %s\nwant %s: %s", name, got.Code, got.Message, r.Code, want)
			}
		}
	}
	if provoked < 25 {
		t.Errorf("%d errors were provoked, there were more", provoked)
	}
}

type provoker struct {
	*function.Service
	t *testing.T
}

// try does what should give that message.
func (p *provoker) try(operation, message string) error {
	ctx := p.t.Context()
	in := function.CreateInput{Name: "new", Settings: settings()}
	var err error
	switch ref := p.named(message); operation {
	case "CreateFunction":
		switch {
		case strings.Contains(message, "length less than or equal to 64"):
			in.Name = strings.Repeat("a", 65)
		case strings.Contains(message, "invalid:function:name"):
			in.Name = "invalid:function:name"
		case strings.Contains(message, "Unzipped size"):
			in.Zip = bomb(p.t)
		case strings.Contains(message, "Zipped size"):
			in.Zip = make([]byte, sandbox.DefaultZipped+1)
		case strings.Contains(message, "Number of tags"):
			in.Tags = map[string]string{}
			for i := range 51 {
				in.Tags[strconv.Itoa(i)] = "x"
			}
		}
		_, err = p.Create(ctx, in)
	case "UpdateFunctionCode":
		_, err = p.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref, Zip: packGuest(p.t, "echo")})
	case "UpdateFunctionConfiguration":
		change := function.UpdateConfigurationInput{Ref: ref}
		switch {
		case strings.Contains(message, "non-existent-runtime"):
			change.Runtime = ptr("non-existent-runtime")
		case strings.Contains(message, "PYTHON3.9"):
			change.Runtime = ptr("PYTHON3.9")
		case strings.Contains(message, "'r1'"):
			change.Role = ptr("r1")
		}
		_, err = p.UpdateConfiguration(ctx, change)
	case "GetFunction":
		_, err = p.Get(ctx, ref)
	case "GetFunctionConfiguration":
		_, err = p.Configuration(ctx, ref)
	case "DeleteFunction":
		if strings.HasPrefix(message, "$LATEST") {
			ref.Qualifier = function.Latest
		}
		err = p.Delete(ctx, ref)
	case "Invoke":
		call := function.InvokeInput{Ref: function.Ref{Name: "doesnotexist"}}
		if strings.Contains(message, "json") {
			call = function.InvokeInput{Ref: function.Ref{Name: "updating"}, Event: []byte("n\x87r")}
		}
		if strings.Contains(message, "code 153") {
			call.Event = []byte("\x99\xeb,j")
		}
		_, err = p.Service.Invoke(ctx, call)
	case "ListTags":
		arn := "arn:aws:lambda:eu-central-1:111111111111:function:updating:alias"
		if _, after, found := strings.Cut(message, "arn:"); found {
			arn, _, _ = strings.Cut("arn:"+after, "'")
		}
		_, err = p.Tags(ctx, arn)
	}
	return err
}

// named returns the function that a message names.
func (p *provoker) named(message string) function.Ref {
	_, name, found := strings.Cut(message, ":function:")
	if !found {
		return function.Ref{Name: "updating"}
	}
	name, qualifier, _ := strings.Cut(name, ":")
	return function.Ref{Name: name, Qualifier: qualifier}
}

// bomb makes a small zip file whose content is larger than allowed: one file,
// compressed once, under many names.
func bomb(t testing.TB) []byte {
	t.Helper()
	const size = 8 << 20
	one := pack(t, "x", strings.Repeat("x", size))
	r, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range sandbox.DefaultUnzipped/size + 1 {
		r.File[0].Name = strconv.Itoa(i)
		if err := w.Copy(r.File[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
