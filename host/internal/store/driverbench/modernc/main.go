// Command modernc runs the workload on modernc.org/sqlite, which is reached by
// database/sql: one pinned connection, statements prepared once.
package main

import (
	"context"
	"database/sql"

	_ "modernc.org/sqlite"

	"github.com/lambent-dev/lambent/host/internal/store/driverbench/workload"
)

type conn struct {
	db                *sql.DB
	c                 *sql.Conn
	upsert, get, list *sql.Stmt
}

func main() { workload.Main(open) }

func open(path string) (workload.Conn, error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	pinned, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{db: db, c: pinned}
	if err := c.Exec(workload.Pragmas + workload.Schema); err != nil {
		return nil, err
	}
	for text, to := range map[string]**sql.Stmt{workload.Upsert: &c.upsert, workload.Get: &c.get, workload.List: &c.list} {
		if *to, err = pinned.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *conn) Close() error {
	c.upsert.Close()
	c.get.Close()
	c.list.Close()
	c.c.Close()
	return c.db.Close()
}

func (c *conn) Exec(text string) error {
	_, err := c.c.ExecContext(context.Background(), text)
	return err
}

func (c *conn) Upsert(name, revision string, modified int64, configuration []byte) error {
	_, err := c.upsert.Exec(name, revision, modified, configuration)
	return err
}

func (c *conn) Get(name string) (r workload.Row, err error) {
	err = c.get.QueryRow(name).Scan(&r.Name, &r.Revision, &r.State, &r.Modified, &r.Configuration)
	return r, err
}

func (c *conn) List(after string) (n int, err error) {
	rows, err := c.list.Query(after)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var r workload.Row
		if err := rows.Scan(&r.Name, &r.Revision, &r.State, &r.Modified, &r.Configuration); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}
