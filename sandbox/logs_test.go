package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// logWritten writes pieces to one stream and returns the lines, the last of
// them ended by flush.
func logWritten(longest, limit int, pieces ...string) (lines []string, l *logs) {
	l = &logs{now: time.Now, limit: limit, longest: longest}
	l.sink = func(line LogLine) { lines = append(lines, line.Source.String()+" "+string(line.Message)) }
	for _, p := range pieces {
		l.write(Stderr, []byte(p))
	}
	l.flush()
	return lines, l
}

func TestLogsSplitLines(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"\n", []string{""}},
		{"a", []string{"a"}},
		{"a\n", []string{"a"}},
		{"a\nb", []string{"a", "b"}},
		{"\n\na\n\n", []string{"", "", "a", ""}},
		{"a\r\nb\r\n", []string{"a", "b"}},
		{"a\rb\n", []string{"a\rb"}},
		{"12345678\n", []string{"12345678"}},
		{"123456789\n", []string{"12345678", "9"}},
		{"1234567812345678\n", []string{"12345678", "12345678"}},
		{"12345678", []string{"12345678"}},
		{"123456789", []string{"12345678", "9"}},
		{"\x00\xff\n", []string{"\x00\xff"}},
	} {
		var want []string
		for _, line := range c.want {
			want = append(want, "stderr "+line)
		}
		for size := 1; size <= len(c.text)+1; size++ { // in pieces of every size
			var pieces []string
			for p := range slices.Chunk([]byte(c.text), size) {
				pieces = append(pieces, string(p))
			}
			got, l := logWritten(8, 1000, pieces...)
			if !slices.Equal(got, want) {
				t.Errorf("%q in pieces of %d: got %q, want %q", c.text, size, got, want)
			}
			if total := len(strings.Join(c.want, "")) + len(c.want); l.bytes != total || l.dropped != 0 {
				t.Errorf("%q in pieces of %d: counted %d bytes and %d dropped, want %d", c.text, size, l.bytes, l.dropped, total)
			}
		}
	}
}

// TestLogsDoNotDependOnPieces cuts the same text at random.
func TestLogsDoNotDependOnPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := make([]byte, random.IntN(60))
		for i := range text {
			text[i] = "\n\rabc"[random.IntN(5)]
		}
		limit := 1 + random.IntN(40)
		want, whole := logWritten(7, limit, string(text))
		var pieces []string
		for rest := string(text); rest != ""; {
			n := 1 + random.IntN(len(rest))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		got, cut := logWritten(7, limit, pieces...)
		if !slices.Equal(got, want) || cut.bytes != whole.bytes || cut.dropped != whole.dropped {
			t.Fatalf("%q with a limit of %d, in pieces %q: got %q, whole %q", text, limit, pieces, got, want)
		}
		if whole.bytes > limit || (whole.dropped > 0) != strings.Contains(strings.Join(got, "\n"), "system Lambent dropped") {
			t.Fatalf("%q with a limit of %d: kept %d bytes, dropped %d, logged %q", text, limit, whole.bytes, whole.dropped, got)
		}
	}
}

// TestLogsKeepStreamsApart mixes begun lines of both streams and whole ones of
// the log.
func TestLogsKeepStreamsApart(t *testing.T) {
	var lines []string
	l := logs{now: time.Now, limit: 1000, longest: 100, sink: func(line LogLine) {
		lines = append(lines, fmt.Sprintf("%s %s %s", line.Source, line.Level, line.Message))
	}}
	l.write(Stdout, []byte("out "))
	l.write(Stderr, []byte("err "))
	l.line(Log, Warn, []byte("a\nb"))
	l.write(Stdout, []byte("more\nand"))
	l.write(Stderr, []byte("more"))
	l.flush()
	want := []string{"log warn a\nb", "stdout info out more", "stdout info and", "stderr info err more"}
	if !slices.Equal(lines, want) {
		t.Errorf("logged %q, want %q", lines, want)
	}
	l.flush()
	if len(lines) != len(want) {
		t.Errorf("flushed twice: %q", lines[len(want):])
	}
}

// TestLogsHoldLittle writes a line of 64 MiB: never more than one line is held.
func TestLogsHoldLittle(t *testing.T) {
	l := logs{now: time.Now, limit: 1 << 20, longest: 4096}
	piece := make([]byte, 1000)
	for range 64 << 10 {
		l.write(Stdout, piece)
	}
	if n := cap(l.partial[Stdout]); n > 2*4096 {
		t.Errorf("%d bytes are held", n)
	}
}
