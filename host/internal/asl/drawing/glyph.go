package drawing

import "github.com/lambent-dev/lambent/host/internal/asl"

// glyphs are small pictures of the types of states, each a path in a square of
// 16 by 16 pixels.
var glyphs = map[asl.StateType]string{
	// a square with a triangle that points ahead
	asl.TypeTask: "M4.5 2H11.5A2.5 2.5 0 0 1 14 4.5V11.5A2.5 2.5 0 0 1 11.5 14H4.5A2.5 2.5 0 0 1 2 11.5V4.5A2.5 2.5 0 0 1 4.5 2Z M6.5 5.5V10.5L10.5 8Z",
	// an arrow
	asl.TypePass: "M2 8H13.5 M9.5 4L13.5 8L9.5 12",
	// a rhomb
	asl.TypeChoice: "M8 1.5L14.5 8L8 14.5L1.5 8Z",
	// a clock
	asl.TypeWait: "M14 8A6 6 0 1 1 2 8A6 6 0 1 1 14 8Z M8 4.5V8L10.5 9.5",
	// a tick in a circle
	asl.TypeSucceed: "M14 8A6 6 0 1 1 2 8A6 6 0 1 1 14 8Z M5.5 8.3L7.3 10L10.6 6.2",
	// a cross in a circle
	asl.TypeFail: "M14 8A6 6 0 1 1 2 8A6 6 0 1 1 14 8Z M6 6L10 10 M10 6L6 10",
	// one line that becomes three
	asl.TypeParallel: "M8 2V5 M3 14V8Q3 5 6 5H10Q13 5 13 8V14 M8 5V14",
	// a pile of squares
	asl.TypeMap: "M2 6H10V14H2Z M5 3.5H12.5V11",
}

// retryGlyph is an arrow that comes back to where it began.
const retryGlyph = "M12.5 8A4.5 4.5 0 1 1 8 3.5H11.5 M9.5 1.2L11.8 3.5L9.5 5.8"
