package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

// Migration is one step of the schema.
type Migration struct {
	Version int64  // 1, 2, 3 …
	Name    string // such as "function"
	SQL     string // one or more statements
}

// Dialect says what a database calls the types the migrations use.
type Dialect struct {
	Text   string // text in byte order, so that both databases list alike
	Bytes  string // a byte string
	Int    string // a signed integer of 64 bits
	Strict string // table option: values must be of their column's type
}

// The dialects.
var (
	SQLite     = Dialect{Text: "TEXT", Bytes: "BLOB", Int: "INTEGER", Strict: "STRICT"}
	PostgreSQL = Dialect{Text: `TEXT COLLATE "C"`, Bytes: "BYTEA", Int: "BIGINT"}
)

//go:embed migrations/*.sql
var files embed.FS

// record is the table of applied migrations.
const record = `CREATE TABLE IF NOT EXISTS schema_migration (
	version {int}  NOT NULL PRIMARY KEY,
	name    {text} NOT NULL,
	applied {int}  NOT NULL -- microseconds since 1970, UTC
) {strict};`

// Record returns the statement that makes the table schema_migration (version,
// name, applied) unless it is there.
func Record(d Dialect) string {
	sql, err := d.fill(record)
	if err != nil {
		panic(err) // a constant of this package, seen by its test
	}
	return sql
}

// Migrations returns all migrations in order. Versions count from 1 without gaps.
func Migrations(d Dialect) ([]Migration, error) { return read(files, d) }

var fileName = regexp.MustCompile(`^([0-9]{4})_([a-z0-9_]+)\.sql$`)

func read(files fs.FS, d Dialect) ([]Migration, error) {
	entries, err := fs.ReadDir(files, "migrations") // in the order of names
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var all []Migration
	for _, entry := range entries {
		match := fileName.FindStringSubmatch(entry.Name())
		if match == nil {
			return nil, fmt.Errorf("migration %q: its name is not like 0001_function.sql", entry.Name())
		}
		version, err := strconv.ParseInt(match[1], 10, 64)
		if err != nil || version != int64(len(all))+1 {
			return nil, fmt.Errorf("migration %q: its version is %s, want %04d", entry.Name(), match[1], len(all)+1)
		}
		text, err := fs.ReadFile(files, "migrations/"+entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read migration %q: %w", entry.Name(), err)
		}
		sql, err := d.fill(string(text))
		if err != nil {
			return nil, fmt.Errorf("migration %q: %w", entry.Name(), err)
		}
		all = append(all, Migration{Version: version, Name: match[2], SQL: sql})
	}
	return all, nil
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func (d Dialect) fill(sql string) (string, error) {
	filled := strings.NewReplacer("{text}", d.Text, "{bytes}", d.Bytes, "{int}", d.Int, "{strict}", d.Strict).Replace(sql)
	if left := placeholder.FindString(filled); left != "" {
		return "", fmt.Errorf("placeholder %s: allowed are {text}, {bytes}, {int} and {strict}", left)
	}
	return filled, nil
}
