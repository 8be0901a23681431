package wasi

import (
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

func TestFdFdstatGet(t *testing.T) {
	g := newGuest(t)
	fd := g.openAt(preopenedFd, "tmp/f", memfs.Create, readWrite, all, Append|Sync)
	for fd, want := range map[uint64]struct {
		filetype         Filetype
		flags            Fdflags
		base, inheriting Rights
	}{
		0:           {Unknown, 0, streamRights | RightFdRead, 0},
		1:           {Unknown, 0, streamRights | RightFdWrite, 0},
		2:           {Unknown, 0, streamRights | RightFdWrite, 0},
		preopenedFd: {Directory, 0, folderRights, folderRights | fileRights},
		fd:          {RegularFile, Append | Sync, RightFdRead | RightFdWrite, 0},
		g.open("dev/null", 0, uint64(RightFdRead)): {CharacterDevice, 0, RightFdRead, 0},
	} {
		stat := g.alloc(fdstatSize + 1)
		g.ok("fd_fdstat_get", fd, stat)
		if got := Filetype(g.mem[stat]); got != want.filetype {
			t.Errorf("descriptor %d has type %d, want %d", fd, got, want.filetype)
		}
		if got := Fdflags(g.u16(stat + 2)); got != want.flags {
			t.Errorf("descriptor %d has flags %d, want %d", fd, got, want.flags)
		}
		if base, inheriting := Rights(g.u64(stat+8)), Rights(g.u64(stat+16)); base != want.base || inheriting != want.inheriting {
			t.Errorf("descriptor %d has rights %#x and %#x, want %#x and %#x", fd, base, inheriting, want.base, want.inheriting)
		}
		if g.mem[stat+1] != 0 || g.u32(stat+4) != 0 || g.mem[stat+fdstatSize] != 0xa5 {
			t.Errorf("descriptor %d: %x", fd, g.mem[stat:stat+fdstatSize+1])
		}
	}
	g.want(EBADF, "fd_fdstat_get", 99, g.alloc(fdstatSize))
	g.want(EFAULT, "fd_fdstat_get", fd, memorySize-fdstatSize+1)
}

func TestFdFdstatSetFlags(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp/f", memfs.Create, all)
	stat := g.alloc(fdstatSize)
	for _, flags := range []uint64{0, uint64(Append), uint64(allFdflags), uint64(NonBlock)} {
		for _, fd := range []uint64{fd, 0, 1, 2, preopenedFd} {
			g.ok("fd_fdstat_set_flags", fd, flags)
			g.ok("fd_fdstat_get", fd, stat)
			if got := uint64(g.u16(stat + 2)); got != flags {
				t.Errorf("descriptor %d has flags %d, want %d", fd, got, flags)
			}
		}
	}
	g.want(EINVAL, "fd_fdstat_set_flags", fd, 32)
	g.want(EINVAL, "fd_fdstat_set_flags", fd, 1<<16)
	g.want(EBADF, "fd_fdstat_set_flags", 99, 0)
	g.want(ENOTCAPABLE, "fd_fdstat_set_flags", g.open("tmp/f", 0, readWrite), 0)
}

func TestFdFdstatSetRights(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "text")
	fd := g.open("tmp/f", 0, readWrite|uint64(RightFdSeek|RightFdTell))
	base, inheriting := g.rights(fd)
	g.ok("fd_fdstat_set_rights", fd, uint64(base), uint64(inheriting))
	g.ok("fd_fdstat_set_rights", fd, uint64(base&^(RightFdRead|RightFdWrite)), 0)
	if got, _ := g.rights(fd); got != RightFdSeek|RightFdTell {
		t.Errorf("rights are %#x, want to seek and tell", got)
	}
	if r, w := g.readErr(fd), g.writeErr(fd); r != ENOTCAPABLE || w != ENOTCAPABLE {
		t.Errorf("reading = %v, writing = %v, want ENOTCAPABLE", r, w)
	}
	g.ok("fd_tell", fd, g.alloc(8))
	g.want(ENOTCAPABLE, "fd_fdstat_set_rights", fd, uint64(base), 0)
	g.want(ENOTCAPABLE, "fd_fdstat_set_rights", fd, 0, 1)
	g.want(ENOTCAPABLE, "fd_fdstat_set_rights", fd, 1<<63, 0)
	if got, _ := g.rights(fd); got != RightFdSeek|RightFdTell {
		t.Errorf("after refused calls the rights are %#x, want to seek and tell", got)
	}
	g.want(EBADF, "fd_fdstat_set_rights", 99, 0, 0)
}

