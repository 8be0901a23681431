package store

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

const (
	layerColumns = `account, region, name, version, code, runtimes, architectures, configuration, policy, revision`

	countLayer = `INSERT INTO layer (account, region, name, last) VALUES (?1, ?2, ?3, 1)
		ON CONFLICT (account, region, name) DO UPDATE SET last = layer.last + 1`
	selectLast = `SELECT last FROM layer WHERE account = ?1 AND region = ?2 AND name = ?3`

	insertLayer = `INSERT INTO layer_version (` + layerColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	updateLayer = `UPDATE layer_version SET runtimes = ?6, architectures = ?7, configuration = ?8, policy = ?9, revision = ?10
		WHERE account = ?1 AND region = ?2 AND name = ?3 AND version = ?4 AND code = ?5`
	deleteLayer = `DELETE FROM layer_version WHERE account = ?1 AND region = ?2 AND name = ?3 AND version = ?4`
	selectLayer = `SELECT ` + layerColumns + ` FROM layer_version WHERE account = ?1 AND region = ?2 AND name = ?3 AND version = ?4`

	isCompatible = `(?5 = '' OR instr(runtimes, ',' || ?5 || ',') > 0) AND (?6 = '' OR instr(architectures, ',' || ?6 || ',') > 0)`

	listLayerVersions = `SELECT ` + layerColumns + ` FROM layer_version WHERE account = ?1 AND region = ?2 AND name = ?3
		AND (?4 = 0 OR version < ?4) AND ` + isCompatible + ` ORDER BY version DESC LIMIT ?7`
	listLayers = `SELECT ` + layerColumns + ` FROM layer_version JOIN
		(SELECT name AS latest_name, max(version) AS latest FROM layer_version WHERE account = ?1 AND region = ?2 AND name > ?3
		AND ` + isCompatible + ` GROUP BY name ORDER BY name LIMIT ?4)
		ON name = latest_name AND version = latest WHERE account = ?1 AND region = ?2 ORDER BY name`

	insertUse  = `INSERT INTO function_layer (account, region, name, version, code) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING`
	deleteUses = `DELETE FROM function_layer WHERE account = ?1 AND region = ?2 AND name = ?3 AND version = ?4`
)

// layerValues are a version of a layer in the order of layerColumns.
func layerValues(v LayerVersion) []any {
	return []any{v.Account, v.Region, v.Name, v.Number, v.Code[:], listed(v.Runtimes), listed(v.Architectures),
		notNull(v.Configuration), notNull(v.Policy), v.Revision}
}

// layers runs a query whose rows are layerColumns.
func (c *conn) layers(sql string, args ...any) ([]LayerVersion, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (LayerVersion, error) {
		v := LayerVersion{
			LayerKey:      LayerKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Number:        s.ColumnInt64(3),
			Runtimes:      unlisted(s.ColumnText(5)),
			Architectures: unlisted(s.ColumnText(6)),
			Configuration: s.ColumnBlob(7, nil),
			Policy:        s.ColumnBlob(8, nil),
			Revision:      s.ColumnText(9),
		}
		if n := copy(v.Code[:], s.ColumnRawBlob(4)); n != len(v.Code) {
			return v, fmt.Errorf("version %d of layer %s: its digest has %d bytes, want %d", v.Number, v.LayerKey, n, len(v.Code))
		}
		return v, nil
	})
}

// layer reads one version; its absence is a refusal.
func (c *conn) layer(key LayerKey, number int64) (LayerVersion, error) {
	found, err := c.layers(selectLayer, key.Account, key.Region, key.Name, number)
	return only(found, err, "%w: %s:%d", ErrNoLayer, key, number)
}

// PublishLayer implements Store.
func (s *SQLite) PublishLayer(ctx context.Context, v LayerVersion) (number int64, err error) {
	v.Number = 1 // whichever it becomes
	if err := v.Check(); err != nil {
		return 0, err
	}
	var given int64 // written before the answer is sent, read after it
	err = s.write(ctx, func(c *conn) error {
		if err := s.mustHave(v.Code); err != nil {
			return err
		}
		if _, err := c.exec(countLayer, v.Account, v.Region, v.Name); err != nil {
			return err
		}
		err := c.query(selectLast, []any{v.Account, v.Region, v.Name}, func(s *sqlite3.Stmt) error {
			given = s.ColumnInt64(0)
			return nil
		})
		if err != nil {
			return err
		}
		added := v
		added.Number = given
		_, err = c.exec(insertLayer, layerValues(added)...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return given, nil
}

// LayerVersion implements Store.
func (s *SQLite) LayerVersion(ctx context.Context, key LayerKey, number int64) (LayerVersion, error) {
	return read(ctx, s, func(c *conn) (LayerVersion, error) { return c.layer(key, number) })
}

// UpdateLayerVersion implements Store.
func (s *SQLite) UpdateLayerVersion(ctx context.Context, key LayerKey, number int64, change func(*LayerVersion) error) (LayerVersion, error) {
	var updated LayerVersion // written before the answer is sent, read after it
	what := fmt.Sprintf("%s:%d", key, number)
	err := s.write(ctx, func(c *conn) error {
		before, err := c.layer(key, number)
		if err != nil {
			return err
		}
		after := before
		if err := contained("change of layer "+what, func() error { return change(&after) }); err != nil {
			return refusal{err}
		}
		if after.LayerKey != key || after.Number != number || after.Code != before.Code {
			return refuse("%w: change made %s:%d with code %s of layer %s with code %s, which must stay", ErrInvalid, after.LayerKey, after.Number, after.Code, what, before.Code)
		}
		if err := refusing(after.Check()); err != nil {
			return err
		}
		updated = after
		_, err = c.exec(updateLayer, layerValues(after)...)
		return err
	})
	if err != nil {
		return LayerVersion{}, err
	}
	return updated, nil
}

// DeleteLayerVersion implements Store.
func (s *SQLite) DeleteLayerVersion(ctx context.Context, key LayerKey, number int64) error {
	return s.write(ctx, func(c *conn) error {
		gone, err := c.exec(deleteLayer, key.Account, key.Region, key.Name, number)
		if err == nil && gone == 0 {
			return refuse("%w: %s:%d", ErrNoLayer, key, number)
		}
		return err
	})
}

// LayerVersions implements Store.
func (s *SQLite) LayerVersions(ctx context.Context, key LayerKey, before int64, compatible Compatible, limit int) ([]LayerVersion, error) {
	return s.listLayers(ctx, limit, listLayerVersions, key.Account, key.Region, key.Name, before, compatible.Runtime, compatible.Architecture, int64(limit))
}

// Layers implements Store.
func (s *SQLite) Layers(ctx context.Context, after LayerKey, compatible Compatible, limit int) ([]LayerVersion, error) {
	return s.listLayers(ctx, limit, listLayers, after.Account, after.Region, after.Name, int64(limit), compatible.Runtime, compatible.Architecture)
}

func (s *SQLite) listLayers(ctx context.Context, limit int, sql string, args ...any) ([]LayerVersion, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]LayerVersion, error) { return c.layers(sql, args...) })
}
