package shape_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl/shape"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		service, action, answer string
		required                bool
		want                    string
	}{
		{"states", "startExecution", `{"ExecutionArn":"a","StartDate":"b"}`, true, ""},
		{"states", "startExecution", `{"executionArn":"a"}`, true, "Required field 'ExecutionArn' is missing"},
		{"states", "startExecution", `{"executionArn":"a"}`, false, ""},
		{"states", "startExecution", `{"StartDate":true}`, false, "Field 'StartDate' must be a string"},
		{"lambda", "invoke", `{"StatusCode":"200"}`, true, "Field 'StatusCode' must be a number"},
		{"lambda", "invoke", `{"Payload":{"any":"thing"}}`, true, ""},
		{"aws-sdk:kms", "encrypt", `{"CiphertextBlob":""}`, true, "Field 'CiphertextBlob' is smaller than the minimum length"},
		{"aws-sdk:s3", "getObject", `{"StorageClass":"Papyrus"}`, true, "Field 'StorageClass' is not an expected value"},
		{"events", "putEvents", `{"Entries":[{"EventId":"x"},{"EventId":[]}]}`, true, "Field 'EventId' must be a string"},
		{"dynamodb", "putItem", `[]`, true, "The result must be an object"},
		{"aws-sdk:nowhere", "do", `{}`, true, ""},
		{"aws-sdk:../lambda", "invoke", `{"StatusCode":"200"}`, true, ""},
		{"aws-sdk:s3", "noSuchAction", `1`, true, ""},
	} {
		v, err := jsonata.Decode([]byte(test.answer))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := shape.Check(test.service, test.action, v, test.required); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s:%s %s: got %q, want %q", test.service, test.action, test.answer, got, test.want)
		}
	}
}

func TestModelsAreWhole(t *testing.T) {
	files, err := filepath.Glob("models/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no models: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var m struct {
			Operations map[string]int
			Shapes     []struct {
				Type    string
				Members map[string]int
				Item    int
			}
		}
		if err := json.Unmarshal(text, &m); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		inside := func(i int) bool { return i >= 0 && i < len(m.Shapes) }
		for operation, i := range m.Operations {
			if !inside(i) {
				t.Errorf("%s: %s answers shape %d of %d", name, operation, i, len(m.Shapes))
			}
		}
		for i, s := range m.Shapes {
			if s.Type == "" || !inside(s.Item) {
				t.Errorf("%s: shape %d is %+v", name, i, s)
			}
			for member, j := range s.Members {
				if !inside(j) {
					t.Errorf("%s: member %s of shape %d is shape %d of %d", name, member, i, j, len(m.Shapes))
				}
			}
		}
	}
}
