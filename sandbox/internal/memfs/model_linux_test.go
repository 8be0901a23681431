package memfs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// model runs every operation twice, on an FS and in a folder of the host, and
// expects the same results, errors and contents.
//
// Where the two differ by intent, no such operation is made: paths that climb
// above the folder (EPERM here), hard and symbolic links, permissions, quotas,
// sizes beyond them, creating with MustBeDir. Not compared are times, inode
// numbers, link counts of folders and the order of entries. What differs in the
// choice between two errors that both apply is listed in sameErrno.
type model struct {
	t     *testing.T
	tape  *tape
	fs    *FS
	tmp   *Handle
	dir   string
	files []openFile
}

type openFile struct {
	h *Handle
	f *os.File
}

func TestAgainstHost(t *testing.T) {
	const runs, steps = 30, 400
	outcomes := make(map[string]int)
	for seed := range uint64(runs) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := make(tape, steps*40)
			rand.NewChaCha8([32]byte{byte(seed), 1}).Read(random)
			f, _, tmp := newFSOf(t, Quota{Bytes: 1 << 30, Files: 10_000})
			m := &model{t: t, tape: &random, fs: f, tmp: tmp, dir: t.TempDir()}
			defer m.closeAll()
			for range steps {
				what, errno := m.step()
				op, _, _ := strings.Cut(what, " ")
				outcomes[op+": "+errno.Error()]++
				if t.Failed() {
					t.Fatalf("by %s", what)
				}
			}
			m.compare(".")
			m.closeAll()
			verify(t, f)
		})
	}
	// Had the operations met too little, agreement would mean nothing.
	for _, outcome := range []string{
		"mkdir: success", "mkdir: EEXIST", "mkdir: ENOENT", "mkdir: ENOTDIR",
		"rmdir: success", "rmdir: ENOTEMPTY", "rmdir: ENOTDIR", "rmdir: EINVAL",
		"unlink: success", "unlink: EISDIR", "unlink: ENOENT",
		"rename: success", "rename: EISDIR", "rename: ENOTDIR", "rename: ENOTEMPTY", "rename: EINVAL", "rename: EBUSY",
		"open: success", "open: EEXIST", "open: EISDIR", "open: ENOENT", "open: ENOTDIR",
		"read: success", "read: EBADF", "write: success", "write: EBADF", "append: success", "truncate: success",
		"list: success", "stat: success", "close: success",
	} {
		found := 0
		for seen, n := range outcomes {
			if strings.HasPrefix(seen, outcome) {
				found += n
			}
		}
		if found == 0 {
			t.Errorf("no %s in %v", outcome, outcomes)
		}
	}
}

// step makes one operation and returns what it was and what came of it.
func (m *model) step() (what string, errno Errno) {
	host := func(path string) string { return m.dir + "/" + path }
	path := m.tape.path(false)
	switch op := m.tape.below(16); op {
	case 0, 1:
		errno = m.tmp.Mkdir(path)
		return m.agree("mkdir "+path, errno, syscall.Mkdir(host(path), 0o777))
	case 2:
		errno = m.tmp.Rmdir(path)
		return m.agree("rmdir "+path, errno, syscall.Rmdir(host(path)))
	case 3:
		errno = m.tmp.Unlink(path)
		return m.agree("unlink "+path, errno, syscall.Unlink(host(path)))
	case 4, 5, 6:
		to := m.tape.path(false)
		errno = m.tmp.Rename(path, m.tmp, to)
		return m.agree("rename "+path+" to "+to, errno, syscall.Rename(host(path), host(to)))
	case 7, 8, 9:
		return m.open(path)
	case 10:
		s, errno := m.tmp.StatAt(path)
		info, err := os.Lstat(host(path))
		if errno == Success && err == nil {
			m.same("stat "+path, s, info)
		}
		return m.agree("stat "+path, errno, err)
	case 11:
		m.compare(path)
		return "list " + path, Success
	}
	if len(m.files) == 0 {
		return m.open(path)
	}
	return m.use(m.tape.below(len(m.files)))
}

