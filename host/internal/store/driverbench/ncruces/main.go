// Command ncruces runs the workload on github.com/ncruces/go-sqlite3, by its own
// interface (database/sql is not in between).
package main

import (
	"github.com/ncruces/go-sqlite3"

	"github.com/lambent-dev/lambent/host/internal/store/driverbench/workload"
)

type conn struct {
	*sqlite3.Conn
	upsert, get, list *sqlite3.Stmt
}

func main() { workload.Main(open) }

func open(path string) (workload.Conn, error) {
	db, err := sqlite3.Open(path)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: db}
	if err := db.Exec(workload.Pragmas + workload.Schema); err != nil {
		return nil, err
	}
	for sql, to := range map[string]**sqlite3.Stmt{workload.Upsert: &c.upsert, workload.Get: &c.get, workload.List: &c.list} {
		if *to, _, err = db.Prepare(sql); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *conn) Close() error {
	c.upsert.Close()
	c.get.Close()
	c.list.Close()
	return c.Conn.Close()
}

func (c *conn) Upsert(name, revision string, modified int64, configuration []byte) error {
	c.upsert.BindText(1, name)
	c.upsert.BindText(2, revision)
	c.upsert.BindInt64(3, modified)
	c.upsert.BindBlob(4, configuration)
	return c.upsert.Exec()
}

func (c *conn) Get(name string) (workload.Row, error) {
	c.get.BindText(1, name)
	var r workload.Row
	if c.get.Step() {
		r = row(c.get)
	}
	return r, c.get.Reset()
}

func (c *conn) List(after string) (n int, err error) {
	c.list.BindText(1, after)
	for c.list.Step() {
		_ = row(c.list)
		n++
	}
	return n, c.list.Reset()
}

func row(s *sqlite3.Stmt) workload.Row {
	return workload.Row{Name: s.ColumnText(0), Revision: s.ColumnText(1), State: s.ColumnText(2),
		Modified: s.ColumnInt64(3), Configuration: s.ColumnBlob(4, nil)}
}
