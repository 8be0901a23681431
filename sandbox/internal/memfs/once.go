package memfs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
)

var (
	errNotYet    = errors.New("the context is done, and the file not read")
	errNotReturn = errors.New("reading the file did not return")
)

// readOnce returns a function that reads a file, the first time it is called,
// and waits until that is done or the caller's context is.
//
// The file is read by a goroutine of its own, to its end: decompressing a large
// one may take longer than one invocation has, and it is every later one's gain. What it
// keeps is added to kept, unless fsys keeps it.
func readOnce(fsys fs.FS, name string, size int64, kept *atomic.Int64) func(context.Context) ([]byte, error) {
	var (
		begin    sync.Once
		done     = make(chan struct{})
		data     []byte
		err      = errNotReturn
		panicked any
	)
	whole := func() ([]byte, error) {
		if panicked != nil { // what fsys did is for who waits
			panic(panicked)
		}
		return data, err
	}
	return func(ctx context.Context) ([]byte, error) {
		begin.Do(func() {
			go func() {
				defer close(done)
				defer func() { panicked = recover() }()
				data, err = readWhole(fsys, name, size)
				if _, shared := fsys.(Shared); !shared {
					kept.Add(int64(len(data)))
				}
			}()
		})
		select {
		case <-done:
			return whole()
		default:
		}
		select {
		case <-done:
			return whole()
		case <-ctx.Done():
			return nil, errNotYet
		}
	}
}

// Shared is an fs.FS whose files are in memory for all who see them.
type Shared interface {
	fs.FS
	// ReadShared returns what is in a file: bytes that never change, and that the
	// caller keeps without a copy.
	ReadShared(name string) ([]byte, error)
}

// readWhole reads a file that must have size bytes.
func readWhole(fsys fs.FS, name string, size int64) ([]byte, error) {
	if shared, ok := fsys.(Shared); ok {
		data, err := shared.ReadShared(name)
		if err == nil && int64(len(data)) != size {
			return nil, fmt.Errorf("%q has %d bytes, not the %d it is said to have", name, len(data), size)
		}
		return data, err
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data := make([]byte, size)
	if _, err := io.ReadFull(file, data); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(file, make([]byte, 1)); err != io.EOF {
		return nil, fmt.Errorf("%q does not end after the %d bytes it is said to have", name, size)
	}
	return data, nil
}
