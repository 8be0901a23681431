package store

import (
	"context"

	"github.com/ncruces/go-sqlite3"
)

const (
	mappingColumns = `account, region, uuid, function, source, revision, configuration`

	insertMapping = `INSERT INTO event_source_mapping (` + mappingColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
		ON CONFLICT (account, region, uuid) DO NOTHING`
	updateMapping = `UPDATE event_source_mapping SET function = ?4, source = ?5, revision = ?6, configuration = ?7
		WHERE account = ?1 AND region = ?2 AND uuid = ?3`
	deleteMapping = `DELETE FROM event_source_mapping WHERE account = ?1 AND region = ?2 AND uuid = ?3`
	selectMapping = `SELECT ` + mappingColumns + ` FROM event_source_mapping WHERE account = ?1 AND region = ?2 AND uuid = ?3`
	listMappings  = `SELECT ` + mappingColumns + ` FROM event_source_mapping WHERE account = ?1 AND region = ?2 AND uuid > ?3
		AND (?4 = '' OR function = ?4) AND (?5 = '' OR source = ?5) ORDER BY uuid LIMIT ?6`
)

// mappingValues are an event source mapping in the order of mappingColumns.
func mappingValues(m Mapping) []any {
	return []any{m.Account, m.Region, m.UUID, m.Function, m.Source, m.Revision, notNull(m.Configuration)}
}

// mappings runs a query whose rows are mappingColumns.
func (c *conn) mappings(sql string, args ...any) (all []Mapping, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		all = append(all, Mapping{
			MappingKey:    MappingKey{Account: s.ColumnText(0), Region: s.ColumnText(1), UUID: s.ColumnText(2)},
			Function:      s.ColumnText(3),
			Source:        s.ColumnText(4),
			Revision:      s.ColumnText(5),
			Configuration: s.ColumnBlob(6, nil),
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// mapping reads one; its absence is a refusal.
func (c *conn) mapping(key MappingKey) (Mapping, error) {
	found, err := c.mappings(selectMapping, key.Account, key.Region, key.UUID)
	if err != nil {
		return Mapping{}, err
	}
	if len(found) == 0 {
		return Mapping{}, refuse("%w: %s", ErrNoMapping, key)
	}
	return found[0], nil
}

// CreateMapping implements Store.
func (s *SQLite) CreateMapping(ctx context.Context, m Mapping) error {
	if err := m.Check(); err != nil {
		return err
	}
	return s.during(func() error {
		return s.writer.do(ctx, func(c *conn) error {
			created, err := c.exec(insertMapping, mappingValues(m)...)
			if err == nil && created == 0 {
				return refuse("%w: %s", ErrMappingExists, m.MappingKey)
			}
			return err
		})
	})
}

// Mapping implements Store.
func (s *SQLite) Mapping(ctx context.Context, key MappingKey) (m Mapping, err error) {
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			m, err = c.mapping(key)
			return err
		})
	})
	return m, err
}

// UpdateMapping implements Store.
func (s *SQLite) UpdateMapping(ctx context.Context, key MappingKey, change func(*Mapping) error) (Mapping, error) {
	var updated Mapping // written before the answer is sent, read after it
	err := s.during(func() error {
		return s.writer.do(ctx, func(c *conn) error {
			after, err := c.mapping(key)
			if err != nil {
				return err
			}
			if err := contained("change of event source mapping "+key.String(), func() error { return change(&after) }); err != nil {
				return refusal{err}
			}
			if after.MappingKey != key {
				return refuse("%w: change made %s of event source mapping %s, which must stay", ErrInvalid, after.MappingKey, key)
			}
			if err := after.Check(); err != nil {
				return refusal{err}
			}
			updated = after
			_, err = c.exec(updateMapping, mappingValues(after)...)
			return err
		})
	})
	if err != nil {
		return Mapping{}, err
	}
	return updated, nil
}

// DeleteMapping implements Store.
func (s *SQLite) DeleteMapping(ctx context.Context, key MappingKey) error {
	return s.during(func() error {
		return s.writer.do(ctx, func(c *conn) error {
			gone, err := c.exec(deleteMapping, key.Account, key.Region, key.UUID)
			if err == nil && gone == 0 {
				return refuse("%w: %s", ErrNoMapping, key)
			}
			return err
		})
	})
}

// Mappings implements Store.
func (s *SQLite) Mappings(ctx context.Context, after MappingKey, function, source string, limit int) (all []Mapping, err error) {
	if err := checkPage(limit); err != nil {
		return nil, err
	}
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			all, err = c.mappings(listMappings, after.Account, after.Region, after.UUID, function, source, int64(limit))
			return err
		})
	})
	return all, err
}
