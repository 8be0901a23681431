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
func (c *conn) versions(sql string, args ...any) (all []Version, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		v := Version{
			FunctionKey:   FunctionKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Number:        s.ColumnInt64(3),
			Revision:      s.ColumnText(4),
			State:         State(s.ColumnText(5)),
			Modified:      time.UnixMicro(s.ColumnInt64(7)).UTC(),
			Configuration: s.ColumnBlob(8, nil),
		}
		if n := copy(v.Code[:], s.ColumnRawBlob(6)); n != len(v.Code) {
			return fmt.Errorf("version %d of function %s: its digest has %d bytes, want %d", v.Number, v.FunctionKey, n, len(v.Code))
		}
		all = append(all, v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// version reads one; its absence is a refusal.
func (c *conn) version(key FunctionKey, number int64) (Version, error) {
	found, err := c.versions(selectVersion, key.Account, key.Region, key.Name, number)
	if err != nil {
		return Version{}, err
	}
	if len(found) == 0 {
		return Version{}, refuse("%w: %s:%d", ErrNoVersion, key, number)
	}
	return found[0], nil
}

// Version implements Store.
func (s *SQLite) Version(ctx context.Context, key FunctionKey, number int64) (v Version, err error) {
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			v, err = c.version(key, number)
			return err
		})
	})
	return v, err
}

// Versions implements Store.
func (s *SQLite) Versions(ctx context.Context, key FunctionKey, after int64, limit int) (all []Version, err error) {
	if err := checkPage(limit); err != nil {
		return nil, err
	}
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			all, err = c.versions(listVersions, key.Account, key.Region, key.Name, after, int64(limit))
			return err
		})
	})
	return all, err
}

func checkPage(limit int) error {
	if limit < 1 || limit > MaxPage {
		return fmt.Errorf("%w: limit is %d, allowed are 1 to %d", ErrInvalid, limit, MaxPage)
	}
	return nil
}
