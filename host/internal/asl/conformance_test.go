package asl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// conformanceCase is one of testdata/stepfunctions; see FORMAT.md there.
type conformanceCase struct {
	ID        string           `json:"id"`
	Class     string           `json:"class"`
	Requires  []string         `json:"requires"`
	Unordered bool             `json:"unordered_history"`
	Steps     []map[string]any `json:"steps"`
}

// definitionOf returns a step's definition as it is on the wire.
func wire(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

func params(step map[string]any) map[string]any {
	p, _ := step["params"].(map[string]any)
	return p
}

func loadCases(t testing.TB, class string) []conformanceCase {
	t.Helper()
	files, err := filepath.Glob("testdata/stepfunctions/" + class + "-0*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases of class %s: %v", class, err)
	}
	slices.Sort(files)
	var cases []conformanceCase
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Cases []conformanceCase }
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cases = append(cases, file.Cases...)
	}
	return cases
}

// conform runs the cases of a class. Those that are known to fail are listed
// with the reason; one that passes after all fails the test, so that the list
// stays true. At least atLeast percent must pass.
func conform(t *testing.T, cases []conformanceCase, atLeast float64, known map[string]string, run func(conformanceCase) error) {
	t.Helper()
	passed, seen := 0, map[string]bool{}
	for _, c := range cases {
		err := run(c)
		reason, listed := known[c.ID]
		seen[c.ID] = true
		switch {
		case err == nil && listed:
			t.Errorf("%s passes, take it off the list (%s)", c.ID, reason)
			passed++
		case err == nil:
			passed++
		case !listed:
			t.Errorf("%s: %v", c.ID, err)
		}
	}
	for id := range known {
		if !seen[id] {
			t.Errorf("%s is listed as failing, but there is no such case", id)
		}
	}
	percent := 100 * float64(passed) / float64(len(cases))
	t.Logf("%d of %d cases pass: %.1f %%; %d are known to fail", passed, len(cases), percent, len(known))
	if percent < atLeast {
		t.Errorf("%.1f %% pass, want at least %.1f %%", percent, atLeast)
	}
}

// validated is AWS's answer to ValidateStateMachineDefinition.
func validated(definition string, express bool) map[string]any {
	report := asl.Validate(definition, asl.Options{Express: express})
	found := []any{}
	for _, d := range report.Diagnostics {
		diagnostic := map[string]any{"code": d.Code, "message": d.Message, "severity": string(d.Severity)}
		if d.Location != "" {
			diagnostic["location"] = d.Location
		}
		found = append(found, diagnostic)
	}
	result := "FAIL"
	if report.Valid {
		result = "OK"
	}
	return map[string]any{"diagnostics": found, "result": result, "truncated": report.Truncated}
}

func asIs(s string) string { return s }

func TestValidateConformance(t *testing.T) {
	conform(t, loadCases(t, "validate"), 100, nil, func(c conformanceCase) error {
		for _, step := range c.Steps {
			u := newUnifier(asIs)
			p := params(step)
			if err := u.walk(step["expect"], validated(wire(p["definition"]), p["type"] == "EXPRESS"), "", "", false); err != nil {
				return err
			}
			if len(u.soft) > 0 {
				return errors.New(u.soft[0])
			}
		}
		return nil
	})
}

func TestLintConformance(t *testing.T) {
	known := map[string]string{
		"lint/asl-validator/invalid-json-surround-syntax-extra-spaces": "AWS takes any white space around an expression",
		"lint/asl-validator/invalid-jsonata-surround-syntax-no-spaces": "AWS needs no space around an expression",
		"lint/asl-validator/valid-map-with-item-batcher-jsonata":       "AWS refuses a JSONPath state in a JSONata machine (see the class validate)",
		"lint/asl-validator/valid-task-intrisic-function":              "a Resource that only CloudFormation understands",
	}
	conform(t, loadCases(t, "lint"), 95, known, func(c conformanceCase) error {
		p := params(c.Steps[0])
		got := validated(wire(p["definition"]), p["type"] == "EXPRESS")
		if want := c.Steps[1]["expect"]; got["result"] != want {
			return fmt.Errorf("want %v, got %v: %v", want, got["result"], got["diagnostics"])
		}
		return nil
	})
}

func TestCreateErrorConformance(t *testing.T) {
	for _, class := range []string{"create-error", "create-error-label"} {
		cases := loadCases(t, class)
		// What a request to create a machine says beside the definition is the
		// API's to check.
		cases = slices.DeleteFunc(cases, func(c conformanceCase) bool {
			step := c.Steps[len(c.Steps)-1]
			return step["error"].(map[string]any)["code"] != "InvalidDefinition"
		})
		conform(t, cases, 100, nil, func(c conformanceCase) error {
			step := c.Steps[len(c.Steps)-1]
			p := params(step)
			_, err := asl.Parse(wire(p["definition"]), asl.Options{Express: p["type"] == "EXPRESS"})
			var invalid *asl.InvalidDefinition
			if !errors.As(err, &invalid) {
				return fmt.Errorf("want %v, got %v", step["error"], err)
			}
			if want, ok := step["error"].(map[string]any)["message"].(string); ok && want != err.Error() {
				return fmt.Errorf("want %s, got %s", want, strings.TrimSpace(err.Error()))
			}
			return nil
		})
	}
}
