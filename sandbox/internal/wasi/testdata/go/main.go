// Program checks what Go's standard library does on top of preview 1. It
// panics at the first thing that is not as it should be, and exits with 7.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"
)

func check(ok bool, what ...any) {
	if !ok {
		panic(fmt.Sprintln(what...))
	}
}

func must[T any](v T, err error) T {
	check(err == nil, err)
	return v
}

func main() {
	environment()
	standardStreams()
	files()
	folders()
	readOnly()
	clocks()
	streams()
	fmt.Println("done")
	os.Exit(7)
}

func environment() {
	check(slices.Equal(os.Args, []string{"program", "an argument"}), "arguments", os.Args)
	check(os.Getenv("NAME") == "value", "environment", os.Environ())
	a, b := make([]byte, 32), make([]byte, 32)
	must(rand.Read(a))
	must(rand.Read(b))
	check(!bytes.Equal(a, b), "chance repeats itself")
}

func standardStreams() {
	in := must(io.ReadAll(os.Stdin))
	check(string(in) == "standard input", "stdin", string(in))
	check(must(os.Stdin.Stat()).Mode()&fs.ModeCharDevice == 0, "stdin looks like a terminal")
	fmt.Fprintln(os.Stderr, "to stderr")
}

func files() {
	const name = "/tmp/file"
	check(os.WriteFile(name, []byte("0123456789"), 0o644) == nil, "write")
	check(string(must(os.ReadFile(name))) == "0123456789", "read")
	f := must(os.OpenFile(name, os.O_RDWR, 0))
	check(must(f.Seek(-3, io.SeekEnd)) == 7, "seek")
	check(must(f.Write([]byte("xyz!"))) == 4, "write behind the end")
	buf := make([]byte, 4)
	check(must(f.ReadAt(buf, 7)) == 4 && string(buf) == "xyz!", "read at", string(buf))
	check(must(f.WriteAt([]byte("AB"), 1)) == 2, "write at")
	check(f.Truncate(5) == nil && f.Sync() == nil, "truncate")
	check(must(f.Stat()).Size() == 5, "size")
	check(f.Close() == nil, "close")
	a := must(os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0))
	must(a.WriteString("+"))
	check(a.Close() == nil, "close")
	check(string(must(os.ReadFile(name))) == "0AB34+", "content", string(must(os.ReadFile(name))))

	when := time.Unix(1_000_000_000, 123)
	check(os.Chtimes(name, when, when) == nil && must(os.Stat(name)).ModTime().Equal(when), "times")
	_, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	check(errors.Is(err, fs.ErrExist), "exclusive", err)
	_, err = os.ReadFile("/tmp/none")
	check(errors.Is(err, fs.ErrNotExist), "missing", err)
	check(os.Symlink(name, "/tmp/link") != nil, "a link was made")
	t := must(os.CreateTemp("", "t-*"))
	check(t.Close() == nil && os.Rename(t.Name(), "/tmp/renamed") == nil && os.Remove("/tmp/renamed") == nil, "temporary file")
	check(len(must(os.ReadFile("/dev/null"))) == 0 && os.WriteFile("/dev/null", []byte("x"), 0) == nil, "/dev/null")
}

func folders() {
	root := "/tmp/a/b/c"
	check(os.MkdirAll(root, 0o755) == nil, "folders")
	var want []string
	for i := range 300 {
		name := fmt.Sprintf("%0*d", 1+i%40, i)
		check(os.WriteFile(filepath.Join(root, name), nil, 0o644) == nil, "create", name)
		want = append(want, name)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	var got []string
	for _, e := range must(os.ReadDir(root)) {
		check(!e.IsDir() && must(e.Info()).Size() == 0, "entry", e)
		got = append(got, e.Name())
	}
	check(slices.Equal(got, want), "entries", got)
	check(os.Chdir(root) == nil && must(os.Getwd()) == root, "working folder")
	must(os.Stat(want[0]))
	check(errors.Is(os.Remove("/tmp/a"), syscall.ENOTEMPTY), "a full folder was removed")
	check(os.Rename("/tmp/a/b", "/tmp/b") == nil, "rename")
	check(os.Chdir("/") == nil && os.RemoveAll("/tmp/b") == nil && os.RemoveAll("/tmp/a") == nil, "remove")
	var seen []string
	check(filepath.WalkDir("/", func(path string, _ fs.DirEntry, err error) error {
		seen = append(seen, path)
		return err
	}) == nil, "walk")
	for _, path := range []string{"/", "/etc", "/tmp", "/tmp/file", "/var/task/main.txt", "/opt"} {
		check(slices.Contains(seen, path), "walking / did not come by", path, seen)
	}
	check(fs.ValidPath("tmp") && len(must(fs.ReadFile(os.DirFS("/"), "var/task/main.txt"))) == 7, "DirFS")
}

func readOnly() {
	for _, err := range []error{
		os.WriteFile("/var/task/new", nil, 0o644),
		os.WriteFile("/var/task/main.txt", nil, 0o644),
		os.Mkdir("/new", 0o755),
		os.Remove("/var/task/main.txt"),
	} {
		check(errors.Is(err, syscall.EROFS), "outside /tmp", err)
	}
}

func clocks() {
	check(time.Since(time.Unix(1_600_000_000, 0)) > 0, "the time is", time.Now())
	start := time.Now()
	time.Sleep(20 * time.Millisecond)
	check(time.Since(start) >= 20*time.Millisecond, "slept", time.Since(start))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 5 {
		<-tick.C
	}
}

// streams reads what the host put at descriptor 4. Waiting for it parks one
// goroutine only.
func streams() {
	f := os.NewFile(4, "answer")
	var ticks atomic.Int32
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				if ticks.Add(1) == 5 {
					fmt.Println("ready for the answer") // the host waits for it
				}
			}
		}
	}()
	conn := must(f.SyscallConn())
	var answer []byte
	buf := make([]byte, 4)
	for {
		var n int
		var err error
		check(conn.Read(func(fd uintptr) bool {
			n, err = syscall.Read(int(fd), buf)
			return err != syscall.EAGAIN
		}) == nil, "wait")
		check(err == nil, err)
		if n == 0 {
			break
		}
		answer = append(answer, buf[:n]...)
	}
	close(stop)
	check(string(answer) == "the answer", string(answer))
	check(ticks.Load() >= 5, "other goroutines stood still")
	check(f.Close() == nil, "close")
}