func (m *model) open(path string) (string, Errno) {
	var (
		flags  OpenFlags
		access = [...]Access{Read, Write, Read | Write, Read | Write}[m.tape.below(4)]
		mode   = [...]int{Read: os.O_RDONLY, Write: os.O_WRONLY, Read | Write: os.O_RDWR}[access]
	)
	bits := m.tape.byte()
	for _, flag := range []struct {
		bit  byte
		flag OpenFlags
		mode int
	}{{1 | 2, Create, os.O_CREATE}, {4, Exclusive, os.O_EXCL}, {8 | 16, Truncate, os.O_TRUNC}, {32 | 64, MustBeDir, syscall.O_DIRECTORY}} {
		if bits&flag.bit == flag.bit || flag.flag == Create && bits&flag.bit != 0 {
			flags |= flag.flag
			mode |= flag.mode
		}
	}
	if flags&Create != 0 {
		flags &^= MustBeDir
		mode &^= syscall.O_DIRECTORY
	} else {
		flags &^= Exclusive
		mode &^= os.O_EXCL
	}
	h, errno := m.tmp.Open(path, flags, access)
	f, err := os.OpenFile(m.dir+"/"+path, mode, 0o666)
	if errno == Success && err == nil {
		m.files = append(m.files, openFile{h, f})
		if len(m.files) > 10 {
			m.close(0)
		}
	}
	return m.agree(fmt.Sprintf("open %s with %04b for %02b", path, flags, access), errno, err)
}

// use does something with an open file or folder.
func (m *model) use(i int) (string, Errno) {
	o := m.files[i]
	off := m.tape.offset(false)
	switch m.tape.below(8) {
	case 0:
		m.close(i)
		return "close", Success
	case 1, 2:
		ours, theirs := make([]byte, 3*pageSize), make([]byte, 3*pageSize)
		n, errno := o.h.ReadAt(context.Background(), ours, off)
		k, err := syscall.Pread(int(o.f.Fd()), theirs, int64(off))
		if errno == Success && err == nil && !bytes.Equal(ours[:n], theirs[:k]) {
			m.t.Errorf("read %d bytes at %d, want %d, or others", n, off, k)
		}
		return m.agree(fmt.Sprintf("read at %d", off), errno, err)
	case 3:
		errno := o.h.Truncate(off)
		return m.agree(fmt.Sprintf("truncate to %d", off), errno, syscall.Ftruncate(int(o.f.Fd()), int64(off)))
	case 4:
		p := m.text()
		n, end, errno := o.h.Append(p)
		at, _ := o.f.Seek(0, 2)
		k, err := syscall.Pwrite(int(o.f.Fd()), p, at)
		if errno == Success && (n != k || end != uint64(at)+uint64(k)) {
			m.t.Errorf("appended %d bytes up to %d, want %d from %d", n, end, k, at)
		}
		return m.agree(fmt.Sprintf("append %d bytes", len(p)), errno, err)
	case 5:
		info, err := o.f.Stat()
		m.same("stat of open file", o.h.Stat(), info)
		return m.agree("stat", Success, err)
	}
	p := m.text()
	n, errno := o.h.WriteAt(p, off)
	k, err := syscall.Pwrite(int(o.f.Fd()), p, int64(off))
	if errno == Success && n != k {
		m.t.Errorf("wrote %d bytes, want %d", n, k)
	}
	return m.agree(fmt.Sprintf("write %d bytes at %d", len(p), off), errno, err)
}

func (m *model) close(i int) {
	m.files[i].h.Close()
	m.files[i].f.Close()
	m.files = append(m.files[:i], m.files[i+1:]...)
}

func (m *model) closeAll() {
	for len(m.files) > 0 {
		m.close(0)
	}
}

