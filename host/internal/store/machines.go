package store

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"
)

const (
	machineColumns = `account, region, name, revision, type, created, updated, definition, configuration`

	insertMachine = `INSERT INTO state_machine (` + machineColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
		ON CONFLICT (account, region, name) DO NOTHING`
	updateMachine = `UPDATE state_machine SET revision = ?4, type = ?5, created = ?6, updated = ?7, definition = ?8,
		configuration = ?9 WHERE account = ?1 AND region = ?2 AND name = ?3`
	deleteMachine = `DELETE FROM state_machine WHERE account = ?1 AND region = ?2 AND name = ?3`
	selectMachine = `SELECT ` + machineColumns + ` FROM state_machine WHERE account = ?1 AND region = ?2 AND name = ?3`
	// A page has no definitions: they may be a megabyte each.
	listMachines = `SELECT account, region, name, revision, type, created, updated, '' AS definition, configuration
		FROM state_machine WHERE account = ?1 AND region = ?2 AND name > ?3 ORDER BY name LIMIT ?4`
)

// machineValues are a state machine in the order of machineColumns.
func machineValues(m Machine) []any {
	return []any{m.Account, m.Region, m.Name, m.Revision, string(m.Type), m.Created.UnixMicro(), m.Updated.UnixMicro(),
		notNull(m.Definition), notNull(m.Configuration)}
}

// machines runs a query whose rows are machineColumns.
func (c *conn) machines(sql string, args ...any) ([]Machine, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Machine, error) {
		return Machine{
			MachineKey:    MachineKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Revision:      s.ColumnText(3),
			Type:          MachineType(s.ColumnText(4)),
			Created:       time.UnixMicro(s.ColumnInt64(5)).UTC(),
			Updated:       time.UnixMicro(s.ColumnInt64(6)).UTC(),
			Definition:    s.ColumnBlob(7, nil),
			Configuration: s.ColumnBlob(8, nil),
		}, nil
	})
}

// machine reads one; its absence is a refusal.
func (c *conn) machine(key MachineKey) (Machine, error) {
	found, err := c.machines(selectMachine, key.Account, key.Region, key.Name)
	return only(found, err, "%w: %s", ErrNoMachine, key)
}

// CreateMachine implements Store.
func (s *SQLite) CreateMachine(ctx context.Context, m Machine) error {
	if err := m.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		created, err := c.exec(insertMachine, machineValues(m)...)
		if err == nil && created == 0 {
			return refuse("%w: %s", ErrMachineExists, m.MachineKey)
		}
		return err
	})
}

// Machine implements Store.
func (s *SQLite) Machine(ctx context.Context, key MachineKey) (Machine, error) {
	return read(ctx, s, func(c *conn) (Machine, error) { return c.machine(key) })
}

// UpdateMachine implements Store.
func (s *SQLite) UpdateMachine(ctx context.Context, key MachineKey, change func(*Machine) error) (Machine, error) {
	var updated Machine // written before the answer is sent, read after it
	err := s.write(ctx, func(c *conn) error {
		after, err := c.machine(key)
		if err != nil {
			return err
		}
		if after, err = altered(after, "state machine "+key.String(), change, func(r Machine) MachineKey { return r.MachineKey }); err != nil {
			return err
		}
		updated = after
		_, err = c.exec(updateMachine, machineValues(after)...)
		return err
	})
	if err != nil {
		return Machine{}, err
	}
	return updated.asStored(), nil
}

// DeleteMachine implements Store.
func (s *SQLite) DeleteMachine(ctx context.Context, key MachineKey) error {
	return s.write(ctx, func(c *conn) error {
		gone, err := c.exec(deleteMachine, key.Account, key.Region, key.Name)
		if err == nil && gone == 0 {
			return refuse("%w: %s", ErrNoMachine, key)
		}
		return err
	})
}

// Machines implements Store.
func (s *SQLite) Machines(ctx context.Context, after MachineKey, limit int) ([]Machine, error) {
	if err := checkPage(limit, MaxMachinePage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Machine, error) {
		return c.machines(listMachines, after.Account, after.Region, after.Name, int64(limit))
	})
}
