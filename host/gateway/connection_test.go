package gateway

import (
	"errors"
	"net"
	"os"
	"slices"
	"testing"
	"time"
)

// clocked is a connection whose timers fire when a test says so: the first
// timeouts reads and writes fail, writes after taking 3 bytes.
type clocked struct {
	net.Conn
	timeouts int
	set      []time.Time // by either of the methods for that
	written  []byte
}

func (c *clocked) SetReadDeadline(t time.Time) error  { c.set = append(c.set, t); return nil }
func (c *clocked) SetWriteDeadline(t time.Time) error { c.set = append(c.set, t); return nil }

func (c *clocked) Read(p []byte) (int, error) {
	if c.timeouts--; c.timeouts >= 0 {
		return 0, os.ErrDeadlineExceeded
	}
	return copy(p, "data"), nil
}

func (c *clocked) Write(p []byte) (int, error) {
	c.timeouts--
	if c.timeouts >= 0 {
		c.written = append(c.written, p[:3]...)
		return 3, os.ErrDeadlineExceeded
	}
	c.written = append(c.written, p...)
	return len(p), nil
}

// TestDeadlines has a timer be moved only when it has to.
func TestDeadlines(t *testing.T) {
	now := time.Now()
	at := func(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }
	for _, c := range []struct {
		name     string
		moves    []time.Time
		timeouts int
		set      []time.Time
		fails    bool
	}{
		{name: "one", moves: []time.Time{at(30)}, set: []time.Time{at(30)}},
		{name: "further away", moves: []time.Time{at(30), at(60), at(90)}, set: []time.Time{at(30)}},
		{name: "closer", moves: []time.Time{at(60), at(30)}, set: []time.Time{at(60), at(30)}},
		{name: "further away and back", moves: []time.Time{at(30), at(60), at(40)}, set: []time.Time{at(30)}},
		{name: "none, then one", moves: []time.Time{{}, at(30)}, set: []time.Time{{}, at(30)}},
		{name: "one, then none", moves: []time.Time{at(30), at(60), {}}, set: []time.Time{at(30), {}}},
		{name: "the timer was too early", moves: []time.Time{at(30), at(60), at(90)}, timeouts: 1, set: []time.Time{at(30), at(90)}},
		{name: "and again", moves: []time.Time{at(30), at(60)}, timeouts: 2, set: []time.Time{at(30), at(60)}, fails: true},
		{name: "due", moves: []time.Time{at(30)}, timeouts: 1, set: []time.Time{at(30)}, fails: true},
		{name: "due, by a timer that was not moved", moves: []time.Time{at(-2), at(-1)}, timeouts: 1, set: []time.Time{at(-2)}, fails: true},
	} {
		for _, way := range []string{"read", "write"} {
			under := &clocked{timeouts: c.timeouts}
			conn := &connection{Conn: under}
			move := conn.SetReadDeadline
			if way == "write" {
				move = conn.SetWriteDeadline
			}
			for _, due := range c.moves {
				if err := move(due); err != nil {
					t.Fatal(err)
				}
			}
			buffer, text := make([]byte, 8), "data"
			var n int
			var err error
			if way == "read" {
				n, err = conn.Read(buffer)
				text = string(buffer[:n])
			} else {
				text = "more data"
				n, err = conn.Write([]byte(text))
			}
			if errors.Is(err, os.ErrDeadlineExceeded) != c.fails || !c.fails && err != nil {
				t.Errorf("%s, %s: error %v", c.name, way, err)
			}
			if !slices.EqualFunc(under.set, c.set, time.Time.Equal) {
				t.Errorf("%s, %s: timers %v, want %v", c.name, way, under.set, c.set)
			}
			switch {
			case c.fails:
			case way == "read" && text != "data":
				t.Errorf("%s: read %q", c.name, text)
			case way == "write" && (n != len(text) || string(under.written) != text):
				t.Errorf("%s: wrote %q, %d bytes", c.name, under.written, n)
			}
		}
	}
}
