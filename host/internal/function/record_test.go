package function

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// TestRecord reads a record as it was written when the format was new. If this
// fails, functions of users cannot be read any more.
func TestRecord(t *testing.T) {
	b, err := os.ReadFile("testdata/record.json")
	if err != nil {
		t.Fatal(err)
	}
	const sum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" // of "hello"
	want := &record{
		deployed: deployed{Deployment: "d2", Configuration: Configuration{
			Name: "f", Description: "what it does", Runtime: "provided.al2023", Handler: "bootstrap", Role: "arn:aws:iam::000000000000:role/test",
			Timeout: 3, MemorySize: 128, EphemeralMB: 512, Environment: map[string]string{}, Architectures: []string{"x86_64"}, PackageType: "Zip",
			TracingMode: "PassThrough", Logging: Logging{"JSON", "INFO", "WARN", "/aws/lambda/f"}, SnapStart: "None",
			VPC: &VPC{[]string{"subnet-1"}, []string{"sg-1"}, true}, CodeSHA256: sum, CodeSize: 5,
			LastModified: time.Date(2026, 3, 1, 12, 0, 0, 5e8, time.UTC), RevisionID: "r2", State: Status{Is: Active}, Update: creating(InProgress),
		}},
		Tags: map[string]string{"team": "blue"},
		Serving: &deployed{Deployment: "d1", Engine: "wazero v1.12.0", Configuration: Configuration{
			Name: "f", Handler: "old", Timeout: 3, MemorySize: 128, EphemeralMB: 512, CodeSHA256: sum, CodeSize: 5,
			LastModified: time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC), RevisionID: "r1", State: Status{Is: Active}, Update: Status{Is: Successful},
		}},
	}
	got, err := decode(store.Function{Configuration: b})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
	// What is written now can be read as well.
	key := store.FunctionKey{Account: "1", Region: "2", Name: "f"}
	row, err := got.row(key)
	if err != nil {
		t.Fatal(err)
	}
	if row.FunctionKey != key || row.Revision != "r2" || row.State != store.StateActive || row.LastUpdateStatus != store.UpdateInProgress ||
		row.Code != store.DigestOf([]byte("hello")) || !row.Modified.Equal(want.Configuration.LastModified) || row.Check() != nil {
		t.Errorf("row %+v: %v", row, row.Check())
	}
	if again, err := decode(row); err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, again, want)
	}
	// An update that fails leaves what answers.
	got.fail(Status{Is: Failed, Reason: "why", Code: "X"})
	if got.Configuration.Handler != "old" || got.Deployment != "d1" || got.Engine != "wazero v1.12.0" || got.Serving != nil || got.underway() || got.serving() != &got.deployed {
		t.Errorf("after an update that failed: %+v", got)
	}
}

// TestRecordDamaged reads what no Service wrote.
func TestRecordDamaged(t *testing.T) {
	for _, text := range []string{"", "[]", `{"Configuration":{"Timeout":"3"}}`} {
		if _, err := decode(store.Function{FunctionKey: store.FunctionKey{Name: "f"}, Configuration: []byte(text)}); !isFault(err, fault.Service) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, sum := range []string{"", "hello", strings.Repeat("A", 44)} {
		r := record{deployed: deployed{Configuration: Configuration{Name: "f", CodeSHA256: sum}}}
		if _, err := r.row(store.FunctionKey{}); err == nil {
			t.Errorf("CodeSHA256 %q made a row", sum)
		}
	}
}
