package function_test

import (
	"math"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// three is a function "f" of which versions 1, 2 and 3 answer so, and $LATEST as 3
// does.
func three(t testing.TB, s *function.Service) {
	t.Helper()
	active(t, s, "f", packConstant(t, `"one"`))
	publish(t, s, "f")
	for _, text := range []string{`"two"`, `"three"`} {
		updateCode(t, s, "f", packConstant(t, text))
		settle(t, s, "f")
		publish(t, s, "f")
	}
}

func createAlias(t testing.TB, s *function.Service, name, version string, weights map[string]float64) function.Alias {
	t.Helper()
	a, err := s.CreateAlias(t.Context(), function.CreateAliasInput{Ref: ref("f", ""), Name: &name, Version: &version, Weights: weights})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAliases is the life of an alias.
func TestAliases(t *testing.T) {
	random := 0.0
	s, ctx := newService(t, function.Config{Random: func() float64 { return random }}), t.Context()
	three(t, s)
	a, err := s.CreateAlias(ctx, function.CreateAliasInput{Ref: ref("f", ""), Name: ptr("live"), Version: ptr("1"), Description: ptr("what is live")})
	if err != nil || a.Name != "live" || a.ARN != s.ARN(ref("f", "live")) || a.Version != "1" || a.Description != "what is live" || a.Weights != nil || a.RevisionID == "" {
		t.Errorf("created: %+v, %v", a, err)
	}
	answers(t, s, ref("f", "live"), `"one"`, "1")
	if d, err := s.Get(ctx, ref("f", "live")); err != nil || d.Configuration.ARN != a.ARN || d.Configuration.Version != "1" {
		t.Errorf("got: %+v, %v", d, err)
	}

	b, err := s.UpdateAlias(ctx, function.UpdateAliasInput{Ref: ref("f", ""), Name: "live", RevisionID: a.RevisionID, Weights: map[string]float64{"2": 0.1}})
	if err != nil || b.Version != "1" || b.Description != "what is live" || b.Weights["2"] != 0.1 || b.RevisionID == a.RevisionID {
		t.Errorf("a tenth shifted: %+v, %v", b, err)
	}
	for _, draw := range []struct {
		random        float64
		want, version string
	}{{0, `"two"`, "2"}, {0.0999, `"two"`, "2"}, {0.1, `"one"`, "1"}, {0.999, `"one"`, "1"}} {
		random = draw.random
		answers(t, s, ref("f", "live"), draw.want, draw.version)
	}
	_, err = s.UpdateAlias(ctx, function.UpdateAliasInput{Ref: ref("f", ""), Name: "live", RevisionID: a.RevisionID})
	wantFault(t, "another revision", err, fault.PreconditionFailed, "Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
	wantFault(t, "a version in use", s.Delete(ctx, ref("f", "1")), fault.ResourceConflict, "Unable to delete version because the following aliases reference it: [live]")
	wantFault(t, "a version in use", s.Delete(ctx, ref("f", "2")), fault.ResourceConflict, "Unable to delete version because the following aliases reference it: [live]")
	wantFault(t, "an alias as a version", s.Delete(ctx, ref("f", "live")), fault.InvalidParameterValue, "Deletion of aliases is not currently supported.")

	b, err = s.UpdateAlias(ctx, function.UpdateAliasInput{Ref: ref("f", ""), Name: "live", Version: ptr("3"), Description: ptr(""), Weights: map[string]float64{}})
	if err != nil || b.Version != "3" || b.Description != "" || b.Weights != nil {
		t.Errorf("all shifted: %+v, %v", b, err)
	}
	answers(t, s, ref("f", "live"), `"three"`, "3")
	if got, err := s.Alias(ctx, ref("f", ""), "live"); err != nil || got.RevisionID != b.RevisionID || got.Version != "3" {
		t.Errorf("read: %+v, %v", got, err)
	}
	if err := s.Delete(ctx, ref("f", "1")); err != nil {
		t.Error(err)
	}
	createAlias(t, s, "latest", function.Latest, nil)
	answers(t, s, ref("f", "latest"), `"three"`, function.Latest)

	if err := s.DeleteAlias(ctx, ref("f", ""), "live"); err != nil {
		t.Error(err)
	}
	_, err = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", "live")})
	wantFault(t, "what was deleted", err, fault.ResourceNotFound, "Function not found: "+a.ARN)
	_, err = s.Alias(ctx, ref("f", ""), "live")
	wantFault(t, "what was deleted", err, fault.ResourceNotFound, "Cannot find alias arn: "+a.ARN)
	_, err = s.UpdateAlias(ctx, function.UpdateAliasInput{Ref: ref("f", ""), Name: "live"})
	wantFault(t, "what was deleted", err, fault.ResourceNotFound, "Alias not found: "+a.ARN)
	for _, name := range []string{"f", "nobody"} {
		if err := s.DeleteAlias(ctx, ref(name, ""), "live"); err != nil {
			t.Errorf("deleting it again: %v", err)
		}
	}
	// Aliases go with their function.
	if err := s.Delete(ctx, ref("f", "")); err != nil {
		t.Fatal(err)
	}
	active(t, s, "f", packConstant(t, `"new"`))
	_, err = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", "latest")})
	wantFault(t, "of the function before", err, fault.ResourceNotFound, "Function not found: "+s.ARN(ref("f", "latest")))
}

// TestAliasPages lists aliases, all and of one version.
func TestAliasPages(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	three(t, s)
	for name, version := range map[string]string{"b": "1", "a": "2", "C": "1", "d": function.Latest} {
		createAlias(t, s, name, version, nil)
	}
	for _, c := range []struct {
		version *string
		want    string
	}{{nil, "C a b d"}, {ptr("1"), "C b"}, {ptr("2"), "a"}, {ptr(function.Latest), "d"}, {ptr("3"), ""}, {ptr("01"), ""}} {
		for _, max := range []int{0, 1, 2} {
			var names []string
			for marker := ""; ; {
				page, err := s.Aliases(ctx, ref("f", ""), c.version, marker, max)
				if err != nil {
					t.Fatal(err)
				}
				for _, a := range page.Aliases {
					names = append(names, a.Name)
				}
				if marker = page.Next; marker == "" {
					break
				}
			}
			if got := strings.Join(names, " "); got != c.want {
				t.Errorf("by %d: %s, want %s", max, got, c.want)
			}
		}
	}
	_, err := s.Aliases(ctx, ref("nobody", ""), nil, "", 0)
	wantFault(t, "nobody's", err, fault.ResourceNotFound, "Function not found: "+s.ARN(ref("nobody", "")))
	_, err = s.Aliases(ctx, ref("f", ""), ptr("x"), "", 0)
	wantFault(t, "of no version", err, fault.Validation, `Value 'x' at 'functionVersion' failed to satisfy constraint: Member must satisfy regular expression pattern: (\$LATEST(\.PUBLISHED)?|[0-9]+)`)
}

// TestAliasRefused creates and updates what AWS would not.
func TestAliasRefused(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	three(t, s)
	createAlias(t, s, "there", "1", nil)
	const weights = "1 validation error detected: Value '%s' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map "
	value := func(text string) string {
		return strings.Replace(weights, "%s", text, 1) + "value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]"
	}
	for _, c := range []struct {
		what    string
		set     func(*function.CreateAliasInput)
		code    fault.Code
		message string
	}{
		{"number", func(in *function.CreateAliasInput) { in.Name = ptr("2024") }, fault.Validation,
			"1 validation error detected: Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"},
		{"long", func(in *function.CreateAliasInput) { in.Name = ptr(strings.Repeat("a", 129)) }, fault.Validation, "Member must have length less than or equal to 128"},
		{"nothing", func(in *function.CreateAliasInput) { in.Name, in.Version = nil, nil }, fault.Validation,
			"2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; Value null at 'functionVersion' failed to satisfy constraint: Member must not be null"},
		{"two", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{"1": 0.8, "2": 0.2} }, fault.InvalidParameterValue, "Number of items in AdditionalVersionWeights cannot be greater than 1"},
		{"high", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{"2": 2} }, fault.Validation, value("{2=2.0}")},
		{"low", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{"2": -1} }, fault.Validation, value("{2=-1.0}")},
		{"no number", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{"2": math.NaN()} }, fault.Validation, value("{2=NaN.0}")},
		{"same", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{"1": 0.5} }, fault.InvalidParameterValue, "Invalid function version 1. Function version 1 is already included in routing configuration."},
		{"absent", func(in *function.CreateAliasInput) { in.Version = ptr("10") }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("f", "10"))},
		{"published", func(in *function.CreateAliasInput) { in.Version = ptr("$LATEST.PUBLISHED") }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("f", "$LATEST.PUBLISHED"))},
		{"absent weight", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{"10": 0.5} }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("f", "10"))},
		{"latest", func(in *function.CreateAliasInput) {
			in.Version, in.Weights = ptr(function.Latest), map[string]float64{"1": 0.5}
		}, fault.InvalidParameterValue, "$LATEST is not supported for an alias pointing to more than 1 version"},
		{"latest's weight", func(in *function.CreateAliasInput) { in.Weights = map[string]float64{function.Latest: 0.5} }, fault.Validation,
			strings.Replace(weights, "%s", "{$LATEST=0.5}", 1) + "keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]"},
		{"nobody", func(in *function.CreateAliasInput) { in.Ref.Name = "nobody" }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("nobody", "1"))},
		{"qualified", func(in *function.CreateAliasInput) { in.Ref.Qualifier = "1" }, fault.InvalidParameterValue, "This operation is permitted on Lambda functions only."},
		{"taken", func(in *function.CreateAliasInput) { in.Name = ptr("there") }, fault.ResourceConflict, "Alias already exists: " + s.ARN(ref("f", "there"))},
	} {
		in := function.CreateAliasInput{Ref: ref("f", ""), Name: ptr("new"), Version: ptr("1")}
		c.set(&in)
		_, err := s.CreateAlias(ctx, in)
		wantFault(t, c.what, err, c.code, c.message)
		if in.Name == nil || *in.Name != "new" || c.what == "nobody" || c.what == "qualified" || in.Version == nil {
			continue
		}
		_, err = s.UpdateAlias(ctx, function.UpdateAliasInput{Ref: in.Ref, Name: "there", Version: in.Version, Weights: in.Weights})
		wantFault(t, "update: "+c.what, err, c.code, c.message)
	}
	if a, err := s.Alias(ctx, ref("f", ""), "there"); err != nil || a.Version != "1" || a.Weights != nil {
		t.Errorf("afterwards: %+v, %v", a, err)
	}
}

