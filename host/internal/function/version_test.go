package function_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

func packConstant(t testing.TB, text string) []byte {
	return pack(t, "bootstrap", string(constant(text)))
}

func ref(name, qualifier string) function.Ref { return function.Ref{Name: name, Qualifier: qualifier} }

// publish publishes a version, which must work.
func publish(t testing.TB, s *function.Service, name string) function.Configuration {
	t.Helper()
	c, err := s.Publish(t.Context(), function.PublishInput{Ref: ref(name, "")})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answers checks what a Ref answers, and which version that is said to be.
func answers(t testing.TB, s *function.Service, ref function.Ref, want, version string) {
	t.Helper()
	out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref, Event: []byte("1")})
	if err != nil || string(out.Payload) != want || out.Version != version {
		t.Errorf("%s answered %s as version %s, %v; want %s as %s", s.ARN(ref), out.Payload, out.Version, err, want, version)
	}
}

// listed are the versions of a function, page by page.
func listed(t testing.TB, s *function.Service, name string, max int) string {
	t.Helper()
	var all []string
	for marker := ""; ; {
		page, err := s.Versions(t.Context(), name, marker, max)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Functions {
			if c.ARN != s.ARN(ref(name, c.Version)) {
				t.Errorf("version %s has the ARN %s", c.Version, c.ARN)
			}
			all = append(all, c.Version)
		}
		if marker = page.Next; marker == "" {
			return strings.Join(all, " ")
		}
	}
}

// TestVersions is the life of three versions: each answers with its code, whatever
// $LATEST becomes.
func TestVersions(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	first := active(t, s, "f", packConstant(t, `"one"`))
	one, err := s.Publish(ctx, function.PublishInput{Ref: ref("f", ""), Description: ptr("the first"), CodeSHA256: first.CodeSHA256, RevisionID: first.RevisionID})
	if err != nil || one.Version != "1" || one.ARN != s.ARN(ref("f", "1")) || one.Description != "the first" || one.State.Is != function.Active ||
		one.Update.Is != function.Successful || one.CodeSHA256 != first.CodeSHA256 || one.RevisionID == first.RevisionID {
		t.Errorf("published: %+v, %v", one, err)
	}
	if now := settle(t, s, "f"); now.RevisionID == first.RevisionID || now.Description != "" {
		t.Errorf("$LATEST after it was published: %+v", now)
	}
	if again, err := s.Publish(ctx, function.PublishInput{Ref: ref("f", function.Latest), Description: ptr("again")}); err != nil || again.RevisionID != one.RevisionID || again.Version != "1" || again.Description != "the first" {
		t.Errorf("published again: %+v, %v", again, err)
	}
	updateCode(t, s, "f", packConstant(t, `"two"`))
	settle(t, s, "f")
	answers(t, s, ref("f", ""), `"two"`, function.Latest)
	answers(t, s, ref("f", "1"), `"one"`, "1")
	publish(t, s, "f")
	answers(t, s, ref("f", "2"), `"two"`, "2")

	three, err := s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: packConstant(t, `"three"`), Publish: true})
	if err != nil || three.Version != "3" || three.ARN != s.ARN(ref("f", "3")) || three.State != (function.Status{Is: "Pending", Reason: "The function is being created.", Code: "Creating"}) || three.Update.Is != "" {
		t.Errorf("updated and published: %+v, %v", three, err)
	}
	answers(t, s, ref("f", "3"), `"three"`, "3") // waits
	if got, err := s.Configuration(ctx, ref("f", "3")); err != nil || got.State.Is != function.Active || got.Update.Is != function.Successful || got.RevisionID == three.RevisionID {
		t.Errorf("version 3 settled: %+v, %v", got, err)
	}
	// The same code once more is the same version.
	if same, err := s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: packConstant(t, `"three"`), Publish: true}); err != nil || same.Version != "3" {
		t.Errorf("updated with what is there: %+v, %v", same, err)
	}
	settle(t, s, "f")
	for qualifier, want := range map[string]string{"": `"three"`, "2": `"two"`, "1": `"one"`} {
		version := qualifier
		if qualifier == "" {
			version = function.Latest
		}
		answers(t, s, ref("f", qualifier), want, version)
	}
	for _, max := range []int{0, 1, 2, 3} {
		if got := listed(t, s, "f", max); got != "$LATEST 1 2 3" {
			t.Errorf("listed by %d: %s", max, got)
		}
	}
	// A number is not given again.
	for _, qualifier := range []string{"3", "3", "99", "0", "01", "99999999999999999999"} {
		if err := s.Delete(ctx, ref("f", qualifier)); err != nil {
			t.Errorf("deleting version %s: %v", qualifier, err)
		}
	}
	_, err = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", "3")})
	wantFault(t, "what was deleted", err, fault.ResourceNotFound, "Function not found: "+s.ARN(ref("f", "3")))
	if c := publish(t, s, "f"); c.Version != "4" {
		t.Errorf("after version 3 had been deleted there is %s", c.Version)
	}
	if got := listed(t, s, "f", 0); got != "$LATEST 1 2 4" {
		t.Errorf("listed: %s", got)
	}
	if d, err := s.Get(ctx, ref("f", "1")); err != nil || d.Configuration.ARN != s.ARN(ref("f", "1")) || d.Configuration.CodeSHA256 != first.CodeSHA256 || d.Tags != nil {
		t.Errorf("got: %+v, %v", d, err)
	}
	for _, qualifier := range []string{"01", "5", "-1", "nobody", "a$b"} {
		_, err := s.Get(ctx, ref("f", qualifier))
		wantFault(t, qualifier, err, fault.ResourceNotFound, "Function not found: "+s.ARN(ref("f", qualifier)))
		_, err = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", qualifier)})
		wantFault(t, qualifier, err, fault.ResourceNotFound, "Function not found: "+s.ARN(ref("f", qualifier)))
	}
	// One that is created again begins anew.
	if err := s.Delete(ctx, ref("f", "")); err != nil {
		t.Fatal(err)
	}
	created, err := s.Create(ctx, function.CreateInput{Name: "f", Zip: packConstant(t, `"new"`), Settings: settings(), Publish: true})
	if err != nil || created.Version != "1" || created.ARN != s.ARN(ref("f", "")) || created.State.Is != function.Pending {
		t.Errorf("created and published: %+v, %v", created, err)
	}
	answers(t, s, ref("f", "1"), `"new"`, "1")
	if got := listed(t, s, "f", 0); got != "$LATEST 1" {
		t.Errorf("listed: %s", got)
	}
	if c := publish(t, s, "f"); c.Version != "1" {
		t.Errorf("published what was published at creation: %s", c.Version)
	}
}

