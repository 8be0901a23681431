package store

import (
	"context"
	"fmt"
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

// machineRows runs a query whose rows are machineColumns.
func (c *conn) machineRows(sql string, args ...any) (all []Machine, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		all = append(all, Machine{
			MachineKey:    MachineKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Revision:      s.ColumnText(3),
			Type:          MachineType(s.ColumnText(4)),
			Created:       time.UnixMicro(s.ColumnInt64(5)).UTC(),
			Updated:       time.UnixMicro(s.ColumnInt64(6)).UTC(),
			Definition:    s.ColumnBlob(7, nil),
			Configuration: s.ColumnBlob(8, nil),
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// machine reads one; its absence is a refusal.
func (c *conn) machine(key MachineKey) (Machine, error) {
	found, err := c.machineRows(selectMachine, key.Account, key.Region, key.Name)
	if err != nil {
		return Machine{}, err
	}
	if len(found) == 0 {
		return Machine{}, refuse("%w: %s", ErrNoMachine, key)
	}
	return found[0], nil
}

// CreateMachine implements Store.
func (s *SQLite) CreateMachine(ctx context.Context, m Machine) error {
	if err := m.Check(); err != nil {
		return err
	}
	return s.during(func() error {
		return s.writer.do(ctx, func(c *conn) error {
			created, err := c.exec(insertMachine, machineValues(m)...)
			if err != nil {
				return err
			}
			if created == 0 {
				return refuse("%w: %s", ErrMachineExists, m.MachineKey)
			}
			return nil
		})
	})
}

// Machine implements Store.
func (s *SQLite) Machine(ctx context.Context, key MachineKey) (m Machine, err error) {
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			m, err = c.machine(key)
			return err
		})
	})
	return m, err
}

// UpdateMachine implements Store.
func (s *SQLite) UpdateMachine(ctx context.Context, key MachineKey, change func(*Machine) error) (Machine, error) {
	var updated Machine // written before the answer is sent, read after it
	err := s.during(func() error {
		return s.writer.do(ctx, func(c *conn) error {
			after, err := c.machine(key)
			if err != nil {
				return err
			}
			if err := contained("change of state machine "+key.String(), func() error { return change(&after) }); err != nil {
				return refusal{err}
			}
			if after.MachineKey != key {
				return refuse("%w: change made %s of state machine %s, which must stay", ErrInvalid, after.MachineKey, key)
			}
			if err := after.Check(); err != nil {
				return refusal{err}
			}
			updated = after
			_, err = c.exec(updateMachine, machineValues(after)...)
			return err
		})
	})
	if err != nil {
		return Machine{}, err
	}
	return updated.asStored(), nil
}

// DeleteMachine implements Store.
func (s *SQLite) DeleteMachine(ctx context.Context, key MachineKey) error {
	return s.during(func() error {
		return s.writer.do(ctx, func(c *conn) error {
			if _, err := c.machine(key); err != nil {
				return err
			}
			_, err := c.exec(deleteMachine, key.Account, key.Region, key.Name)
			return err
		})
	})
}

// Machines implements Store.
func (s *SQLite) Machines(ctx context.Context, after MachineKey, limit int) (all []Machine, err error) {
	if limit < 1 || limit > MaxMachinePage {
		return nil, fmt.Errorf("%w: limit is %d, allowed are 1 to %d", ErrInvalid, limit, MaxMachinePage)
	}
	err = s.during(func() error {
		return s.readers.do(ctx, func(c *conn) (err error) {
			all, err = c.machineRows(listMachines, after.Account, after.Region, after.Name, int64(limit))
			return err
		})
	})
	return all, err
}
