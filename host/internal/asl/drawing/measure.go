package drawing

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// Sizes, in pixels.
const (
	stateHeight   = 48
	minStateWidth = 112
	maxTextWidth  = 260 // of names and captions
	glyphWidth    = 38  // with what is around it
	retryWidth    = 20
	boxHeader     = 48
	boxPadding    = 20
	branchGap     = 40
	maxLabelWidth = 180
	maxLabelLines = 3
)

// name and caption are the two lines of a state, in full.
func (n *node) name() string { return n.state.Name }

func (n *node) caption() string {
	s := string(n.state.Type)
	if c := n.state.Caption(); c != "" {
		s += " · " + c
	}
	return s
}

// measure gives a node its size.
func (n *node) measure() {
	switch n.kind {
	case referenceNode:
		_, w := fit("→ "+n.name(), maxTextWidth, labelSize, false)
		n.width, n.height = even(w+16), 22
	case pointNode:
		for _, line := range labelLines(n.lines) {
			_, w := fit(line, maxLabelWidth, labelSize, false)
			n.width = max(n.width, even(w+8))
			n.height += lineHeight
		}
		n.height += 4
	case stateNode:
		_, name := fit(n.name(), maxTextWidth, nameSize, true)
		_, caption := fit(n.caption(), maxTextWidth, captionSize, false)
		text := n.textStart() + max(name, caption) + 16
		if len(n.state.Retries()) > 0 {
			text += retryWidth
		}
		n.width, n.height = even(max(text, minStateWidth)), stateHeight
		if len(n.inner) == 0 {
			return
		}
		height := 0
		for _, g := range n.inner {
			height = max(height, g.height)
		}
		n.width = even(max(n.width, n.innerWidth()+2*boxPadding))
		n.height = boxHeader + height + boxPadding
	}
}

// textStart is how far from the left its name begins.
func (n *node) textStart() int {
	if n.state.Type == asl.TypeChoice {
		return glyphWidth + 6 // its sides are not vertical
	}
	return glyphWidth
}

// innerWidth is how wide the branches are side by side.
func (n *node) innerWidth() int {
	width := 0
	for i, g := range n.inner {
		if i > 0 {
			width += branchGap
		}
		width += g.width
	}
	return width
}

// even rounds up, so that a node has a middle.
func even(n int) int { return n + n%2 }

// labelLines bounds what is written beside an edge: a line for each text, or
// several if there is only one.
func labelLines(texts []string) []string {
	if len(texts) == 1 {
		return wrap(texts[0])
	}
	if len(texts) <= maxLabelLines {
		return texts
	}
	lines := slices.Clone(texts[:maxLabelLines-1])
	return append(lines, "and "+strconv.Itoa(len(texts)-maxLabelLines+1)+" more")
}

// wrap breaks a label into lines, at the end of a word if there is one.
func wrap(text string) []string {
	var lines []string
	rest := []rune(text)
	for len(lines) < maxLabelLines-1 && textWidth(string(rest), labelSize, false) > maxLabelWidth {
		end := 1
		for end < len(rest) && textWidth(string(rest[:end+1]), labelSize, false) <= maxLabelWidth {
			end++
		}
		end = lineEnd(rest, end)
		lines = append(lines, string(rest[:end]))
		rest = []rune(strings.TrimLeft(string(rest[end:]), " "))
	}
	return append(lines, string(rest))
}

// lineEnd is where to break a text that has to be broken at end or before: at a
// space, else after a sign, else within a name, but never in the first half of
// the line.
func lineEnd(text []rune, end int) int {
	for _, fits := range []func(before, after rune) bool{
		func(_, after rune) bool { return after == ' ' },
		func(before, _ rune) bool { return strings.ContainsRune(".,(/_-", before) },
		func(before, after rune) bool { return unicode.IsLower(before) && unicode.IsUpper(after) },
	} {
		for i := end; i > end/2; i-- {
			if fits(text[i-1], text[i]) {
				return i
			}
		}
	}
	return end
}

// isBox reports whether the node contains branches.
func (n *node) isBox() bool {
	return n.kind == stateNode && (n.state.Type == asl.TypeParallel || n.state.Type == asl.TypeMap)
}
