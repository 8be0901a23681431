package drawing

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// elements are the names of the elements that a drawing may have.
var elements = []string{"svg", "title", "style", "g", "path", "rect", "circle", "text"}

// checkDocument checks that a drawing is XML with nothing in it but shapes and
// text, and returns the names of its states.
func checkDocument(t testing.TB, drawn string) []string {
	t.Helper()
	var states []string
	d := xml.NewDecoder(strings.NewReader(drawn))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return states
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, drawn)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !slices.Contains(elements, token.Name.Local) {
				t.Fatalf("element %s\n%s", token.Name.Local, drawn)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
					t.Fatalf("attribute %s\n%s", a.Name.Local, drawn)
				}
				if a.Name.Local == "data-state" {
					states = append(states, a.Value)
				}
			}
		case xml.ProcInst, xml.Directive, xml.Comment:
			t.Fatalf("%T\n%s", token, drawn)
		}
	}
}

var hostileTexts = []string{
	"</title><script>alert(1)</script>", `" onload="alert(1)`, `' onclick='x`, "]]><x/>", "<!-- ", "&lt;b&gt;", "&#0;", "a\tb\nc\rd",
	"<![CDATA[", "</text></svg><svg onload=alert(1)>", "%s%d%!", "漢字かな交じり文漢字かな交じり文漢字かな交じり文", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦", strings.Repeat("\u0301", 80),
}

// notText may not be in an XML document, or would change the text around it.
var notText = []string{"\x00", "a\x1bb", "\x7f", "\u0085", "\ufffe", "\u202egnp.exe", "\u2066a\u2028b"}

func hostileMachine(name string) string {
	quoted, err := json.Marshal(name)
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(`{"Comment": X, "StartAt": X, "States": {
		X: {"Type": "Task", "Comment": X, "Resource": X, "Retry": [{"ErrorEquals": [X]}], "Catch": [{"ErrorEquals": [X, "y"], "Next": X}], "Next": "C"},
		"C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": X, "Next": "F"}, {"Variable": "$.a", "StringEquals": "b", "Comment": X, "Next": X}], "Default": "W"},
		"W": {"Type": "Wait", "Seconds": 0, "End": true},
		"F": {"Type": "Fail", "Error": X, "Cause": X}}}`, "X", string(quoted))
}

func TestHostileTextsAreText(t *testing.T) {
	for _, name := range hostileTexts {
		states := checkDocument(t, draw(t, hostileMachine(name)))
		if len(states) != 4 || !slices.Contains(states, name) {
			t.Errorf("states %q, want %q among them", states, name)
		}
	}
	for _, name := range notText {
		drawn := draw(t, hostileMachine(name))
		if states := checkDocument(t, drawn); len(states) != 4 {
			t.Errorf("states %q", states)
		}
		for line := range strings.Lines(drawn) {
			if _, text, ok := strings.Cut(line, "<title"); ok && strings.ContainsAny(text, "\u202e\u2066\u2028\u0085") {
				t.Errorf("%q is shown as %s", name, text)
			}
		}
	}
}

func TestEveryStateIsDrawnOnce(t *testing.T) {
	for seed := range uint64(50) {
		m := &maker{Rand: rand.New(rand.NewPCG(seed, 1))}
		definition := m.machine(1+m.IntN(12), 2)
		states := checkDocument(t, draw(t, definition))
		slices.Sort(states)
		if len(states) != m.names || len(slices.Compact(states)) != m.names {
			t.Fatalf("seed %d: %d states drawn, want %d: %s", seed, len(states), m.names, definition)
		}
		if draw(t, definition) != draw(t, definition) {
			t.Fatalf("seed %d: two drawings differ", seed)
		}
	}
}

// bigMachine writes a definition of n states, with the members that state gives for
// each.
func bigMachine(n int, state func(i int) string) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"0","States":{`)
	for i := range n - 1 {
		fmt.Fprintf(&b, `"%d":{%s},`, i, state(i))
	}
	fmt.Fprintf(&b, `"%d":{"Type":"Succeed"}}}`, n-1)
	return b.String()
}

// bigMachines are definitions near what AWS allows, each hard for another part
// of the layout.
func bigMachines() map[string]string {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 10_000
	chain := func(next string) func(int) string {
		return func(i int) string { return fmt.Sprintf(next, i+1) }
	}
	nested := `"deepest":{"Type":"Pass","End":true}`
	start := "deepest"
	for i := range 32 {
		nested = fmt.Sprintf(`"%d":{"Type":"Map","ItemProcessor":{"StartAt":"%s","States":{%s}},"End":true}`, i, start, nested)
		start = fmt.Sprint(i)
	}
	rules := func(n int, to func(i int) int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,{"Variable":"$","IsNull":true,"Next":"%d"}`, to(i))
		}
		return `"Type":"Choice","Choices":[` + b.String()[1:] + `]`
	}
	return map[string]string{
		"chain":      bigMachine(n, chain(`"Type":"Pass","Next":"%d"`)),
		"one target": bigMachine(8000, chain(`"Type":"Task","Resource":"a","Next":"%d","Catch":[{"ErrorEquals":["E"],"Next":"7999"}]`)),
		"any target": bigMachine(8000, func(i int) string {
			return fmt.Sprintf(`"Type":"Task","Resource":"a","Next":"%d","Catch":[{"ErrorEquals":["E"],"Next":"%d"}]`, i+1, r.IntN(8000))
		}),
		"loops": bigMachine(8000, func(i int) string {
			return fmt.Sprintf(`"Type":"Task","Resource":"a","Next":"%d","Catch":[{"ErrorEquals":["E"],"Next":"%d"}]`, i+1, r.IntN(i+1))
		}),
		"fan": bigMachine(n, func(i int) string {
			if i == 0 {
				return rules(n-1, func(i int) int { return i + 1 })
			}
			return `"Type":"Pass","End":true`
		}),
		"bushes": bigMachine(200, func(i int) string {
			return rules(100, func(k int) int { return [2]int{i + 1, r.IntN(200)}[min(k, 1)] })
		}),
		"bipartite": bigMachine(242, func(i int) string {
			if i == 0 {
				return rules(120, func(i int) int { return i + 1 })
			}
			if i > 120 {
				return `"Type":"Pass","End":true`
			}
			return rules(121, func(k int) int { return 121 + k })
		}),
		"nested":   `{"StartAt":"` + start + `","States":{` + nested + `}}`,
		"one rule": `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"` + strings.Repeat("\u0301", 400_000) + `","Next":"D"}]},"D":{"Type":"Succeed"}}}`,
	}
}

// TestBigMachinesAreBounded checks the number of points, which both time and
// memory follow.
func TestBigMachinesAreBounded(t *testing.T) {
	for name, definition := range bigMachines() {
		t.Run(name, func(t *testing.T) {
			d, err := asl.Parse(definition, asl.Options{})
			if err != nil {
				t.Fatal(err)
			}
			g := layout(&d.Branch, true)
			points := 0
			for _, layer := range g.layers {
				for _, n := range layer {
					if n.kind == pointNode {
						points++
					}
				}
			}
			if allowed := 2000 + 16*len(g.nodes) + len(g.edges); points > allowed {
				t.Errorf("%d points, want at most %d", points, allowed)
			}
			var size counter
			if err := write(&size, "", g); err != nil {
				t.Fatal(err)
			}
			if limit := counter(64 << 20); size > limit {
				t.Errorf("%d bytes, want at most %d", size, limit)
			}
			t.Logf("%d states, %d edges, %d points, %d by %d pixels, %d bytes", len(d.Names), len(g.edges), points, g.width, g.height, size)
		})
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
