package function_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/bucket"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestObject has code come from a store of objects.
func TestObject(t *testing.T) {
	echo, json := packGuest(t, "echo"), packGuest(t, "json")
	objects := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.String() {
		case "/code/a/f.zip":
			w.Write(echo)
		case "/code/a/f.zip?versionId=2":
			w.Write(json)
		case "/code/private":
			w.WriteHeader(http.StatusForbidden)
			w.Write([]byte(`<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`))
		default:
			w.WriteHeader(http.StatusNotFound)
			w.Write([]byte(`<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`))
		}
	}))
	store, err := bucket.Open(bucket.Config{Endpoint: objects.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s := newService(t, function.Config{Objects: store})
	in := function.CreateInput{Name: "f", Object: &function.Object{Bucket: "code", Key: "a/f.zip"}, Settings: settings()}
	if _, err := s.Create(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if got := invoke(t, s, "f", greetEvent); got != greetEvent {
		t.Errorf("it answered %s", got)
	}
	settle(t, s, "f")
	update := function.UpdateCodeInput{Ref: ref("f", ""), Object: &function.Object{Bucket: "code", Key: "a/f.zip", Version: "2"}}
	if _, err := s.UpdateCode(t.Context(), update); err != nil {
		t.Fatal(err)
	}
	settle(t, s, "f")
	if got := invoke(t, s, "f", greetEvent); got != greeting {
		t.Errorf("updated, it answered %s", got)
	}
	create := func(change func(*function.CreateInput)) error {
		in := function.CreateInput{Name: "g", Object: &function.Object{Bucket: "code", Key: "a/g.zip"}, Settings: settings()}
		change(&in)
		_, err := s.Create(t.Context(), in)
		return err
	}
	for what, c := range map[string]struct {
		change func(*function.CreateInput)
		want   string
	}{
		"absent": {func(*function.CreateInput) {}, "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."},
		"no key": {func(in *function.CreateInput) { in.Object.Key = "" }, "both of S3Bucket and S3Key"},
		"both":   {func(in *function.CreateInput) { in.Zip = echo }, "do not provide other FunctionCode parameters"},
	} {
		wantFault(t, what, create(c.change), fault.InvalidParameterValue, c.want)
	}
	wantFault(t, "not the host's to read", create(func(in *function.CreateInput) { in.Object.Key = "private" }), fault.AccessDenied,
		"Your access has been denied by S3, please make sure your request credentials have permission to GetObject for code/private. S3 Error Code: AccessDenied. S3 Error Message: Access Denied")
	objects.Close()
	wantFault(t, "unreachable", create(func(*function.CreateInput) {}), fault.ServiceUnavailable, "The store of objects does not answer")
	none := newService(t, function.Config{})
	_, err = none.Create(t.Context(), in)
	wantFault(t, "without a store", err, fault.InvalidParameterValue, "This host has no store of objects")
}
