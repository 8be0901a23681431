package workflow_test

import (
	"fmt"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

func TestMachines(t *testing.T) {
	s := open(t, t.TempDir(), false)
	m := create(t, s, "orders", pass("1"), false)
	if again := create(t, s, "orders", pass("1"), false); again.ARN != m.ARN || again.Created.UnixMicro() != m.Created.UnixMicro() {
		t.Errorf("created again: %+v, want %+v", again, m)
	}
	in := workflow.CreateInput{Name: "orders", Definition: pass("2"), RoleARN: role}
	_, err := s.Create(t.Context(), in)
	wants(t, "another definition", err, workflow.StateMachineAlreadyExists)

	two := pass("2")
	updated, err := s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN, Definition: &two})
	if err != nil || updated.Definition != two || updated.Revision == m.Revision {
		t.Errorf("updated: %+v, %v", updated, err)
	}
	unchanged, err := s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN, Definition: &two})
	if err != nil || unchanged.Revision != updated.Revision {
		t.Errorf("updated to the same: %+v, %v", unchanged, err)
	}
	_, err = s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN})
	wants(t, "no change", err, workflow.MissingRequiredParameter)
	broken := `{"StartAt":"X","States":{}}`
	_, err = s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN, Definition: &broken})
	wants(t, "broken definition", err, workflow.InvalidDefinition)

	wants(t, "tag", s.Tag(t.Context(), m.ARN, map[string]string{"a": "1", "b": "2"}), "")
	wants(t, "untag", s.Untag(t.Context(), m.ARN, []string{"a"}), "")
	if tags, err := s.Tags(t.Context(), m.ARN); err != nil || fmt.Sprint(tags) != "map[b:2]" {
		t.Errorf("tags are %v, %v", tags, err)
	}
	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprint(i)] = ""
	}
	wants(t, "too many tags", s.Tag(t.Context(), m.ARN, many), workflow.TooManyTags)

	create(t, s, "aaa", pass("1"), true)
	page, next, err := s.Machines(t.Context(), "", 1)
	if err != nil || len(page) != 1 || page[0].Name != "aaa" || next != "aaa" {
		t.Errorf("the first page: %+v, %q, %v", page, next, err)
	}
	if page, next, err = s.Machines(t.Context(), next, 1); err != nil || len(page) != 1 || page[0].Name != "orders" || next != "" {
		t.Errorf("the second page: %+v, %q, %v", page, next, err)
	}
	wants(t, "delete", s.Delete(t.Context(), m.ARN), "")
	wants(t, "delete again", s.Delete(t.Context(), m.ARN), "")
	_, err = s.Machine(t.Context(), m.ARN)
	wants(t, "deleted", err, workflow.StateMachineDoesNotExist)
	wants(t, "tag what is deleted", s.Tag(t.Context(), m.ARN, nil), workflow.ResourceNotFound)
}

func TestCreateRefuses(t *testing.T) {
	s := open(t, t.TempDir(), false)
	for name, c := range map[string]struct {
		change func(*workflow.CreateInput)
		want   fault.Code
	}{
		"name":                {func(in *workflow.CreateInput) { in.Name = "a b" }, workflow.InvalidName},
		"role":                {func(in *workflow.CreateInput) { in.RoleARN = "role" }, workflow.InvalidArn},
		"definition":          {func(in *workflow.CreateInput) { in.Definition = "{" }, workflow.InvalidDefinition},
		"logging":             {func(in *workflow.CreateInput) { in.Logging.Level = "ALL" }, workflow.InvalidLoggingConfiguration},
		"log group":           {func(in *workflow.CreateInput) { in.Logging = workflow.Logging{Level: "ALL", Destinations: 1} }, workflow.InvalidLoggingConfiguration},
		"tags":                {func(in *workflow.CreateInput) { in.Tags = map[string]string{"": ""} }, fault.Validation},
		"publish":             {func(in *workflow.CreateInput) { in.Publish = true }, fault.NotImplemented},
		"version description": {func(in *workflow.CreateInput) { in.VersionDescription = true }, fault.Validation},
	} {
		in := workflow.CreateInput{Name: "m", Definition: pass("1"), RoleARN: role}
		c.change(&in)
		_, err := s.Create(t.Context(), in)
		wants(t, name, err, c.want)
	}
	for arn, want := range map[string]fault.Code{
		"m":   workflow.InvalidArn,
		"arn": workflow.InvalidArn,
		"arn:aws:states:us-east-1:000000000000:execution:m:e":    workflow.InvalidArn,
		"arn:aws:states:us-east-1:000000000000:stateMachine:m":   workflow.StateMachineDoesNotExist,
		"arn:aws:states:us-east-1:000000000000:stateMachine:m:1": workflow.StateMachineDoesNotExist,
		"arn:aws:states:eu-west-1:000000000000:stateMachine:m":   workflow.StateMachineDoesNotExist,
	} {
		_, err := s.Machine(t.Context(), arn)
		wants(t, arn, err, want)
	}
}
