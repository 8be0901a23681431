// Package workload is what the store asks of a SQLite driver, in miniature: one
// writer that groups waiting changes into one durable transaction, readers
// beside it, rows of a few hundred bytes. It prints its figures as JSON.
package workload

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Pragmas are what every connection of either driver is given.
const Pragmas = `PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;`

// Schema is the table the workload writes and reads.
const Schema = `CREATE TABLE IF NOT EXISTS function (name TEXT PRIMARY KEY, revision TEXT NOT NULL, state TEXT NOT NULL,
	modified INTEGER NOT NULL, configuration BLOB NOT NULL) WITHOUT ROWID`

// The statements every driver prepares.
const (
	Upsert = `INSERT INTO function (name, revision, state, modified, configuration) VALUES (?1, ?2, 'Active', ?3, ?4)
		ON CONFLICT (name) DO UPDATE SET revision = ?2, modified = ?3, configuration = ?4`
	Get  = `SELECT name, revision, state, modified, configuration FROM function WHERE name = ?1`
	List = `SELECT name, revision, state, modified, configuration FROM function WHERE name > ?1 ORDER BY name LIMIT 100`
)

// Conn is one connection of the driver under measurement; one goroutine uses it
// at a time.
type Conn interface {
	Exec(sql string) error
	Upsert(name, revision string, modified int64, configuration []byte) error
	Get(name string) (Row, error)
	List(after string) (int, error)
	Close() error
}

// Row is one function.
type Row struct {
	Name, Revision, State string
	Modified              int64
	Configuration         []byte
}

// Figures are medians in microseconds, or a rate.
type Figures struct {
	Open      float64 `json:"open_us"`       // first connection of the process, schema there already
	OpenMore  float64 `json:"open_more_us"`  // each further connection
	Write     float64 `json:"write_us"`      // one durable write alone
	Writes64  float64 `json:"writes64_s"`    // durable writes a second, 64 writers, grouped
	PointRead float64 `json:"point_read_us"` // one row by key
	List100   float64 `json:"list100_us"`    // 100 rows by key order
	ReadsBusy float64 `json:"reads_busy_s"`  // point reads a second on one reader while 64 writers write
}

// Main opens a database below -dir, runs the workload for about -for and prints
// Figures.
func Main(open func(path string) (Conn, error)) {
	dir := flag.String("dir", "", "folder of the database; a temporary one by default")
	span := flag.Duration("for", time.Second, "time for each part")
	onlyOpen := flag.Bool("open", false, "only open, prepare, read one row and exit")
	flag.Parse()
	if *dir == "" {
		*dir = must(os.MkdirTemp("", "driverbench"))
		defer os.RemoveAll(*dir)
	}
	path := filepath.Join(*dir, "bench.db")
	start := time.Now()
	w := must(ready(open, path))
	_ = must(w.List(""))
	var f Figures
	f.Open = us(time.Since(start))
	if !*onlyOpen {
		measure(&f, w, func() Conn { return must(ready(open, path)) }, *span)
	}
	check(w.Close())
	check(json.NewEncoder(os.Stdout).Encode(f))
}

func ready(open func(string) (Conn, error), path string) (Conn, error) {
	c, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return c, nil
}

func measure(f *Figures, w Conn, reader func() Conn, span time.Duration) {
	body := make([]byte, 600)
	for i := range body {
		body[i] = 'a' + byte(i%26)
	}
	for i := range 200 {
		check(w.Upsert(name(i), "r0", 0, body))
	}
	f.OpenMore = median(span/4, func(int) { check(reader().Close()) })
	f.Write = median(span, func(i int) { check(w.Upsert(name(i%200), "r1", int64(i), body)) })

	r := reader()
	f.PointRead = median(span/2, func(i int) { _ = must(r.Get(name(i % 200))) })
	f.List100 = median(span/2, func(int) {
		if n := must(r.List(name(50))); n != 100 {
			log.Fatalf("listed %d rows, want 100", n)
		}
	})
	f.Writes64, f.ReadsBusy = grouped(w, r, body, span)
	check(r.Close())
}

// grouped runs 64 writers against one connection whose goroutine commits
// whatever waits as one transaction, a savepoint each, and one reader beside.
func grouped(w, r Conn, body []byte, span time.Duration) (writes, reads float64) {
	type request struct {
		name string
		done chan error
	}
	queue := make(chan request, 256)
	stop := make(chan struct{})
	var writers, rest sync.WaitGroup
	var written, read atomic.Int64
	rest.Go(func() {
		var batch []request
		for first := range queue {
			batch = append(batch[:0], first)
			for more := true; more && len(batch) < 256; {
				select {
				case q, ok := <-queue:
					if more = ok; ok {
						batch = append(batch, q)
					}
				default:
					more = false
				}
			}
			check(w.Exec("BEGIN IMMEDIATE"))
			for _, q := range batch {
				check(w.Exec("SAVEPOINT one"))
				check(w.Upsert(q.name, "r2", 1, body))
				check(w.Exec("RELEASE one"))
			}
			check(w.Exec("COMMIT"))
			for _, q := range batch {
				q.done <- nil
			}
		}
	})
	for i := range 64 {
		writers.Go(func() {
			done := make(chan error)
			for n := i; ; n += 64 {
				select {
				case <-stop:
					return
				default:
				}
				queue <- request{name(n % 200), done}
				check(<-done)
				written.Add(1)
			}
		})
	}
	writers.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_ = must(r.Get(name(i % 200)))
				read.Add(1)
			}
		}
	})
	time.Sleep(span)
	close(stop)
	writers.Wait()
	close(queue)
	rest.Wait()
	return float64(written.Load()) / span.Seconds(), float64(read.Load()) / span.Seconds()
}

func name(i int) string { return fmt.Sprintf("function-%06d", i) }

func median(span time.Duration, f func(i int)) float64 {
	var all []time.Duration
	for i, start := 0, time.Now(); time.Since(start) < span; i++ {
		t := time.Now()
		f(i)
		all = append(all, time.Since(t))
	}
	slices.Sort(all)
	return us(all[len(all)/2])
}

func us(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	check(err)
	return v
}