// text makes something to write, never nothing.
func (m *model) text() []byte {
	return bytes.Repeat([]byte{m.tape.byte() | 1}, int(1+m.tape.offset(false)%(2*pageSize)))
}

// agree compares what an operation came to.
func (m *model) agree(what string, errno Errno, err error) (string, Errno) {
	m.t.Helper()
	var theirs syscall.Errno
	if err != nil && !errors.As(err, &theirs) {
		m.t.Fatalf("%s: %v", what, err)
	}
	if !sameErrno(what, errno, theirs) {
		m.t.Errorf("%s: got %v, the host says %v", what, errno, theirs)
	}
	return what, errno
}

// sameErrno says whether an operation came to the same. Where two errors apply,
// the host may name the other one.
func sameErrno(what string, ours Errno, theirs syscall.Errno) bool {
	same := map[syscall.Errno]Errno{
		0: Success, syscall.EBADF: EBADF, syscall.EBUSY: EBUSY, syscall.EEXIST: EEXIST, syscall.EINVAL: EINVAL,
		syscall.EISDIR: EISDIR, syscall.ENOENT: ENOENT, syscall.ENOTDIR: ENOTDIR, syscall.ENOTEMPTY: ENOTEMPTY,
	}
	number, known := same[theirs]
	if known && number == ours {
		return true
	}
	if ours == Success || theirs == 0 {
		return false
	}
	words := strings.Fields(what)
	slash := false // behind a path
	for _, word := range words {
		slash = slash || strings.HasSuffix(word, "/")
	}
	switch words[0] {
	case "truncate": // of what is not open for writing
		return theirs == syscall.EINVAL && (ours == EBADF || ours == EISDIR)
	case "write", "append": // to a folder, which is never open for writing
		return theirs == syscall.EBADF && ours == EISDIR
	case "mkdir": // of a file with a slash behind it
		return slash && theirs == syscall.EEXIST && ours == ENOTDIR
	case "open": // to create something with a slash behind it
		return slash && theirs == syscall.EISDIR && (ours == ENOTDIR || ours == EEXIST)
	case "rename": // of a file onto the folder it is in, or with a slash behind a file
		return theirs == syscall.ENOTEMPTY && ours == EISDIR || slash && (ours == ENOTDIR || ours == EISDIR)
	}
	return false
}

// same compares two descriptions.
func (m *model) same(what string, s Stat, info os.FileInfo) {
	m.t.Helper()
	if (s.Type == Directory) != info.IsDir() {
		m.t.Errorf("%s: type %d, the host says %v", what, s.Type, info.Mode())
	}
	if info.IsDir() {
		return
	}
	if links := info.Sys().(*syscall.Stat_t).Nlink; s.Size != uint64(info.Size()) || s.Links != uint64(links) {
		m.t.Errorf("%s: %d bytes, %d links, the host says %d and %d", what, s.Size, s.Links, info.Size(), links)
	}
}

// compare compares all that lies at path and below.
func (m *model) compare(path string) {
	m.t.Helper()
	info, err := os.Lstat(m.dir + "/" + path)
	s, errno := m.tmp.StatAt(path)
	if m.agree("stat "+path, errno, err); errno != Success || err != nil {
		return
	}
	m.same("stat "+path, s, info)
	if !info.IsDir() {
		data, err := os.ReadFile(m.dir + "/" + path)
		if err != nil {
			m.t.Fatal(err)
		}
		if get(m.t, m.tmp, path) != string(data) {
			m.t.Errorf("%s holds something else", path)
		}
		return
	}
	entries, err := os.ReadDir(m.dir + "/" + path)
	if err != nil {
		m.t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		list = append(list, name)
	}
	h := open(m.t, m.tmp, path, MustBeDir, Read)
	defer h.Close()
	if got, want := sorted(names(m.t, h)), sorted(strings.Join(list, " ")); got != want {
		m.t.Errorf("%s lists %q, want %q", path, got, want)
	}
	for _, e := range entries {
		m.compare(filepath.Join(path, e.Name()))
	}
}