// TestVersionKnowsItself looks at what a version is told of itself.
func TestVersionKnowsItself(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "context"))
	publish(t, s, "f")
	out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref("f", "1"), Tail: true, RequestID: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if got["function_version"] != "1" || got["function_arn"] != s.ARN(ref("f", "1")) || !strings.Contains(string(out.LogTail), "START RequestId: r1 Version: 1\n") {
		t.Errorf("%s\n%s", out.Payload, out.LogTail)
	}
}

// TestPublishRefused publishes what may not be.
func TestPublishRefused(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compile})
	create(t, s, "f", packGuest(t, "echo"))
	g.held()
	try := func(in function.PublishInput) error {
		if in.Ref.Name == "" {
			in.Ref.Name = "f"
		}
		_, err := s.Publish(t.Context(), in)
		return err
	}
	wantFault(t, "Pending", try(function.PublishInput{}), fault.ResourceConflict, "The function is currently in the following state: Pending")
	g.pass(t, nil)
	c := settle(t, s, "f")
	wantFault(t, "revision", try(function.PublishInput{RevisionID: "other"}), fault.PreconditionFailed, "Call the GetFunction/GetAlias API")
	wantFault(t, "code", try(function.PublishInput{CodeSHA256: "other"}), fault.InvalidParameterValue,
		"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ("+c.CodeSHA256+"). Please try again with the CodeSHA256 in $LATEST.")
	wantFault(t, "description", try(function.PublishInput{Description: ptr(strings.Repeat("x", 257))}), fault.Validation, "at 'description'")
	wantFault(t, "version", try(function.PublishInput{Ref: ref("f", "1")}), fault.InvalidParameterValue, "This operation is permitted on Lambda functions only.")
	wantFault(t, "nobody", try(function.PublishInput{Ref: ref("nobody", "")}), fault.ResourceNotFound, "Function not found: "+s.ARN(ref("nobody", "")))
	wantFault(t, "no name", try(function.PublishInput{Ref: ref("a/b", "")}), fault.ResourceNotFound, "Function not found: ")
	updateCode(t, s, "f", packGuest(t, "json"))
	g.held()
	wantFault(t, "in progress", try(function.PublishInput{}), fault.ResourceConflict, "An update is in progress for resource: "+s.ARN(ref("f", "")))
	g.pass(t, nil)
	settle(t, s, "f")
	if got := listed(t, s, "f", 0); got != "$LATEST" {
		t.Errorf("listed: %s", got)
	}
}

