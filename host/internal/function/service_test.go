package function_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// newEngine is one engine for all tests: compiling is what takes time.
var newEngine = sync.OnceValues(func() (engine.Engine, error) { return wazero.New(wazero.Config{}) })

func testEngine(t testing.TB) engine.Engine {
	t.Helper()
	eng, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	return eng
}

// openStore opens the store in dir, which is closed with the test.
func openStore(t testing.TB, dir string) *store.SQLite {
	t.Helper()
	s, err := store.Open(dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// newService makes a Service that is closed with the test. Unless config says
// otherwise, its store is new and its patience long.
func newService(t testing.TB, config function.Config) *function.Service {
	t.Helper()
	if config.Store == nil {
		config.Store = openStore(t, t.TempDir())
	}
	if config.Engine == nil {
		config.Engine = testEngine(t)
	}
	if config.Patience == 0 {
		config.Patience = 10 * time.Minute
	}
	s, err := function.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeNow(t, s) })
	return s
}

// closeNow ends a Service without waiting for what is under way.
func closeNow(t testing.TB, s *function.Service) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

// guest reads a module of package sandbox's guests: "echo", "bad".
func guest(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../sandbox/testdata/guests/c", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pack makes a zip file of pairs of name and content.
func pack(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packGuest makes the deployment package of a guest.
func packGuest(t testing.TB, name string) []byte {
	return pack(t, "bootstrap", string(guest(t, name)))
}

func ptr[T any](v T) *T { return &v }

const role = "arn:aws:iam::000000000000:role/test"

// settings are what CreateFunction wants at least.
func settings() function.Settings {
	return function.Settings{Runtime: ptr("provided.al2023"), Handler: ptr("bootstrap"), Role: ptr(role), Timeout: ptr(900)}
}

// create creates a function that must be accepted.
func create(t testing.TB, s *function.Service, name string, zip []byte) function.Configuration {
	t.Helper()
	c, err := s.Create(t.Context(), function.CreateInput{Name: name, Zip: zip, Settings: settings()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// settle waits until nothing of a function is under way, and describes it.
func settle(t testing.TB, s *function.Service, name string) function.Configuration {
	t.Helper()
	for {
		c, err := s.Configuration(t.Context(), function.Ref{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if c.State.Is != function.Pending && c.Update.Is != function.InProgress {
			return c
		}
		time.Sleep(time.Millisecond)
	}
}

// active creates a function and waits until it is Active.
func active(t testing.TB, s *function.Service, name string, zip []byte) function.Configuration {
	t.Helper()
	create(t, s, name, zip)
	c := settle(t, s, name)
	if c.State.Is != function.Active || c.Update.Is != function.Successful {
		t.Fatalf("%s: %+v %+v", name, c.State, c.Update)
	}
	return c
}

// invoke invokes a function, which must not fail.
func invoke(t testing.TB, s *function.Service, name, event string) string {
	t.Helper()
	out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: name}, Event: []byte(event)})
	if err != nil {
		t.Fatal(err)
	}
	if out.Failed {
		t.Fatalf("%s failed: %s", name, out.Payload)
	}
	return string(out.Payload)
}

// wantFault checks that err is that error of AWS's and says so.
func wantFault(t testing.TB, what string, err error, code fault.Code, message string) {
	t.Helper()
	got, ok := errors.AsType[*fault.Error](err)
	if !ok || got.Code != code || !strings.Contains(got.Message, message) {
		t.Errorf("%s: got %v\nwant %s: %s", what, err, code, message)
	}
}

func TestLifecycle(t *testing.T) {
	s := newService(t, function.Config{})
	c := create(t, s, "echo", packGuest(t, "echo"))
	if c.State != (function.Status{Is: "Pending", Reason: "The function is being created.", Code: "Creating"}) || c.Update.Is != "" {
		t.Errorf("created: %+v", c)
	}
	if got := invoke(t, s, "echo", `{"a":1}`); got != `{"a":1}` { // waits
		t.Errorf("echo answered %s", got)
	}
	ready := settle(t, s, "echo")
	if ready.State != (function.Status{Is: "Active"}) || ready.Update != (function.Status{Is: "Successful"}) || ready.RevisionID == c.RevisionID {
		t.Errorf("ready: %+v", ready)
	}
	u, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "echo"}, Zip: packGuest(t, "json"), RevisionID: ready.RevisionID})
	if err != nil {
		t.Fatal(err)
	}
	if u.State.Is != "Active" || u.Update != (function.Status{Is: "InProgress", Reason: "The function is being created.", Code: "Creating"}) || u.CodeSHA256 == c.CodeSHA256 {
		t.Errorf("updated: %+v", u)
	}
	settle(t, s, "echo")
	if got := invoke(t, s, "echo", `{"name":"Ada","n":41}`); got != `{"message":"Hello, Ada!","n":42}` {
		t.Errorf("after the update it answered %s", got)
	}
	if err := s.Delete(t.Context(), function.Ref{Name: "echo"}); err != nil {
		t.Fatal(err)
	}
	_, err = s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: "echo"}})
	wantFault(t, "after its deletion", err, fault.ResourceNotFound, "Function not found: arn:aws:lambda:us-east-1:000000000000:function:echo:$LATEST")
}
