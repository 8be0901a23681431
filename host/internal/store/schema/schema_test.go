package schema

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestMigrationsAreNumberedAndFilled(t *testing.T) {
	for name, dialect := range map[string]Dialect{"SQLite": SQLite, "PostgreSQL": PostgreSQL} {
		all, err := Migrations(dialect)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(all) == 0 || all[0].Version != 1 || all[0].Name != "function" {
			t.Fatalf("%s: the first migration is not 0001_function: %+v", name, all)
		}
		for _, m := range append(all, Migration{SQL: Record(dialect)}) {
			if strings.ContainsAny(m.SQL, "{}") {
				t.Errorf("%s: migration %d still has a placeholder:\n%s", name, m.Version, m.SQL)
			}
			if !strings.Contains(m.SQL, " "+dialect.Text) {
				t.Errorf("%s: migration %d does not use %q:\n%s", name, m.Version, dialect.Text, m.SQL)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	file := func(sql string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(sql)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"gap":         {fstest.MapFS{"migrations/0001_a.sql": file(""), "migrations/0003_b.sql": file("")}, "version is 0003, want 0002"},
		"twice":       {fstest.MapFS{"migrations/0001_a.sql": file(""), "migrations/0001_b.sql": file("")}, "version is 0001, want 0002"},
		"name":        {fstest.MapFS{"migrations/first.sql": file("")}, "not like 0001_function.sql"},
		"placeholder": {fstest.MapFS{"migrations/0001_a.sql": file("CREATE TABLE a (b {uuid})")}, "placeholder {uuid}"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(c.files, SQLite); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}