// TestSettingsGoWithTheirQualifier deletes an alias and a version that have settings:
// another alias of that name has none, but for the URL, as on AWS.
func TestSettingsGoWithTheirQualifier(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	three(t, s)
	live, one := ref("f", "live"), ref("f", "1")
	createAlias(t, s, "live", "2", nil)
	for _, of := range []function.Ref{live, one} {
		if _, err := s.PutEventInvoke(ctx, of, function.EventInvokeSettings{MaximumRetryAttempts: ptr(1)}, false); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PutProvisioned(ctx, of, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddPermission(ctx, permission("f", of.Qualifier, "s3")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.CreateURL(ctx, live, function.URLSettings{AuthType: ptr("NONE")}); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteAlias(ctx, ref("f", ""), "live"); err != nil {
		t.Fatal(err)
	}
	createAlias(t, s, "live", "2", nil)
	if err := s.Delete(ctx, one); err != nil {
		t.Fatal(err)
	}
	for _, of := range []function.Ref{live, one} {
		if c, err := s.EventInvoke(ctx, of); err == nil {
			t.Errorf("%v has %+v", of, c)
		}
		if p, err := s.Provisioned(ctx, of); err == nil {
			t.Errorf("%v has %+v", of, p)
		}
		if p, err := s.Policy(ctx, of); err == nil {
			t.Errorf("%v has %+v", of, p)
		}
	}
	if all, _, err := s.Provisions(ctx, "f", "", 0); err != nil || len(all) != 0 {
		t.Errorf("provisioned: %+v, %v", all, err)
	}
	if _, err := s.URL(ctx, live); err != nil {
		t.Errorf("the URL: %v", err)
	}
}