// TestPublishedFails publishes an update that cannot become ready: the version is
// Failed, $LATEST is what it was, and its number is gone.
func TestPublishedFails(t *testing.T) {
	g := newGate()
	s, ctx := newService(t, function.Config{Compile: g.compile}), t.Context()
	create(t, s, "f", packConstant(t, `"fails 1"`))
	g.pass(t, nil)
	settle(t, s, "f")
	if _, err := s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: packConstant(t, `"fails 2"`), Publish: true}); err != nil {
		t.Fatal(err)
	}
	g.pass(t, &function.CompileError{Err: errors.New("too clever by half")})
	settle(t, s, "f")
	failed, err := s.Configuration(ctx, ref("f", "1"))
	if err != nil || failed.State != (function.Status{Is: function.Failed, Reason: "too clever by half", Code: "InvalidZipFileException"}) {
		t.Errorf("version 1: %+v, %v", failed, err)
	}
	_, err = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", "1")})
	wantFault(t, "version 1", err, fault.ResourceConflict, "The function is currently in the following state: Failed. too clever by half")
	answers(t, s, ref("f", ""), `"fails 1"`, function.Latest)
	if _, err := s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: packConstant(t, `"fails 2"`), Publish: true}); err != nil {
		t.Fatal(err)
	}
	g.pass(t, nil)
	settle(t, s, "f")
	answers(t, s, ref("f", "2"), `"fails 2"`, "2")
}

// TestPublishedResumes ends a Service while a version becomes ready: the next goes
// on.
func TestPublishedResumes(t *testing.T) {
	dir, g := t.TempDir(), newGate()
	opened := openStore(t, dir)
	s := newService(t, function.Config{Store: opened, Compile: g.compile})
	if _, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packConstant(t, `"resumed"`), Settings: settings(), Publish: true}); err != nil {
		t.Fatal(err)
	}
	g.held()
	closeNow(t, s) // which the compiler hears of
	s = newService(t, function.Config{Store: opened})
	answers(t, s, ref("f", "1"), `"resumed"`, "1")
}

// TestManyVersions lists more than a page of them.
func TestManyVersions(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "echo"))
	want := function.Latest
	for i := range function.MaxItems + 3 {
		if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref("f", ""), Settings: function.Settings{Description: ptr(fmt.Sprint(i))}}); err != nil {
			t.Fatal(err)
		}
		settle(t, s, "f")
		want += " " + publish(t, s, "f").Version
	}
	if got := listed(t, s, "f", 10_000); got != want || !strings.HasSuffix(got, " 53") {
		t.Errorf("listed: %s", got)
	}
	_, err := s.Versions(t.Context(), "f", "no marker", 0)
	wantFault(t, "marker", err, fault.InvalidParameterValue, "Marker is")
}

// TestListAll lists the versions of all functions, page by page.
func TestListAll(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	zip := packGuest(t, "echo")
	for _, name := range []string{"b", "a", "c"} {
		active(t, s, name, zip)
	}
	publish(t, s, "a")
	publish(t, s, "c")
	for max := range 7 {
		var all []string
		for marker := ""; ; {
			page, err := s.ListAll(ctx, marker, max)
			if err != nil || max > 0 && len(page.Functions) > max {
				t.Fatalf("%d functions, %v", len(page.Functions), err)
			}
			for _, c := range page.Functions {
				if c.ARN != s.ARN(ref(c.Name, c.Version)) {
					t.Errorf("version %s of %s has the ARN %s", c.Version, c.Name, c.ARN)
				}
				all = append(all, c.Name+":"+c.Version)
			}
			if marker = page.Next; marker == "" {
				break
			}
		}
		if got := strings.Join(all, " "); got != "a:$LATEST a:1 b:$LATEST c:$LATEST c:1" {
			t.Errorf("by %d: %s", max, got)
		}
	}
	if page, err := s.ListAll(ctx, "aa:7", 1); err != nil || len(page.Functions) != 1 || page.Functions[0].Name != "b" {
		t.Errorf("after a function that is gone: %+v, %v", page, err)
	}
	if u, err := s.AccountUsage(ctx); err != nil || u.Functions != 3 || u.CodeSize != 5*int64(len(zip)) {
		t.Errorf("%+v, %v", u, err)
	}
}
