package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// hold keeps the writer busy with a change of f until release is called; release
// returns when that change has been answered.
func hold(t *testing.T, s *SQLite, f Function) (release func()) {
	t.Helper()
	entered, leave, answered := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := s.UpdateFunction(context.Background(), f.FunctionKey, func(*Function) error {
			close(entered)
			<-leave
			return nil
		})
		answered <- err
	}()
	<-entered
	return func() {
		t.Helper()
		close(leave)
		if err := <-answered; err != nil {
			t.Error(err)
		}
	}
}

// waiting returns once n writes wait.
func waiting(s *SQLite, n int) {
	for {
		s.writer.mu.Lock()
		length := len(s.writer.queue)
		s.writer.mu.Unlock()
		if length == n {
			return
		}
		runtime.Gosched()
	}
}

func TestWaitingWritesShareOneSync(t *testing.T) {
	f := &faults{}
	s := mustOpen(t, t.TempDir(), f.config(t, time.Now))
	held := mustCreate(t, s, "held")
	release := hold(t, s, held)
	const n = 64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			created := held
			created.Name = fmt.Sprint("f", i/2) // half of them exist already when their turn comes
			err := s.CreateFunction(t.Context(), created)
			if err != nil && !errors.Is(err, ErrExists) {
				t.Error(err)
			}
		})
	}
	waiting(s, n)
	before := f.syncs // the writer is held, nobody else syncs
	release()
	all.Wait()
	if got := f.syncs - before; got != 2 {
		t.Errorf("%d syncs, want 2: one for the write that held the others up, one for all of those", got)
	}
	if found, err := s.Functions(t.Context(), scriptKey(""), MaxPage); err != nil || len(found) != n/2+1 {
		t.Errorf("%d functions, error %v; want %d", len(found), err, n/2+1)
	}
}

// TestNothingIsAnsweredBeforeCommit lets the sync of a commit fail on which several
// writes depend, one of them a refusal that is owed to another.
func TestNothingIsAnsweredBeforeCommit(t *testing.T) {
	f := &faults{}
	s := mustOpen(t, t.TempDir(), f.config(t, time.Now))
	held := mustCreate(t, s, "held")
	release := hold(t, s, held)
	answers := make(chan error, 2)
	for range 2 {
		go func() {
			created := held
			created.Name = "created twice"
			answers <- s.CreateFunction(context.Background(), created)
		}()
	}
	waiting(s, 2)
	f.mu.Lock()
	f.err, f.badSync = syscall.EIO, f.syncs+2 // the first is of the write that holds these up
	f.mu.Unlock()
	release()
	for range 2 {
		if err := <-answers; !errors.Is(err, ErrUnavailable) {
			t.Errorf("error is %v, want %v", err, ErrUnavailable)
		}
	}
	if f.failed != 1 {
		t.Errorf("%d syncs failed, want 1", f.failed)
	}
	mustCreate(t, s, "afterwards")
}

