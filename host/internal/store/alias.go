package store

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// Alias is an alias of a function as stored.
type Alias struct {
	FunctionKey
	Alias         string // 1 to 140 bytes of UTF-8 without NUL
	Version       int64  // it points to; 0 is $LATEST
	Additional    int64  // the version that gets a part of the events; 0 if none does
	Revision      string // as a Function's
	Configuration []byte // what the service makes of it; at most MaxConfiguration bytes
}

// AnyVersion has Aliases list all.
const AnyVersion = -1

// Check returns ErrInvalid if no store can keep a.
func (a Alias) Check() error {
	if a.Version < 0 || a.Additional < 0 {
		return fmt.Errorf("%w: alias's versions are %d and %d, allowed are 0 and more", ErrInvalid, a.Version, a.Additional)
	}
	if err := checkText("alias's name", a.Alias); err != nil {
		return err
	}
	return Function{
		FunctionKey: a.FunctionKey, Revision: a.Revision, State: StateActive, Configuration: a.Configuration,
	}.Check()
}

const (
	aliasColumns = `account, region, name, alias, version, additional, revision, configuration`

	putAlias = `INSERT INTO function_alias (` + aliasColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
		ON CONFLICT (account, region, name, alias) DO UPDATE SET version = excluded.version, additional = excluded.additional,
		revision = excluded.revision, configuration = excluded.configuration`
	deleteAlias = `DELETE FROM function_alias WHERE account = ?1 AND region = ?2 AND name = ?3 AND alias = ?4`
	selectAlias = `SELECT ` + aliasColumns + ` FROM function_alias WHERE account = ?1 AND region = ?2 AND name = ?3 AND alias = ?4`
	listAliases = `SELECT ` + aliasColumns + ` FROM function_alias WHERE account = ?1 AND region = ?2 AND name = ?3
		AND alias > ?4 AND (?5 < 0 OR version = ?5) ORDER BY alias LIMIT ?6`
	listNaming = `SELECT ` + aliasColumns + ` FROM function_alias WHERE account = ?1 AND region = ?2 AND name = ?3
		AND (version = ?4 OR additional = ?4) ORDER BY alias LIMIT ?5`
)

// aliases runs a query whose rows are aliasColumns.
func (c *conn) aliases(sql string, args ...any) ([]Alias, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Alias, error) {
		return Alias{
			FunctionKey:   FunctionKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Alias:         s.ColumnText(3),
			Version:       s.ColumnInt64(4),
			Additional:    s.ColumnInt64(5),
			Revision:      s.ColumnText(6),
			Configuration: s.ColumnBlob(7, nil),
		}, nil
	})
}

// alias reads one; its absence is a refusal.
func (c *conn) alias(key FunctionKey, alias string) (Alias, error) {
	found, err := c.aliases(selectAlias, key.Account, key.Region, key.Name, alias)
	return only(found, err, "%w: %s:%s", ErrNoAlias, key, alias)
}

// Alias implements Store.
func (s *SQLite) Alias(ctx context.Context, key FunctionKey, alias string) (Alias, error) {
	return read(ctx, s, func(c *conn) (Alias, error) { return c.alias(key, alias) })
}

// Aliases implements Store.
func (s *SQLite) Aliases(ctx context.Context, key FunctionKey, after string, version int64, limit int) ([]Alias, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Alias, error) {
		return c.aliases(listAliases, key.Account, key.Region, key.Name, after, version, int64(limit))
	})
}
