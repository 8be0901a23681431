package memfs

import (
	"context"
	"math/rand/v2"
	"testing"
)

// FuzzOps makes hostile operations. None panics, the account always agrees with
// what is there, and nothing is left of it once all is removed and closed.
func FuzzOps(f *testing.F) {
	for seed := range byte(8) {
		random := make([]byte, 4000)
		rand.NewChaCha8([32]byte{seed, 2}).Read(random)
		f.Add(random)
	}
	base := testBase(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		g := &guest{t: t, tape: (*tape)(&data)}
		g.fs = New(base, Quota{Bytes: pageSize * int64(1+g.tape.below(8)), Files: g.tape.below(20)}, new(clock).now)
		root := g.fs.Root()
		g.open = []*Handle{root, open(t, root, "tmp", 0, Read)}
		for len(data) > 0 {
			g.step()
			verify(t, g.fs, g.open...)
		}
		for _, h := range g.open {
			h.Close()
		}
		verify(t, g.fs)
		g.removeAll(open(t, g.fs.Root(), "tmp", 0, Read))
		verify(t, g.fs)
		if g.fs.Used() != 0 || len(g.fs.entries) != 0 {
			t.Fatalf("nothing is left, but for %d bytes and %d entries", g.fs.Used(), len(g.fs.entries))
		}
	})
}

// guest calls every operation with whatever the tape says.
type guest struct {
	t    *testing.T
	tape *tape
	fs   *FS
	open []*Handle // the first two, / and /tmp, stay
}

func (g *guest) handle() *Handle { return g.open[g.tape.below(len(g.open))] }

// path leads into /tmp more often than not.
func (g *guest) path() string {
	if path := g.tape.path(true); g.tape.below(2) == 0 {
		return path
	} else {
		return "tmp/" + path
	}
}

func (g *guest) step() {
	h := g.handle()
	switch g.tape.below(20) {
	case 0, 1:
		h.Mkdir(g.path())
	case 2:
		h.Rmdir(g.path())
	case 3:
		h.Unlink(g.path())
	case 4, 5, 6:
		h.Rename(g.path(), g.handle(), g.path())
	case 7, 8, 9:
		n, errno := h.Open(g.path(), OpenFlags(g.tape.below(16)), Access(g.tape.below(4)))
		if errno != Success {
			if n != nil {
				g.t.Fatalf("a handle and %v", errno)
			}
			return
		}
		g.open = append(g.open, n)
	case 10:
		if i := g.tape.below(len(g.open)); i > 1 {
			g.open[i].Close()
			g.open = append(g.open[:i], g.open[i+1:]...)
		}
	case 11, 12:
		p := make([]byte, g.tape.offset(true)%(4*pageSize))
		for i := range p {
			p[i] = 0xaa
		}
		n, errno := h.WriteAt(p, g.tape.offset(true))
		if n < 0 || n > len(p) || n > 0 && errno != Success || n == 0 && len(p) > 0 && errno == Success {
			g.t.Fatalf("wrote %d bytes of %d, %v", n, len(p), errno)
		}
	case 13:
		n, end, errno := h.Append(make([]byte, g.tape.below(256)))
		if errno == Success && h.Type() == Regular && (end != h.Stat().Size || uint64(n) > end) {
			g.t.Fatalf("appended %d bytes up to %d of %d", n, end, h.Stat().Size)
		}
	case 14:
		p := make([]byte, g.tape.offset(true)%(2*pageSize))
		if n, _ := h.ReadAt(context.Background(), p, g.tape.offset(true)); n < 0 || n > len(p) {
			g.t.Fatalf("read %d bytes into %d", n, len(p))
		}
	case 15:
		h.Truncate(g.tape.offset(true))
	case 16:
		h.Allocate(g.tape.offset(true), g.tape.offset(true))
	case 17:
		h.SetTimes(TimeFlags(g.tape.below(32)), g.tape.uint64(), 0)
		h.SetTimesAt(g.path(), TimeFlags(g.tape.below(32)), 0, g.tape.uint64())
	case 18:
		cookie := g.tape.offset(true)
		if e, ok, _ := h.NextEntry(cookie); ok && e.Next <= cookie {
			g.t.Fatalf("the entry at %d leads to %d", cookie, e.Next)
		}
	case 19:
		h.StatAt(g.path())
		h.Readlink(g.path())
		h.Symlink(g.path())
		h.Link(g.path(), g.handle(), g.path())
	}
}

// removeAll removes what dir holds, as a guest would.
func (g *guest) removeAll(dir *Handle) {
	for cookie := uint64(cookieDotDot); ; {
		e, ok, errno := dir.NextEntry(cookie)
		if errno != Success {
			g.t.Fatal(errno)
		}
		if !ok {
			break
		}
		cookie = e.Next
		if e.Type != Directory {
			want(g.t, "unlink "+e.Name, dir.Unlink(e.Name), Success)
			continue
		}
		sub := open(g.t, dir, e.Name, MustBeDir, Read)
		g.removeAll(sub)
		want(g.t, "rmdir "+e.Name, dir.Rmdir(e.Name), Success)
		sub.Close()
	}
	dir.Close()
}
