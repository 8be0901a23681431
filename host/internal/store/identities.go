package store

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"
)

const (
	keyColumns = `id, account, role, created, secret`

	insertKey = `INSERT INTO access_key (` + keyColumns + `) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING`
	deleteKey = `DELETE FROM access_key WHERE id = ?1`
	selectKey = `SELECT ` + keyColumns + ` FROM access_key WHERE id = ?1`
	listKeys  = `SELECT ` + keyColumns + ` FROM access_key WHERE id > ?1 ORDER BY id LIMIT ?2`

	identityColumns = `account, kind, name, created, configuration`

	insertIdentity = `INSERT INTO identity (` + identityColumns + `) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (account, kind, name) DO NOTHING`
	updateIdentity = `UPDATE identity SET created = ?4, configuration = ?5 WHERE account = ?1 AND kind = ?2 AND name = ?3`
	deleteIdentity = `DELETE FROM identity WHERE account = ?1 AND kind = ?2 AND name = ?3`
	selectIdentity = `SELECT ` + identityColumns + ` FROM identity WHERE account = ?1 AND kind = ?2 AND name = ?3`
	listIdentities = `SELECT ` + identityColumns + ` FROM identity WHERE account = ?1 AND kind = ?2 AND name > ?3 ORDER BY name LIMIT ?4`
)

// keys runs a query whose rows are keyColumns.
func (c *conn) keys(sql string, args ...any) ([]AccessKey, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (AccessKey, error) {
		return AccessKey{
			ID: s.ColumnText(0), Account: s.ColumnText(1), Role: s.ColumnText(2),
			Created: time.UnixMicro(s.ColumnInt64(3)).UTC(), Secret: s.ColumnBlob(4, nil),
		}, nil
	})
}

// identityValues are an identity in the order of identityColumns.
func identityValues(i Identity) []any {
	return []any{i.Account, string(i.Kind), i.Name, i.Created.UnixMicro(), notNull(i.Configuration)}
}

// identities runs a query whose rows are identityColumns.
func (c *conn) identities(sql string, args ...any) ([]Identity, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Identity, error) {
		return Identity{
			IdentityKey: IdentityKey{Account: s.ColumnText(0), Kind: IdentityKind(s.ColumnText(1)), Name: s.ColumnText(2)},
			Created:     time.UnixMicro(s.ColumnInt64(3)).UTC(), Configuration: s.ColumnBlob(4, nil),
		}, nil
	})
}

// identity reads one; its absence is a refusal.
func (c *conn) identity(key IdentityKey) (Identity, error) {
	found, err := c.identities(selectIdentity, key.Account, string(key.Kind), key.Name)
	return only(found, err, "%w: %s", ErrNoIdentity, key)
}

// CreateAccessKey implements Store.
func (s *SQLite) CreateAccessKey(ctx context.Context, k AccessKey) error {
	if err := k.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		created, err := c.exec(insertKey, k.ID, k.Account, k.Role, k.Created.UnixMicro(), notNull(k.Secret))
		if err == nil && created == 0 {
			return refuse("%w: %s", ErrKeyExists, k.ID)
		}
		return err
	})
}

// AccessKey implements Store.
func (s *SQLite) AccessKey(ctx context.Context, id string) (AccessKey, error) {
	return read(ctx, s, func(c *conn) (AccessKey, error) {
		found, err := c.keys(selectKey, id)
		return only(found, err, "%w: %s", ErrNoKey, id)
	})
}

// DeleteAccessKey implements Store.
func (s *SQLite) DeleteAccessKey(ctx context.Context, id string) error {
	return s.write(ctx, func(c *conn) error {
		removed, err := c.exec(deleteKey, id)
		if err == nil && removed == 0 {
			return refuse("%w: %s", ErrNoKey, id)
		}
		return err
	})
}

// AccessKeys implements Store.
func (s *SQLite) AccessKeys(ctx context.Context, after string, limit int) ([]AccessKey, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]AccessKey, error) { return c.keys(listKeys, after, int64(limit)) })
}

// CreateIdentity implements Store.
func (s *SQLite) CreateIdentity(ctx context.Context, i Identity) error {
	if err := i.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		created, err := c.exec(insertIdentity, identityValues(i)...)
		if err == nil && created == 0 {
			return refuse("%w: %s", ErrIdentityExists, i.IdentityKey)
		}
		return err
	})
}

// Identity implements Store.
func (s *SQLite) Identity(ctx context.Context, key IdentityKey) (Identity, error) {
	return read(ctx, s, func(c *conn) (Identity, error) { return c.identity(key) })
}

// UpdateIdentity implements Store.
func (s *SQLite) UpdateIdentity(ctx context.Context, key IdentityKey, change func(*Identity) error) (Identity, error) {
	var updated Identity // written before the answer is sent, read after it
	err := s.write(ctx, func(c *conn) error {
		after, err := c.identity(key)
		if err != nil {
			return err
		}
		if after, err = altered(after, key.String(), change, func(r Identity) IdentityKey { return r.IdentityKey }); err != nil {
			return err
		}
		updated = after
		_, err = c.exec(updateIdentity, identityValues(after)...)
		return err
	})
	if err != nil {
		return Identity{}, err
	}
	updated.Created = time.UnixMicro(updated.Created.UnixMicro()).UTC()
	return updated, nil
}

// DeleteIdentity implements Store.
func (s *SQLite) DeleteIdentity(ctx context.Context, key IdentityKey, check func(Identity) error) error {
	return s.write(ctx, func(c *conn) error {
		i, err := c.identity(key)
		if err != nil {
			return err
		}
		if check != nil {
			if err := contained("check of "+key.String(), func() error { return check(i) }); err != nil {
				return refusal{err}
			}
		}
		_, err = c.exec(deleteIdentity, key.Account, string(key.Kind), key.Name)
		return err
	})
}

// Identities implements Store.
func (s *SQLite) Identities(ctx context.Context, after IdentityKey, limit int) ([]Identity, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Identity, error) {
		return c.identities(listIdentities, after.Account, string(after.Kind), after.Name, int64(limit))
	})
}
