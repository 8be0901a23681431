package store

import (
	"context"
	"fmt"
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

// blob is b as an argument: nil would be NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (c *conn) keyRows(sql string, args ...any) (all []AccessKey, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		all = append(all, AccessKey{
			ID: s.ColumnText(0), Account: s.ColumnText(1), Role: s.ColumnText(2),
			Created: time.UnixMicro(s.ColumnInt64(3)).UTC(), Secret: s.ColumnBlob(4, nil),
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func identityValues(i Identity) []any {
	return []any{i.Account, string(i.Kind), i.Name, i.Created.UnixMicro(), blob(i.Configuration)}
}

func (c *conn) identityRows(sql string, args ...any) (all []Identity, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		all = append(all, Identity{
			IdentityKey: IdentityKey{Account: s.ColumnText(0), Kind: IdentityKind(s.ColumnText(1)), Name: s.ColumnText(2)},
			Created:     time.UnixMicro(s.ColumnInt64(3)).UTC(), Configuration: s.ColumnBlob(4, nil),
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// identity reads one; its absence is a refusal.
func (c *conn) identity(key IdentityKey) (Identity, error) {
	found, err := c.identityRows(selectIdentity, key.Account, string(key.Kind), key.Name)
	if err == nil && len(found) == 0 {
		err = refuse("%w: %s", ErrNoIdentity, key)
	}
	if err != nil {
		return Identity{}, err
	}
	return found[0], nil
}

// write runs a write and answers what it does.
func (s *SQLite) write(ctx context.Context, do func(c *conn) error) error {
	return s.during(func() error { return s.writer.do(ctx, do) })
}

// read runs a read.
func (s *SQLite) read(ctx context.Context, do func(c *conn) error) error {
	return s.during(func() error { return s.readers.do(ctx, do) })
}

// CreateAccessKey implements Store.
func (s *SQLite) CreateAccessKey(ctx context.Context, k AccessKey) error {
	if err := k.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		created, err := c.exec(insertKey, k.ID, k.Account, k.Role, k.Created.UnixMicro(), blob(k.Secret))
		if err == nil && created == 0 {
			return refuse("%w: %s", ErrKeyExists, k.ID)
		}
		return err
	})
}

// AccessKey implements Store.
func (s *SQLite) AccessKey(ctx context.Context, id string) (k AccessKey, err error) {
	err = s.read(ctx, func(c *conn) error {
		found, err := c.keyRows(selectKey, id)
		if err == nil && len(found) == 0 {
			return refuse("%w: %s", ErrNoKey, id)
		}
		if err == nil {
			k = found[0]
		}
		return err
	})
	return k, err
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
func (s *SQLite) AccessKeys(ctx context.Context, after string, limit int) (all []AccessKey, err error) {
	if limit < 1 || limit > MaxPage {
		return nil, fmt.Errorf("%w: limit is %d, allowed are 1 to %d", ErrInvalid, limit, MaxPage)
	}
	err = s.read(ctx, func(c *conn) (err error) {
		all, err = c.keyRows(listKeys, after, int64(limit))
		return err
	})
	return all, err
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
func (s *SQLite) Identity(ctx context.Context, key IdentityKey) (i Identity, err error) {
	err = s.read(ctx, func(c *conn) (err error) {
		i, err = c.identity(key)
		return err
	})
	return i, err
}

// UpdateIdentity implements Store.
func (s *SQLite) UpdateIdentity(ctx context.Context, key IdentityKey, change func(*Identity) error) (Identity, error) {
	var updated Identity // written before the answer is sent, read after it
	err := s.write(ctx, func(c *conn) error {
		after, err := c.identity(key)
		if err != nil {
			return err
		}
		if err := contained("change of "+key.String(), func() error { return change(&after) }); err != nil {
			return refusal{err}
		}
		if after.IdentityKey != key {
			return refuse("%w: change made %s of %s, which must stay", ErrInvalid, after.IdentityKey, key)
		}
		if err := after.Check(); err != nil {
			return refusal{err}
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
func (s *SQLite) Identities(ctx context.Context, after IdentityKey, limit int) (all []Identity, err error) {
	if limit < 1 || limit > MaxPage {
		return nil, fmt.Errorf("%w: limit is %d, allowed are 1 to %d", ErrInvalid, limit, MaxPage)
	}
	err = s.read(ctx, func(c *conn) (err error) {
		all, err = c.identityRows(listIdentities, after.Account, string(after.Kind), after.Name, int64(limit))
		return err
	})
	return all, err
}
