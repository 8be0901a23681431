package drawing

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestPlacesOfRandomMachines checks what makes a drawing readable: nothing
// overlaps, lines begin and end at their states and go through nothing else,
// everything is on the canvas.
func TestPlacesOfRandomMachines(t *testing.T) {
	seeds := uint64(400)
	if testing.Short() {
		seeds = 50
	}
	for seed := range seeds {
		m := &maker{Rand: rand.New(rand.NewPCG(seed, 0))}
		definition := m.machine(1+m.IntN(24), 2)
		d, err := asl.Parse(definition, asl.Options{})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, definition)
		}
		checkPlaces(t, layout(&d.Branch, true))
		if t.Failed() {
			t.Fatalf("seed %d: %s", seed, definition)
		}
	}
}

// TestPlacesOfMachinesOfOurs checks the same of the machines whose drawings are
// kept.
func TestPlacesOfMachinesOfOurs(t *testing.T) {
	for name, definition := range machines(t) {
		d, err := asl.Parse(definition, asl.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if checkPlaces(t, layout(&d.Branch, true)); t.Failed() {
			t.Fatal(name)
		}
	}
}

func checkPlaces(t *testing.T, g *graph) {
	t.Helper()
	var solid []*node // what lines may not go through
	happy := map[int]int{}
	for i, layer := range g.layers {
		for j, n := range layer {
			if n.layer != i {
				t.Errorf("%s is in layer %d and thinks it is in %d", n.describe(), i, n.layer)
			}
			if j > 0 && n.x-layer[j-1].x < distance(layer[j-1], n) {
				t.Errorf("%s and %s are too near", layer[j-1].describe(), n.describe())
			}
			if n.kind != pointNode || len(n.lines) > 0 {
				solid = append(solid, n)
			}
			if n.happy {
				happy[n.x]++
			}
		}
	}
	if len(happy) != 1 {
		t.Errorf("the happy path is not straight: %v", happy)
	}
	for i, a := range solid {
		if a.x-a.width/2 < 0 || a.x+a.width/2 > g.width || a.y < 0 || a.y+a.height > g.height {
			t.Errorf("%s is off the canvas", a.describe())
		}
		for _, b := range solid[:i] {
			if a.x-a.width/2 < b.x+b.width/2 && b.x-b.width/2 < a.x+a.width/2 && a.y < b.y+b.height && b.y < a.y+a.height {
				t.Errorf("%s and %s overlap", a.describe(), b.describe())
			}
		}
		x := a.x - a.innerWidth()/2
		for _, inner := range a.inner {
			if x < a.x-a.width/2 || x+inner.width > a.x+a.width/2 || boxHeader+inner.height > a.height {
				t.Errorf("a branch of %s sticks out", a.describe())
			}
			x += inner.width + branchGap
			checkPlaces(t, inner)
		}
	}
	drawn := map[*node]bool{}
	for _, e := range g.edges {
		for i, p := range e.points {
			if joined := e.joins && i == len(e.points)-1; drawn[p] && !joined {
				t.Errorf("the line from %s to %s is drawn over another", e.from.describe(), e.to.describe())
			} else if !joined {
				drawn[p] = true
			}
		}
		if e.back {
			g.checkLine(t, e, g.routeUp(e), solid)
		} else {
			g.checkLine(t, e, g.routeDown(e), solid)
		}
	}
}

type dot struct{ x, y float64 }

func (g *graph) checkLine(t *testing.T, e *edge, r route, solid []*node) {
	t.Helper()
	dots := follow(t, r.path)
	begin, end := dots[0], dots[len(dots)-1]
	if f := e.from; begin.y != float64(f.y+f.height) || begin.x < float64(f.x-f.width/2) || begin.x > float64(f.x+f.width/2) {
		t.Errorf("the line from %s begins at %v", f.describe(), begin)
	}
	if to := e.to; r.hasArrow && (r.y != to.y || end.x != float64(r.x) || end.y != float64(r.y-arrowLength) || r.x < to.x-to.width/2 || r.x > to.x+to.width/2) {
		t.Errorf("the line to %s ends at %v, its arrow at %d, %d", to.describe(), end, r.x, r.y)
	}
	if !r.hasArrow && !joins(g, e, end) {
		t.Errorf("the line from %s to %s ends nowhere, at %v", e.from.describe(), e.to.describe(), end)
	}
	for _, d := range dots {
		const rounding = 1e-6
		if d.x < -rounding || d.x > float64(g.width)+rounding || d.y < -rounding || d.y > float64(g.height)+rounding {
			t.Errorf("the line from %s to %s leaves the canvas at %v", e.from.describe(), e.to.describe(), d)
			return
		}
		for _, n := range solid {
			if d.x > float64(n.x-n.width/2) && d.x < float64(n.x+n.width/2) && d.y > float64(n.y) && d.y < float64(n.y+n.height) {
				t.Errorf("the line from %s to %s goes through %s", e.from.describe(), e.to.describe(), n.describe())
				return
			}
		}
	}
}

// joins reports whether another edge's line goes on where the edge's ends.
func joins(g *graph, e *edge, end dot) bool {
	p := e.points[len(e.points)-1]
	return end == dot{float64(p.x), float64(g.tops[p.layer])} && slices.ContainsFunc(g.edges, func(other *edge) bool {
		i := slices.Index(other.points, p)
		return other.to == e.to && i >= 0 && !(other.joins && i == len(other.points)-1)
	})
}

// follow gives dots along a path.
func follow(t *testing.T, path string) []dot {
	t.Helper()
	var dots []dot
	var at dot
	for command := range strings.FieldsFuncSeq(strings.NewReplacer(" M", "|M", " V", "|V", " C", "|C").Replace(path), func(r rune) bool { return r == '|' }) {
		var n []float64
		for text := range strings.FieldsSeq(command[1:]) {
			v, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			n = append(n, float64(v))
		}
		from := at
		switch command[0] {
		case 'M':
			at = dot{n[0], n[1]}
			dots = append(dots, at)
			continue
		case 'V':
			at.y = n[0]
			n = []float64{from.x, from.y, at.x, at.y, at.x, at.y}
		case 'C':
			at = dot{n[4], n[5]}
		}
		const steps = 24
		for i := 1; i <= steps; i++ {
			s := float64(i) / steps
			r := 1 - s
			dots = append(dots, dot{
				r*r*r*from.x + 3*r*r*s*n[0] + 3*r*s*s*n[2] + s*s*s*at.x,
				r*r*r*from.y + 3*r*r*s*n[1] + 3*r*s*s*n[3] + s*s*s*at.y,
			})
		}
	}
	dots[len(dots)-1] = at // not what rounding made of it
	return dots
}

func (n *node) describe() string {
	switch n.kind {
	case stateNode:
		return "state " + n.name()
	case startNode:
		return "start"
	case endNode:
		return "end"
	case referenceNode:
		return "reference to " + n.name()
	}
	return "label " + strings.Join(n.lines, ", ")
}
