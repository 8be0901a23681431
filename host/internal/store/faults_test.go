package store

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/vfs"
)

// faults decides which calls to the file system fail. It counts those of SQLite
// and those for code alike; calls that hold or ask for a lock are left aside.
type faults struct {
	mu sync.Mutex
	faultKind
	first   int // number of the first call that fails, counted from 1; 0 is none
	calls   int // so far
	syncs   int // of those, calls that make something durable
	badSync int // this sync fails, counted from 1; 0 is none
	failed  int
}

type faultKind struct {
	err    error
	rest   bool // all calls from the first on fail, until lift
	writes bool // only calls that need space count and fail
}

// hit counts a call and returns its error. space says that it may need space.
func (f *faults) hit(space bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.writes && !space {
		return nil
	}
	f.calls++
	if f.first == 0 || f.calls < f.first || f.calls > f.first && !f.rest {
		return nil
	}
	f.failed++
	return f.err
}

func (f *faults) lift() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.first = 0
}

func (f *faults) sync() error {
	err := f.hit(false)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.syncs++; f.syncs == f.badSync {
		err = f.err
		f.failed++
	}
	return err // nothing is really synced: these tests cut no power
}

// config is one for Open whose files fail as f says.
func (f *faults) config(t *testing.T, now func() time.Time) Config {
	name := fmt.Sprintf("faults of %s %p", t.Name(), f)
	vfs.Register(name, faultVFS{vfs.Find("os").(vfs.VFSFilename), f})
	t.Cleanup(func() { vfs.Unregister(name) })
	return Config{Now: now, vfs: name, disk: faultDisk{osDisk{}, f}}
}

type faultVFS struct {
	vfs.VFSFilename
	f *faults
}

func (v faultVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if err := v.f.hit(flags&vfs.OPEN_CREATE != 0); err != nil {
		return nil, 0, err
	}
	opened, flags, err := v.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return faultFile{opened.(osFile), v.f}, flags, nil
}

func (v faultVFS) Delete(name string, syncDir bool) error {
	if err := v.f.hit(false); err != nil {
		return err
	}
	return v.VFSFilename.Delete(name, false)
}

func (v faultVFS) Access(name string, flags vfs.AccessFlag) (bool, error) {
	if err := v.f.hit(false); err != nil {
		return false, err
	}
	return v.VFSFilename.Access(name, flags)
}

// osFile is all that a file of the operating system's VFS offers and that matters.
type osFile interface {
	vfs.FileSharedMemory
	vfs.FileLockState
	vfs.FileHasMoved
	vfs.FileSizeHint
	vfs.FilePersistWAL
	vfs.FilePowersafeOverwrite
}

type faultFile struct {
	osFile
	f *faults
}

func (v faultFile) ReadAt(p []byte, at int64) (int, error) {
	if err := v.f.hit(false); err != nil {
		return 0, err
	}
	return v.osFile.ReadAt(p, at)
}

// WriteAt, when it fails, has written half.
func (v faultFile) WriteAt(p []byte, at int64) (int, error) {
	if err := v.f.hit(true); err != nil {
		n, _ := v.osFile.WriteAt(p[:len(p)/2], at)
		return n, err
	}
	return v.osFile.WriteAt(p, at)
}

func (v faultFile) Truncate(size int64) error {
	if err := v.f.hit(false); err != nil {
		return err
	}
	return v.osFile.Truncate(size)
}

func (v faultFile) SizeHint(size int64) error {
	if err := v.f.hit(true); err != nil {
		return err
	}
	return v.osFile.SizeHint(size)
}

func (v faultFile) Size() (int64, error) {
	if err := v.f.hit(false); err != nil {
		return 0, err
	}
	return v.osFile.Size()
}

func (v faultFile) Sync(vfs.SyncFlag) error { return v.f.sync() }

type faultDisk struct {
	disk
	f *faults
}

func (d faultDisk) MkdirAll(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := d.f.hit(true); err != nil {
		return err
	}
	return os.MkdirAll(path, 0o700)
}

func (d faultDisk) CreateTemp(dir, pattern string) (file, error) {
	if err := d.f.hit(true); err != nil {
		return nil, err
	}
	opened, err := d.disk.CreateTemp(dir, pattern)
	return faultTemp{opened, d.f}, err
}

func (d faultDisk) ReadFile(path string, limit int64) ([]byte, error) {
	if err := d.f.hit(false); err != nil {
		return nil, err
	}
	return d.disk.ReadFile(path, limit)
}

func (d faultDisk) Modified(path string) (time.Time, error) {
	if err := d.f.hit(false); err != nil {
		return time.Time{}, err
	}
	return d.disk.Modified(path)
}

func (d faultDisk) SetModified(path string, to time.Time) error {
	if err := d.f.hit(false); err != nil {
		return err
	}
	return d.disk.SetModified(path, to)
}

func (d faultDisk) Names(dir string) ([]string, error) {
	if err := d.f.hit(false); err != nil {
		return nil, err
	}
	return d.disk.Names(dir)
}

func (d faultDisk) Rename(from, to string) error {
	if err := d.f.hit(true); err != nil {
		return err
	}
	return d.disk.Rename(from, to)
}

func (d faultDisk) Remove(path string) error {
	if err := d.f.hit(false); err != nil {
		return err
	}
	return d.disk.Remove(path)
}

func (d faultDisk) SyncDir(string) error { return d.f.sync() }

type faultTemp struct {
	file
	f *faults
}

func (v faultTemp) Write(p []byte) (int, error) {
	if err := v.f.hit(true); err != nil {
		n, _ := v.file.Write(p[:len(p)/2])
		return n, err
	}
	return v.file.Write(p)
}

func (v faultTemp) Sync() error { return v.f.sync() }

// The kinds of failure the tests go through.
var faultKinds = map[string]faultKind{
	"one I/O error":             {err: syscall.EIO},
	"I/O errors until repaired": {err: syscall.EIO, rest: true},
	"disk full until emptied":   {err: syscall.ENOSPC, rest: true, writes: true},
}