func TestCancelledWhileWaiting(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	held := mustCreate(t, s, "held")
	release := hold(t, s, held)
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	go func() {
		created := held
		created.Name = "given up"
		answer <- s.CreateFunction(ctx, created)
	}()
	waiting(s, 1)
	cancel()
	if err := <-answer; err != context.Canceled {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
	release()
	mustCreate(t, s, "afterwards")
	if _, err := s.Function(t.Context(), scriptKey("given up")); !errors.Is(err, ErrNotFound) {
		t.Errorf("what was given up while it waited has happened: %v", err)
	}
}

// TestCancelledUnderWay gives up a write that is in its transaction: the answer is
// what happened.
func TestCancelledUnderWay(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	f := mustCreate(t, s, "hello")
	ctx, cancel := context.WithCancel(t.Context())
	updated, err := s.UpdateFunction(ctx, f.FunctionKey, func(f *Function) error {
		cancel()
		f.Revision = "r2"
		return nil
	})
	if err != nil || updated.Revision != "r2" {
		t.Errorf("updated to %q, error %v; want r2", updated.Revision, err)
	}
	if read, err := s.Function(t.Context(), f.FunctionKey); err != nil || read.Revision != "r2" {
		t.Errorf("read %q, error %v; want r2", read.Revision, err)
	}
}

func TestCloseFinishesWhatWaits(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Config{})
	held := mustCreate(t, s, "held")
	release := hold(t, s, held)
	answers := make(chan error)
	const n = 2*maxBatch + 10
	for i := range n {
		go func() {
			created := held
			created.Name = fmt.Sprint("f", i)
			answers <- s.CreateFunction(context.Background(), created)
		}()
	}
	waiting(s, n)
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	release()
	for range n {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	s = mustOpen(t, dir, Config{})
	for i := range n {
		if _, err := s.Function(t.Context(), scriptKey(fmt.Sprint("f", i))); err != nil {
			t.Error(err)
		}
	}
}

// TestFailingWriteHurtsNobody has one write of a batch find storage failing, one
// refused after it has written, and one panic beneath the store: the others of the
// batch go through, and nothing of those three remains.
func TestFailingWriteHurtsNobody(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	held := mustCreate(t, s, "held")
	release := hold(t, s, held)
	var all sync.WaitGroup
	const n = 12
	for i := range n {
		all.Go(func() {
			var err error
			switch i {
			case 3:
				err = s.writer.do(t.Context(), func(*conn) error { return unavailable("read a page", sqlite3.CORRUPT) })
				if !errors.Is(err, ErrUnavailable) {
					t.Errorf("error is %v, want %v", err, ErrUnavailable)
				}
				return
			case 5:
				err = s.writer.do(t.Context(), func(c *conn) error {
					if _, err := c.exec(deleteFunction, held.Account, held.Region, held.Name); err != nil {
						return err
					}
					return refuse("on second thoughts: %w", ErrInvalid)
				})
				if !errors.Is(err, ErrInvalid) {
					t.Errorf("error is %v, want %v", err, ErrInvalid)
				}
				return
			case 7:
				err = s.writer.do(t.Context(), func(*conn) error { panic("out of order") })
				if err == nil || !strings.Contains(err.Error(), "out of order") {
					t.Errorf("error is %v, want one that tells of the panic", err)
				}
				return
			}
			created := held
			created.Name = fmt.Sprint("f", i)
			if err := s.CreateFunction(t.Context(), created); err != nil {
				t.Error(err)
			}
		})
	}
	waiting(s, n)
	release()
	all.Wait()
	if found, err := s.Functions(t.Context(), scriptKey(""), MaxPage); err != nil || len(found) != n-2 {
		t.Errorf("%d functions, error %v; want %d", len(found), err, n-2)
	}
}

// TestFailingReadLeavesItsConnection: what failed once is not lent again.
func TestFailingReadLeavesItsConnection(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	failed := map[*conn]bool{}
	for range 2 * cap(s.readers.idle) {
		_ = s.readers.do(t.Context(), func(c *conn) error { failed[c] = true; return unavailable("read a page", sqlite3.CORRUPT) })
		_ = s.readers.do(t.Context(), func(c *conn) error { failed[c] = true; panic("out of order") })
	}
	for range 2 * cap(s.readers.idle) {
		err := s.readers.do(t.Context(), func(c *conn) error {
			if failed[c] {
				t.Error("a connection that failed was lent again")
			}
			_, err := c.functions(selectFunction, "", "", "")
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestReadingDoesNotWait reads while a transaction is open: what was committed
// before is there, what was not is not.
func TestReadingDoesNotWait(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	f := mustCreate(t, s, "hello")
	_, err := s.UpdateFunction(t.Context(), f.FunctionKey, func(now *Function) error {
		now.Revision = "r2"
		done := make(chan error)
		go func() { // as another caller would; a change itself may not
			read, err := s.Function(context.Background(), f.FunctionKey)
			if err == nil && read.Revision != f.Revision {
				err = fmt.Errorf("read %q before it was committed", read.Revision)
			}
			done <- err
		}()
		return <-done
	})
	if err != nil {
		t.Error(err)
	}
}

// TestQueriesUseTheirIndex: no listing or lookup looks at rows it does not return.
func TestQueriesUseTheirIndex(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	for query, want := range map[string]string{
		selectFunction:   "SEARCH function USING INDEX sqlite_autoindex_function_1 (account=? AND region=? AND name=?)",
		listFunctions:    "SEARCH function USING INDEX sqlite_autoindex_function_1 (account=? AND region=? AND name>?)",
		listUnsettled:    "SEARCH function USING INDEX function_unsettled ((account,region,name)>(?,?,?))",
		codeIsNamed:      "SEARCH function USING COVERING INDEX function_code (code=?)",
		codeIsPublished:  "SEARCH function_version USING COVERING INDEX function_version_code (code=?)",
		selectVersion:    "SEARCH function_version USING INDEX sqlite_autoindex_function_version_1 (account=? AND region=? AND name=? AND version=?)",
		listVersions:     "SEARCH function_version USING INDEX sqlite_autoindex_function_version_1 (account=? AND region=? AND name=? AND version>?)",
		selectAlias:      "SEARCH function_alias USING INDEX sqlite_autoindex_function_alias_1 (account=? AND region=? AND name=? AND alias=?)",
		selectAttachment: "SEARCH function_attachment USING INDEX sqlite_autoindex_function_attachment_1 (account=? AND region=? AND name=? AND kind=? AND qualifier=?)",
	} {
		var plan []string
		err := s.readers.do(t.Context(), func(c *conn) error {
			return c.query("EXPLAIN QUERY PLAN "+query, nil, func(row *sqlite3.Stmt) error {
				plan = append(plan, row.ColumnText(3))
				return nil
			})
		})
		if err != nil || len(plan) != 1 || plan[0] != want {
			t.Errorf("%s\nis planned as %q, error %v; want %q", query, plan, err, want)
		}
	}
}

// TestSettings asks every kind of connection for what durability rests on.
func TestSettings(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{})
	for kind, do := range map[string]func(context.Context, func(*conn) error) error{"reader": s.readers.do, "writer": s.writer.between} {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "checksum_verification": "1", "busy_timeout": "5000",
		} {
			var got string
			err := do(t.Context(), func(c *conn) error {
				return c.query("PRAGMA "+pragma, nil, func(row *sqlite3.Stmt) error {
					got = row.ColumnText(0)
					return nil
				})
			})
			if err != nil || got != want {
				t.Errorf("%s: %s is %q, error %v; want %q", kind, pragma, got, err, want)
			}
		}
	}
	err := s.readers.do(t.Context(), func(c *conn) error { _, err := c.exec("DELETE FROM function"); return err })
	if !errors.Is(err, sqlite3.READONLY) {
		t.Errorf("a reader could write: %v", err)
	}
}
