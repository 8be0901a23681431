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
func (c *conn) mappings(sql string, args ...any) ([]Mapping, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Mapping, error) {
		return Mapping{
			MappingKey:    MappingKey{Account: s.ColumnText(0), Region: s.ColumnText(1), UUID: s.ColumnText(2)},
			Function:      s.ColumnText(3),
			Source:        s.ColumnText(4),
			Revision:      s.ColumnText(5),
			Configuration: s.ColumnBlob(6, nil),
		}, nil
	})
}

// mapping reads one; its absence is a refusal.
func (c *conn) mapping(key MappingKey) (Mapping, error) {
	found, err := c.mappings(selectMapping, key.Account, key.Region, key.UUID)
	return only(found, err, "%w: %s", ErrNoMapping, key)
}

// CreateMapping implements Store.
func (s *SQLite) CreateMapping(ctx context.Context, m Mapping) error {
	if err := m.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		created, err := c.exec(insertMapping, mappingValues(m)...)
		if err == nil && created == 0 {
			return refuse("%w: %s", ErrMappingExists, m.MappingKey)
		}
		return err
	})
}

// Mapping implements Store.
func (s *SQLite) Mapping(ctx context.Context, key MappingKey) (Mapping, error) {
	return read(ctx, s, func(c *conn) (Mapping, error) { return c.mapping(key) })
}

// UpdateMapping implements Store.
func (s *SQLite) UpdateMapping(ctx context.Context, key MappingKey, change func(*Mapping) error) (Mapping, error) {
	var updated Mapping // written before the answer is sent, read after it
	err := s.write(ctx, func(c *conn) error {
		after, err := c.mapping(key)
		if err != nil {
			return err
		}
		if after, err = altered(after, "event source mapping "+key.String(), change, func(r Mapping) MappingKey { return r.MappingKey }); err != nil {
			return err
		}
		updated = after
		_, err = c.exec(updateMapping, mappingValues(after)...)
		return err
	})
	if err != nil {
		return Mapping{}, err
	}
	return updated, nil
}

// DeleteMapping implements Store.
func (s *SQLite) DeleteMapping(ctx context.Context, key MappingKey) error {
	return s.write(ctx, func(c *conn) error {
		gone, err := c.exec(deleteMapping, key.Account, key.Region, key.UUID)
		if err == nil && gone == 0 {
			return refuse("%w: %s", ErrNoMapping, key)
		}
		return err
	})
}

// Mappings implements Store.
func (s *SQLite) Mappings(ctx context.Context, after MappingKey, function, source string, limit int) ([]Mapping, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Mapping, error) {
		return c.mappings(listMappings, after.Account, after.Region, after.UUID, function, source, int64(limit))
	})
}
