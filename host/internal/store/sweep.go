package store

import (
	"context"
	"slices"

	"github.com/ncruces/go-sqlite3"
)

// sweepAtOnce bounds how many packages are looked at between two transactions.
const sweepAtOnce = 64

// What code is kept for. That which is used are layers and, while an update is in
// progress, the package that answers.
const (
	codeIsNamed     = `SELECT 1 FROM function WHERE code = ?1 LIMIT 1`
	codeIsPublished = `SELECT 1 FROM function_version WHERE code = ?1 LIMIT 1`
	layerNamesCode  = `SELECT 1 FROM layer_version WHERE code = ?1 LIMIT 1`
	codeIsUsed      = `SELECT 1 FROM function_layer WHERE code = ?1 LIMIT 1`
)

// Sweep implements Store.
//
// Whether code may go is decided between transactions: a function that names it is
// either committed and seen, or will be created later and refused if the code has
// gone.
func (s *SQLite) Sweep(ctx context.Context) (removed int, err error) {
	err = s.during(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		old, err := s.code.old()
		if err != nil {
			return unavailable("list code", err)
		}
		for some := range slices.Chunk(old, sweepAtOnce) {
			err := s.writer.between(ctx, func(c *conn) error {
				n, err := s.sweep(c, some)
				removed += n
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return removed, err
}

func (s *SQLite) sweep(c *conn, old []Digest) (removed int, err error) {
	// A commit that failed may have left its frames behind the log's end, where a
	// later recovery would find them, and with them a function whose code nothing
	// seemed to name. Truncating the log ends that; while something reads an old
	// snapshot it cannot be done, and the next sweep will do.
	busy := true
	err = c.query("PRAGMA wal_checkpoint(TRUNCATE)", nil, func(s *sqlite3.Stmt) error {
		busy = s.ColumnBool(0)
		return nil
	})
	if err != nil || busy {
		return 0, err
	}
	for _, digest := range old {
		named := false
		for _, query := range []string{codeIsNamed, codeIsPublished, layerNamesCode, codeIsUsed} {
			err := c.query(query, []any{digest[:]}, func(*sqlite3.Stmt) error {
				named = true
				return nil
			})
			if err != nil {
				return removed, err
			}
		}
		if named {
			continue
		}
		gone, err := s.code.removeOld(digest)
		if err != nil {
			return removed, refusal{unavailable("remove code "+digest.String(), err)} // the database itself is fine
		}
		if gone {
			removed++
		}
	}
	return removed, nil
}
