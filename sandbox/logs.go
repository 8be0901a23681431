package sandbox

import (
	"bytes"
	"fmt"
	"slices"
	"time"
)

// logs splits what a guest writes into lines, under the limits of one
// invocation.
type logs struct {
	id      string        // of the request
	sink    func(LogLine) // may be nil
	now     func() time.Time
	limit   int // bytes of all lines
	longest int // bytes of one line

	partial [2][]byte // begun lines of stdout and stderr
	bytes   int
	dropped int
}

// write takes bytes of a stream, in whatever pieces the guest writes them.
func (l *logs) write(source LogSource, p []byte) {
	begun := &l.partial[source]
	for len(p) > 0 {
		if l.dropped > 0 { // nothing comes through any more: count, and be quick
			l.dropped += len(p)
			return
		}
		line, rest, whole := bytes.Cut(p, []byte{'\n'})
		if room := l.longest - len(*begun); len(line) > room {
			// Split the line, not a byte more than one line is ever held.
			line, rest, whole = p[:room], p[room:], true
		}
		p = rest
		if !whole {
			*begun = append(*begun, line...)
			return
		}
		if len(*begun) > 0 {
			*begun = append(*begun, line...)
			line = *begun
			*begun = (*begun)[:0]
		}
		l.line(source, Info, bytes.TrimSuffix(line, []byte{'\r'}))
	}
}

// line takes a whole line.
func (l *logs) line(source LogSource, level LogLevel, message []byte) {
	for len(message) > l.longest && l.dropped == 0 {
		l.emit(source, level, message[:l.longest])
		message = message[l.longest:]
	}
	l.emit(source, level, message)
}

func (l *logs) emit(source LogSource, level LogLevel, message []byte) {
	// A line end counts, or empty lines would be free.
	size := len(message) + 1
	if l.dropped > 0 || size > l.limit-l.bytes {
		l.dropped += size
		return
	}
	l.bytes += size
	l.send(source, level, message)
}

func (l *logs) send(source LogSource, level LogLevel, message []byte) {
	if l.sink != nil {
		// A sink that appends must not write to what follows: guest memory.
		message = slices.Clip(message)
		l.sink(LogLine{RequestID: l.id, Time: l.now(), Source: source, Level: level, Message: message})
	}
}

// system logs a line of Lambent's own, which no limit drops.
func (l *logs) system(format string, args ...any) {
	l.send(System, Info, fmt.Appendf(nil, format, args...))
}

// flush ends the lines that were begun, and says what was dropped.
func (l *logs) flush() {
	for source := range l.partial {
		if len(l.partial[source]) > 0 {
			l.line(LogSource(source), Info, l.partial[source])
			l.partial[source] = nil
		}
	}
	if l.dropped > 0 {
		l.system("Lambent dropped %d bytes of logs: more than %d bytes in one invocation", l.dropped, l.limit)
	}
}
