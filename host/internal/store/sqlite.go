package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store/schema"
)

// Config is how a store is opened. The zero value is ready for use.
type Config struct {
	// Now is the clock that code's grace is measured by; time.Now if nil.
	Now func() time.Time

	// For tests of this package.
	vfs        string             // name of SQLite's file system; "" is the operating system's
	disk       disk               // code's file system; nil is the operating system's
	migrations []schema.Migration // nil are those of package schema
}

// SQLite is the Store of one machine: a SQLite database and a folder of code in
// one directory.
type SQLite struct {
	writer  *writer
	readers *readers
	code    *codeFiles
	lock    *os.File

	// life is held for reading by every call and for writing by Close. It is taken
	// before any other lock, and never twice by one call.
	life   sync.RWMutex
	closed bool
}

var _ Store = (*SQLite)(nil)

// Open opens the store in dir, which is made if it is not there, and brings its
// schema up to date. Errors: ErrLocked, ErrNewer, ErrUnavailable.
func Open(dir string, config Config) (_ *SQLite, err error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.disk == nil {
		config.disk = osDisk{}
	}
	if config.migrations == nil {
		if config.migrations, err = schema.Migrations(schema.SQLite); err != nil {
			return nil, err
		}
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, unavailable("find the data directory", err)
	}
	if err := config.disk.MkdirAll(dir); err != nil {
		return nil, unavailable("make the data directory", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	code := &codeFiles{dir: filepath.Join(dir, "code"), temp: filepath.Join(dir, "tmp"), disk: config.disk, now: config.Now}
	if err := code.prepare(); err != nil {
		return nil, unavailable("prepare the code folder", err)
	}
	open := func() (*conn, error) { return openConn(filepath.Join(dir, "lambent.db"), config.vfs) }
	first, err := openMigrated(open, config)
	if err != nil {
		return nil, err
	}
	return &SQLite{writer: startWriter(first, open), readers: newReaders(open), code: code, lock: lock}, nil
}

func openMigrated(open func() (*conn, error), config Config) (c *conn, err error) {
	err = contained("opening the database", func() error {
		if c, err = open(); err != nil {
			return err
		}
		return c.migrate(config.migrations, config.Now)
	})
	if err != nil && c != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, err
}

// during runs a call unless the store is closed, and keeps Close waiting for it.
func (s *SQLite) during(call func() error) error {
	s.life.RLock()
	defer s.life.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return call()
}

// write runs a write and answers what it does.
func (s *SQLite) write(ctx context.Context, do func(c *conn) error) error {
	return s.during(func() error { return s.writer.do(ctx, do) })
}

// read runs a read and returns what it finds.
func read[T any](ctx context.Context, s *SQLite, find func(c *conn) (T, error)) (found T, err error) {
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			found, err = find(c)
			return err
		})
	})
	return found, err
}

// altered returns what change makes of what was read; what names it. Its key must stay.
// Errors are refusals.
func altered[T interface{ Check() error }, K comparable](before T, what string, change func(*T) error, key func(T) K) (T, error) {
	after := before
	if err := contained("change of "+what, func() error { return change(&after) }); err != nil {
		return before, refusal{err}
	}
	if key(after) != key(before) {
		return before, refuse("%w: change made %v of %s, which must stay", ErrInvalid, key(after), what)
	}
	return after, refusing(after.Check())
}

// checkPage refuses limits that no listing has.
func checkPage(limit, most int) error {
	if limit < 1 || limit > most {
		return fmt.Errorf("%w: limit is %d, allowed are 1 to %d", ErrInvalid, limit, most)
	}
	return nil
}

// Close implements Store.
func (s *SQLite) Close() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	// The writer last: the last connection to close moves the log into the database.
	return errors.Join(s.readers.close(), s.writer.close(), s.lock.Close())
}
