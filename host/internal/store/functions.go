package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

const (
	functionColumns = `account, region, name, revision, state, last_update_status, code, modified, configuration`

	insertFunction = `INSERT INTO function (` + functionColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
		ON CONFLICT (account, region, name) DO NOTHING`
	updateFunction = `UPDATE function SET revision = ?4, state = ?5, last_update_status = ?6, code = ?7, modified = ?8,
		configuration = ?9 WHERE account = ?1 AND region = ?2 AND name = ?3`
	deleteFunction = `DELETE FROM function WHERE account = ?1 AND region = ?2 AND name = ?3`
	selectFunction = `SELECT ` + functionColumns + ` FROM function WHERE account = ?1 AND region = ?2 AND name = ?3`
	listFunctions  = `SELECT ` + functionColumns + ` FROM function WHERE account = ?1 AND region = ?2 AND name > ?3 ORDER BY name LIMIT ?4`
	listUnsettled  = `SELECT ` + functionColumns + ` FROM function WHERE (state = 'Pending' OR last_update_status = 'InProgress')
		AND (account, region, name) > (?1, ?2, ?3) ORDER BY account, region, name LIMIT ?4`
)

// functionValues are a function in the order of functionColumns.
func functionValues(f Function) []any {
	return []any{f.Account, f.Region, f.Name, f.Revision, string(f.State), string(f.LastUpdateStatus), f.Code[:],
		f.Modified.UnixMicro(), notNull(f.Configuration)}
}

// functions runs a query whose rows are functionColumns.
func (c *conn) functions(sql string, args ...any) ([]Function, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Function, error) {
		f := Function{
			FunctionKey:      FunctionKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Revision:         s.ColumnText(3),
			State:            State(s.ColumnText(4)),
			LastUpdateStatus: UpdateStatus(s.ColumnText(5)),
			Modified:         time.UnixMicro(s.ColumnInt64(7)).UTC(),
			Configuration:    s.ColumnBlob(8, nil),
		}
		if n := copy(f.Code[:], s.ColumnRawBlob(6)); n != len(f.Code) {
			return f, fmt.Errorf("function %s: its digest has %d bytes, want %d", f.FunctionKey, n, len(f.Code))
		}
		return f, nil
	})
}

// function reads one; its absence is a refusal.
func (c *conn) function(key FunctionKey) (Function, error) {
	found, err := c.functions(selectFunction, key.Account, key.Region, key.Name)
	return only(found, err, "%w: %s", ErrNotFound, key)
}

// CreateFunction implements Store.
func (s *SQLite) CreateFunction(ctx context.Context, f Function) error {
	return s.write(ctx, func(c *conn) error { return s.insert(c, f) })
}

func (s *SQLite) insert(c *conn, f Function) error {
	if err := refusing(f.Check()); err != nil {
		return err
	}
	if err := s.mustHave(f.Code); err != nil {
		return err
	}
	created, err := c.exec(insertFunction, functionValues(f)...)
	if err == nil && created == 0 {
		return refuse("%w: %s", ErrExists, f.FunctionKey)
	}
	return err
}

// Function implements Store.
func (s *SQLite) Function(ctx context.Context, key FunctionKey) (Function, error) {
	return read(ctx, s, func(c *conn) (Function, error) { return c.function(key) })
}

// UpdateFunction implements Store.
func (s *SQLite) UpdateFunction(ctx context.Context, key FunctionKey, change func(*Function) error) (Function, error) {
	var updated Function // written before the answer is sent, read after it
	err := s.write(ctx, func(c *conn) error {
		before, err := c.function(key)
		if err != nil {
			return err
		}
		after := before
		if err := contained("change of function "+key.String(), func() error { return change(&after) }); err != nil {
			return refusal{err}
		}
		if after.FunctionKey != key {
			return refuse("%w: change made %s of function %s, which must stay", ErrInvalid, after.FunctionKey, key)
		}
		updated = after
		return s.replace(c, before, after)
	})
	if err != nil {
		return Function{}, err
	}
	return updated.asStored(), nil
}

func (s *SQLite) replace(c *conn, before, after Function) error {
	if err := refusing(after.Check()); err != nil {
		return err
	}
	if after.Code != before.Code {
		if err := s.mustHave(after.Code); err != nil {
			return err
		}
	}
	_, err := c.exec(updateFunction, functionValues(after)...)
	return err
}

// DeleteFunction implements Store.
func (s *SQLite) DeleteFunction(ctx context.Context, key FunctionKey, check func(Function) error) error {
	return s.write(ctx, func(c *conn) error {
		f, err := c.function(key)
		if err != nil {
			return err
		}
		if check != nil {
			if err := contained("check of function "+key.String(), func() error { return check(f) }); err != nil {
				return refusal{err}
			}
		}
		_, err = c.exec(deleteFunction, key.Account, key.Region, key.Name)
		return err
	})
}

// Functions implements Store.
func (s *SQLite) Functions(ctx context.Context, after FunctionKey, limit int) ([]Function, error) {
	return s.page(ctx, listFunctions, after, limit)
}

// Unsettled implements Store.
func (s *SQLite) Unsettled(ctx context.Context, after FunctionKey, limit int) ([]Function, error) {
	return s.page(ctx, listUnsettled, after, limit)
}

func (s *SQLite) page(ctx context.Context, query string, after FunctionKey, limit int) ([]Function, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Function, error) {
		return c.functions(query, after.Account, after.Region, after.Name, int64(limit))
	})
}

// mustHave refuses a write that would name code that is not there.
func (s *SQLite) mustHave(code Digest) error {
	there, err := s.code.has(code)
	if err != nil {
		return refusal{err} // the database itself is fine
	}
	if !there {
		return refuse("%w: %s", ErrNoCode, code)
	}
	return nil
}