// Every function that needs a right is refused without it. The argument that
// is not there is what would make it fail otherwise.
func TestRightsAreEnforced(t *testing.T) {
	for _, c := range []struct {
		right Rights
		name  string
		args  func(g *guest) []uint64
	}{
		{RightPathCreateDirectory, "path_create_directory", func(g *guest) []uint64 { p, n := g.str("tmp/d"); return []uint64{3, p, n} }},
		{RightPathRemoveDirectory, "path_remove_directory", func(g *guest) []uint64 { p, n := g.str("tmp/e"); return []uint64{3, p, n} }},
		{RightPathUnlinkFile, "path_unlink_file", func(g *guest) []uint64 { p, n := g.str("tmp/f"); return []uint64{3, p, n} }},
		{RightPathFilestatGet, "path_filestat_get", func(g *guest) []uint64 {
			p, n := g.str("tmp")
			return []uint64{3, 0, p, n, g.alloc(filestatSize)}
		}},
		{RightPathFilestatSetTimes, "path_filestat_set_times", func(g *guest) []uint64 { p, n := g.str("tmp"); return []uint64{3, 0, p, n, 1, 1, 1} }},
		{RightPathRenameSource, "path_rename", func(g *guest) []uint64 { p, n := g.str("tmp/f"); return []uint64{3, p, n, 3, p, n} }},
		{RightPathRenameTarget, "path_rename", func(g *guest) []uint64 { p, n := g.str("tmp/f"); return []uint64{3, p, n, 3, p, n} }},
		{RightPathOpen, "path_open", func(g *guest) []uint64 { p, n := g.str("tmp"); return []uint64{3, 0, p, n, 0, 0, 0, 0, g.alloc(4)} }},
		{RightPathCreateFile, "path_open", func(g *guest) []uint64 {
			p, n := g.str("tmp/f")
			return []uint64{3, 0, p, n, uint64(memfs.Create), 0, 0, 0, g.alloc(4)}
		}},
		{RightPathFilestatSetSize, "path_open", func(g *guest) []uint64 {
			p, n := g.str("tmp/f")
			return []uint64{3, 0, p, n, uint64(memfs.Truncate), 0, 0, 0, g.alloc(4)}
		}},
		{RightFdReaddir, "fd_readdir", func(g *guest) []uint64 { return []uint64{3, g.alloc(99), 99, 0, g.alloc(4)} }},
		{RightFdFilestatGet, "fd_filestat_get", func(g *guest) []uint64 { return []uint64{3, g.alloc(filestatSize)} }},
		{RightFdSync, "fd_sync", func(*guest) []uint64 { return []uint64{3} }},
		{RightFdDatasync, "fd_datasync", func(*guest) []uint64 { return []uint64{3} }},
		{RightFdFdstatSetFlags, "fd_fdstat_set_flags", func(*guest) []uint64 { return []uint64{3, 0} }},
	} {
		g := newGuest(t)
		g.create("tmp/f", "")
		p, n := g.str("tmp/e")
		g.ok("path_create_directory", preopenedFd, p, n)
		base, inheriting := g.rights(preopenedFd)
		g.ok("fd_fdstat_set_rights", preopenedFd, uint64(base&^c.right), uint64(inheriting))
		g.want(ENOTCAPABLE, c.name, c.args(g)...)

		g = newGuest(t)
		g.create("tmp/f", "")
		p, n = g.str("tmp/e")
		g.ok("path_create_directory", preopenedFd, p, n)
		g.ok(c.name, c.args(g)...)
	}
}
