package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// Version is a published version of a function as stored.
type Version struct {
	FunctionKey
	Number        int64  // 1 or more
	Revision      string // as a Function's
	State         State
	Code          Digest    // of the code package
	Modified      time.Time // kept to the microsecond, returned in UTC
	Configuration []byte    // what the service makes of it; at most MaxConfiguration bytes
}

// Check returns ErrInvalid if no store can keep v.
func (v Version) Check() error {
	if v.Number < 1 {
		return fmt.Errorf("%w: version's number is %d, allowed are 1 and more", ErrInvalid, v.Number)
	}
	return Function{
		FunctionKey: v.FunctionKey, Revision: v.Revision, State: v.State, Configuration: v.Configuration,
	}.Check()
}

const (
	versionColumns = `account, region, name, version, revision, state, code, modified, configuration`

	putVersion = `INSERT INTO function_version (` + versionColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
		ON CONFLICT (account, region, name, version) DO UPDATE SET revision = excluded.revision, state = excluded.state,
		code = excluded.code, modified = excluded.modified, configuration = excluded.configuration`
	deleteVersion = `DELETE FROM function_version WHERE account = ?1 AND region = ?2 AND name = ?3 AND version = ?4`
	selectVersion = `SELECT ` + versionColumns + ` FROM function_version WHERE account = ?1 AND region = ?2 AND name = ?3 AND version = ?4`
	listVersions  = `SELECT ` + versionColumns + ` FROM function_version WHERE account = ?1 AND region = ?2 AND name = ?3
		AND version > ?4 ORDER BY version LIMIT ?5`
)

// versions runs a query whose rows are versionColumns.
func (c *conn) versions(sql string, args ...any) ([]Version, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Version, error) {
		v := Version{
			FunctionKey:   FunctionKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Number:        s.ColumnInt64(3),
			Revision:      s.ColumnText(4),
			State:         State(s.ColumnText(5)),
			Modified:      time.UnixMicro(s.ColumnInt64(7)).UTC(),
			Configuration: s.ColumnBlob(8, nil),
		}
		if n := copy(v.Code[:], s.ColumnRawBlob(6)); n != len(v.Code) {
			return v, fmt.Errorf("version %d of function %s: its digest has %d bytes, want %d", v.Number, v.FunctionKey, n, len(v.Code))
		}
		return v, nil
	})
}

// version reads one; its absence is a refusal.
func (c *conn) version(key FunctionKey, number int64) (Version, error) {
	found, err := c.versions(selectVersion, key.Account, key.Region, key.Name, number)
	return only(found, err, "%w: %s:%d", ErrNoVersion, key, number)
}

// Version implements Store.
func (s *SQLite) Version(ctx context.Context, key FunctionKey, number int64) (Version, error) {
	return read(ctx, s, func(c *conn) (Version, error) { return c.version(key, number) })
}

// Versions implements Store.
func (s *SQLite) Versions(ctx context.Context, key FunctionKey, after int64, limit int) ([]Version, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Version, error) {
		return c.versions(listVersions, key.Account, key.Region, key.Name, after, int64(limit))
	})
}
