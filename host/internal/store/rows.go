package store

import (
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

const (
	columns = `account, region, name, revision, state, last_update_status, code, modified, configuration`

	insertFunction = `INSERT INTO function (` + columns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
		ON CONFLICT (account, region, name) DO NOTHING`
	updateFunction = `UPDATE function SET revision = ?4, state = ?5, last_update_status = ?6, code = ?7, modified = ?8,
		configuration = ?9 WHERE account = ?1 AND region = ?2 AND name = ?3`
	deleteFunction = `DELETE FROM function WHERE account = ?1 AND region = ?2 AND name = ?3`
	selectFunction = `SELECT ` + columns + ` FROM function WHERE account = ?1 AND region = ?2 AND name = ?3`
	listFunctions  = `SELECT ` + columns + ` FROM function WHERE account = ?1 AND region = ?2 AND name > ?3 ORDER BY name LIMIT ?4`
	listUnsettled  = `SELECT ` + columns + ` FROM function WHERE (state = 'Pending' OR last_update_status = 'InProgress')
		AND (account, region, name) > (?1, ?2, ?3) ORDER BY account, region, name LIMIT ?4`
	codeIsNamed     = `SELECT 1 FROM function WHERE code = ?1 LIMIT 1`
	codeIsPublished = `SELECT 1 FROM function_version WHERE code = ?1 LIMIT 1`
)

// values are a function in the order of columns.
func values(f Function) []any {
	return []any{f.Account, f.Region, f.Name, f.Revision, string(f.State), string(f.LastUpdateStatus), f.Code[:],
		f.Modified.UnixMicro(), notNull(f.Configuration)}
}

// notNull keeps nil from being stored as NULL.
func notNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// scan reads a function from a row of columns.
func scan(s *sqlite3.Stmt) (f Function, err error) {
	f = Function{
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
}

// list runs a query whose rows are columns.
func (c *conn) list(sql string, args ...any) ([]Function, error) { return rows(c, sql, args, scan) }

// function reads one; its absence is a refusal.
func (c *conn) function(key FunctionKey) (Function, error) {
	found, err := c.list(selectFunction, key.Account, key.Region, key.Name)
	return only(found, err, "%w: %s", ErrNotFound, key)
}
