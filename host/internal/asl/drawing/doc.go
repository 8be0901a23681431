// Package drawing draws state machines as SVG. It owns how a workflow looks: the
// command line writes its drawings to files, the console shows the same.
//
//	err := drawing.SVG(w, definition)
//
// It never runs anything, and knows nothing of executions: every state is a
// group with its name in data-state, so that whoever shows an execution gives
// the groups classes. Edges say between which states they are in data-from and
// data-to. A drawing needs no font, script or picture from elsewhere, and is
// light or dark as its viewer prefers.
//
// # From states to places
//
//	graph.go     states to nodes, transitions to edges; the branches of Parallel
//	             and Map states are laid out first and then are one node
//	rank.go      which edges close loops; each node below all that lead to it;
//	             the happy path, which is drawn straight
//	points.go    nodes into layers, points where edges pass a layer; edges to the
//	             same node share them
//	order.go     the order within layers: few crossings (barycentres)
//	columns.go   x: as near to the neighbours as order and distances allow
//	rows.go      y: layers as high as their nodes, gaps as wide as lines need
//	route.go     lines: straight inside layers, bent between them
//	svg.go       writing; measure.go, text.go, glyph.go, style.go its parts
//
// Lines never go through states: within a layer a line is vertical, in a column
// of its own, and it goes aside only between layers, where nothing else is.
//
// # Bounds
//
// Definitions are hostile: they have up to 1 MB, ten thousand states among
// them. An edge across many layers needs a point in each, so a graph has at most
// 2000 points and 16 for each state; what needs more is not drawn as a line but
// refers to its target by name. Texts are cut to 240 characters and to what fits
// their place, with the whole name as a tooltip. Sorting stops after a fixed
// amount of work. Names are escaped, and what XML does not allow is replaced.
package drawing
