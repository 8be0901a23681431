package store

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// pragmas are given to every connection. The busy timeout matters only when some
// other program, a backup for instance, opens the file.
const pragmas = `
	PRAGMA busy_timeout = 5000;
	PRAGMA journal_mode = WAL;
	PRAGMA synchronous = FULL;
	PRAGMA foreign_keys = ON;
	PRAGMA trusted_schema = OFF;
	PRAGMA temp_store = MEMORY;`

// conn is one connection to the database, with its statements prepared on first
// use. One goroutine uses it at a time.
type conn struct {
	db         *sqlite3.Conn
	statements map[string]*sqlite3.Stmt
}

// openConn opens the database at path through the VFS of that name ("" is the
// operating system's), and makes it if it is not there.
func openConn(path, vfs string) (_ *conn, err error) {
	// SQLite would make these readable for others; files that are there keep their mode.
	for _, name := range []string{path, path + "-shm"} {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, unavailable("open "+filepath.Base(name), err)
		}
		if err := f.Close(); err != nil {
			return nil, unavailable("open "+filepath.Base(name), err)
		}
	}
	db, err := sqlite3.Open(uri(path, vfs))
	if err != nil {
		return nil, unavailable("open "+filepath.Base(path), err)
	}
	opened := &conn{db: db, statements: map[string]*sqlite3.Stmt{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, opened.close())
		}
	}()
	// A checksum in each page, so that flipped bits are an error and not an answer.
	// This rewrites the file if it is new, and else only looks at its header.
	if err := db.EnableChecksums("main"); err != nil {
		return nil, unavailable("set up page checksums", err)
	}
	if err := db.Exec(pragmas); err != nil {
		return nil, unavailable("set up the connection", err)
	}
	return opened, nil
}

// uri names the database as SQLite wants it.
func uri(path, vfs string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	// SQLite decodes %20, but leaves the + that QueryEscape makes of a space.
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	name := "file:" + (&url.URL{Path: slashed}).EscapedPath() + "?modeof=" + escape(path) // the mode of the write-ahead log
	if vfs != "" {
		name += "&vfs=" + escape(vfs)
	}
	return name
}

func (c *conn) close() error {
	return contained("closing the database", func() error {
		var errs []error
		for _, s := range c.statements {
			_ = s.Close() // repeats the error of the statement's last run
		}
		errs = append(errs, c.db.Close())
		return unavailable("close the database", errors.Join(errs...))
	})
}

// exec runs one statement with arguments and returns how many rows it changed.
func (c *conn) exec(sql string, args ...any) (changed int64, err error) {
	err = c.query(sql, args, func(*sqlite3.Stmt) error { return nil })
	return c.db.Changes(), err
}

// query runs one statement and calls row for each row of its result; an error of
// row ends it and is returned.
func (c *conn) query(sql string, args []any, row func(*sqlite3.Stmt) error) error {
	s := c.statements[sql]
	if s == nil {
		var err error
		if s, _, err = c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT); err != nil {
			return unavailable("prepare a statement", err)
		}
		c.statements[sql] = s
	}
	err := bind(s, args)
	for err == nil && s.Step() {
		err = row(s)
	}
	if err == nil {
		err = s.Err()
	}
	if again := s.Reset(); err == nil {
		err = again // otherwise it repeats the error of Step
	}
	if clear := s.ClearBindings(); err == nil { // a bound configuration may be large
		err = clear
	}
	return unavailable("run a statement", err)
}

// rows runs a query and reads each row of its result.
func rows[T any](c *conn, sql string, args []any, row func(*sqlite3.Stmt) (T, error)) (all []T, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		one, err := row(s)
		all = append(all, one)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// only returns what a query by key found; if that is nothing, the format says what is
// refused.
func only[T any](found []T, err error, format string, args ...any) (one T, _ error) {
	if err == nil && len(found) == 0 {
		err = refuse(format, args...)
	}
	if err != nil {
		return one, err
	}
	return found[0], nil
}

func bind(s *sqlite3.Stmt, args []any) error {
	for i, arg := range args {
		var err error
		switch arg := arg.(type) {
		case string:
			err = s.BindText(i+1, arg)
		case int64:
			err = s.BindInt64(i+1, arg)
		case []byte:
			err = s.BindBlob(i+1, arg)
		default:
			err = fmt.Errorf("argument %d is a %T, allowed are string, int64 and []byte", i+1, arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notNull keeps nil from being stored as NULL.
func notNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
