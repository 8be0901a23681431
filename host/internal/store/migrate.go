package store

import (
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/lambent-dev/lambent/host/internal/store/schema"
)

// migrate applies the migrations that the database lacks, one transaction each.
func (c *conn) migrate(all []schema.Migration, now func() time.Time) error {
	if err := c.db.Exec(schema.Record(schema.SQLite)); err != nil {
		return unavailable("make the table of migrations", err)
	}
	var version int64
	err := c.query("SELECT COALESCE(MAX(version), 0) FROM schema_migration", nil, func(s *sqlite3.Stmt) error {
		version = s.ColumnInt64(0)
		return nil
	})
	if err != nil {
		return err
	}
	newest := int64(len(all))
	if version > newest {
		return fmt.Errorf("%w: its schema has version %d, this program knows up to %d", ErrNewer, version, newest)
	}
	for _, m := range all[version:] {
		if err := c.apply(m, now()); err != nil {
			return fmt.Errorf("migration %d, %s: %w", m.Version, m.Name, err)
		}
	}
	return nil
}

func (c *conn) apply(m schema.Migration, at time.Time) error {
	if _, err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := c.db.Exec(m.SQL); err != nil {
		return unavailable("apply it", err) // closing the connection rolls back
	}
	if _, err := c.exec("INSERT INTO schema_migration (version, name, applied) VALUES (?1, ?2, ?3)", m.Version, m.Name, at.UnixMicro()); err != nil {
		return err
	}
	_, err := c.exec("COMMIT")
	return err
}
