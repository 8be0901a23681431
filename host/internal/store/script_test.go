package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// script works on a store that may fail, and keeps book of what the store may hold
// afterwards: for each function, the revisions that would be right. A change that
// was acknowledged leaves one; one that failed leaves the old and the new.
type script struct {
	t     *testing.T
	s     *SQLite
	where string // for messages
	clock time.Time
	right map[string][]string // name → revisions, "" for no function

	numbers map[string]int64 // layer → the highest version that was acknowledged
}

func newScript(t *testing.T, where string) *script {
	return &script{t: t, where: where, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), right: map[string][]string{}, numbers: map[string]int64{}}
}

func (c *script) now() time.Time { return c.clock }

func scriptKey(name string) FunctionKey {
	return FunctionKey{Account: "123456789012", Region: "eu-central-1", Name: name}
}

// content is the code and the configuration that go with a revision: large enough
// for several pages.
func content(revision string) []byte { return bytes.Repeat([]byte(revision+"\n"), 1500) }

func (c *script) revisions(name string) []string {
	if right, ok := c.right[name]; ok {
		return right
	}
	return []string{""}
}

// failed tells whether a call failed because of the disk. Any other error of which
// allowed does not approve ends the test.
func (c *script) failed(what string, err error, allowed ...error) bool {
	c.t.Helper()
	if err == nil || slices.ContainsFunc(allowed, func(a error) bool { return errors.Is(err, a) }) {
		return false
	}
	if !errors.Is(err, ErrUnavailable) {
		c.t.Fatalf("%s: %s: error is %v, want one that wraps %v", c.where, what, err, ErrUnavailable)
	}
	return true
}

func (c *script) put(revision string) bool {
	_, err := c.s.PutCode(c.t.Context(), content(revision))
	return !c.failed("put", err)
}

func (c *script) create(name, revision string) {
	if !c.put(revision) {
		return
	}
	before := c.revisions(name)
	err := c.s.CreateFunction(c.t.Context(), Function{
		FunctionKey: scriptKey(name), Revision: revision, State: StatePending,
		Code: DigestOf(content(revision)), Modified: c.clock, Configuration: content(revision),
	})
	switch {
	case c.failed("create", err, ErrExists):
		c.right[name] = append(slices.Clone(before), revision)
	case err == nil && slices.Contains(before, ""):
		c.right[name] = []string{revision}
	case err != nil && !slices.Equal(before, []string{""}):
		c.right[name] = slices.DeleteFunc(slices.Clone(before), func(r string) bool { return r == "" })
	default:
		c.t.Fatalf("%s: create %s: error is %v, but right were %q", c.where, name, err, before)
	}
}

// errPublished refuses an update that would leave behind what was published.
var errPublished = errors.New("published")

func (c *script) update(name, revision string) {
	if !c.put(revision) {
		return
	}
	before := c.revisions(name)
	_, err := c.s.UpdateFunction(c.t.Context(), scriptKey(name), func(f *Function) error {
		if f.State == StateActive {
			return errPublished
		}
		f.Revision, f.Code, f.Configuration = revision, DigestOf(content(revision)), content(revision)
		return nil
	})
	switch {
	case errors.Is(err, errPublished):
	case c.failed("update", err, ErrNotFound):
		c.right[name] = append(slices.Clone(before), revision)
	case err == nil && !slices.Equal(before, []string{""}):
		c.right[name] = []string{revision}
	case err != nil && slices.Contains(before, ""):
		c.right[name] = []string{""}
	default:
		c.t.Fatalf("%s: update %s: error is %v, but right were %q", c.where, name, err, before)
	}
}

// publish is update, of the function and of all that belongs to it, in one
// transaction.
func (c *script) publish(name, revision string) {
	if !c.put(revision) {
		return
	}
	key, text, code := scriptKey(name), content(revision), DigestOf(content(revision))
	before := c.revisions(name)
	layer := c.layer(name, revision)
	if layer == (Digest{}) {
		return
	}
	err := c.s.ChangeFunction(c.t.Context(), key, func(tx FunctionTx) error {
		f, err := tx.Function()
		if err != nil {
			return err
		}
		f.Revision, f.Code, f.Configuration, f.State = revision, code, text, StateActive
		return errors.Join(tx.UpdateFunction(f),
			tx.PutVersion(Version{FunctionKey: key, Number: 1, Revision: revision, State: StateActive, Code: code, Configuration: text}),
			tx.NameCode(0, []Digest{layer}), tx.NameCode(1, []Digest{layer}),
			tx.PutAlias(Alias{FunctionKey: key, Alias: "live", Version: 1, Revision: revision, Configuration: text}),
			tx.PutAttachment(Attachment{FunctionKey: key, Kind: "policy", Revision: revision, Content: text}))
	})
	switch {
	case c.failed("publish", err, ErrNotFound):
		c.right[name] = append(slices.Clone(before), revision)
	case err == nil && !slices.Equal(before, []string{""}):
		c.right[name] = []string{revision}
	case err != nil && slices.Contains(before, ""):
		c.right[name] = []string{""}
	default:
		c.t.Fatalf("%s: publish %s: error is %v, but right were %q", c.where, name, err, before)
	}
}

// layered is the content of the layer that goes with a revision.
func layered(revision string) []byte { return []byte("layer of " + revision) }

// layer publishes one for a revision, and deletes it again: who uses it keeps it. It
// returns its digest, none if the disk failed.
func (c *script) layer(name, revision string) Digest {
	digest, err := c.s.PutCode(c.t.Context(), layered(revision))
	if c.failed("put layer", err) {
		return Digest{}
	}
	key := LayerKey{Account: "123456789012", Region: "eu-central-1", Name: name}
	number, err := c.s.PublishLayer(c.t.Context(), LayerVersion{LayerKey: key, Code: digest, Revision: revision, Configuration: content(revision)})
	if c.failed("publish layer", err) {
		return Digest{}
	}
	if number <= c.numbers[name] {
		c.t.Fatalf("%s: layer %s got version %d after %d", c.where, name, number, c.numbers[name])
	}
	c.numbers[name] = number
	if v, err := c.s.LayerVersion(c.t.Context(), key, number); err == nil && (v.Code != digest || !bytes.Equal(v.Configuration, content(revision))) {
		c.t.Fatalf("%s: version %d of layer %s is half written", c.where, number, name)
	} else if c.failed("read layer", err) {
		return Digest{}
	}
	if c.failed("delete layer", c.s.DeleteLayerVersion(c.t.Context(), key, number)) {
		return Digest{}
	}
	return digest
}

// parts compares what belongs to a function with its row: only publish makes
// functions Active, and writes all of it.
func (c *script) parts(f Function) (failed bool) {
	c.t.Helper()
	ctx := c.t.Context()
	v, err := c.s.Version(ctx, f.FunctionKey, 1)
	a, aliasErr := c.s.Alias(ctx, f.FunctionKey, "live")
	p, policyErr := c.s.Attachment(ctx, f.FunctionKey, "policy", "")
	if c.failed("read version", err, ErrNoVersion) || c.failed("read alias", aliasErr, ErrNoAlias) || c.failed("read policy", policyErr, ErrNoAttachment) {
		return true
	}
	got := []string{v.Revision, a.Revision, p.Revision}
	want := make([]string, 3)
	if f.State == StateActive {
		want = []string{f.Revision, f.Revision, f.Revision}
		if text := content(f.Revision); v.Code != f.Code || !bytes.Equal(v.Configuration, text) || !bytes.Equal(a.Configuration, text) || !bytes.Equal(p.Content, text) {
			c.t.Fatalf("%s: what belongs to function %s is half written", c.where, f.Name)
		}
		if layer, err := c.s.Code(ctx, DigestOf(layered(f.Revision))); c.failed("read layer", err) {
			return true
		} else if !bytes.Equal(layer, layered(f.Revision)) {
			c.t.Fatalf("%s: the layer of function %s is not its own", c.where, f.Name)
		}
	}
	if !slices.Equal(got, want) {
		c.t.Fatalf("%s: function %s is %s of revision %s; its version, alias and policy have revisions %q", c.where, f.Name, f.State, f.Revision, got)
	}
	return false
}

func (c *script) remove(name string) {
	before := c.revisions(name)
	err := c.s.DeleteFunction(c.t.Context(), scriptKey(name), nil)
	switch {
	case c.failed("delete", err, ErrNotFound):
		c.right[name] = append(slices.Clone(before), "")
	case err == nil && !slices.Equal(before, []string{""}), err != nil && slices.Contains(before, ""):
		c.right[name] = []string{""}
	default:
		c.t.Fatalf("%s: delete %s: error is %v, but right were %q", c.where, name, err, before)
	}
}

func (c *script) sweep() {
	c.clock = c.clock.Add(SweepGrace + time.Second)
	_, err := c.s.Sweep(c.t.Context())
	c.failed("sweep", err)
}

// read compares what is listed with the book, and whether each function is whole.
func (c *script) read() (failed bool) {
	c.t.Helper()
	all, err := c.s.Functions(c.t.Context(), scriptKey(""), MaxPage)
	if c.failed("list", err) {
		return true
	}
	found := map[string]Function{}
	for _, f := range all {
		found[f.Name] = f
	}
	for name := range maps.Keys(c.right) {
		if revision := found[name].Revision; !slices.Contains(c.right[name], revision) {
			c.t.Fatalf("%s: function %s has revision %q, right are %q", c.where, name, revision, c.right[name])
		}
	}
	for _, f := range all {
		if _, known := c.right[f.Name]; !known {
			c.t.Fatalf("%s: function %s was never created", c.where, f.Name)
		}
		if want := content(f.Revision); !bytes.Equal(f.Configuration, want) || f.Code != DigestOf(want) {
			c.t.Fatalf("%s: function %s is half written: revision %s, %d bytes of configuration, code %s", c.where, f.Name, f.Revision, len(f.Configuration), f.Code)
		}
		failed = c.parts(f) || failed
		code, err := c.s.Code(c.t.Context(), f.Code)
		if c.failed("read code", err) {
			failed = true
		} else if !bytes.Equal(code, content(f.Revision)) {
			c.t.Fatalf("%s: the code of function %s is not its own", c.where, f.Name)
		}
	}
	return failed
}

// run does a little of everything.
func (c *script) run() {
	c.create("a", "a1")
	c.create("b", "b1")
	c.update("a", "a2")
	c.read()
	c.remove("b")
	c.create("b", "b2")
	c.sweep()
	c.update("b", "b3")
	c.create("c", "c1")
	c.publish("a", "a3")
	c.publish("c", "c2")
	c.publish("c", "c3")
	c.remove("a")
	c.read()
	c.sweep()
}

// resumed checks that a store whose disk works again does all at the first try.
func (c *script) resumed() {
	c.t.Helper()
	if c.read() {
		c.t.Fatalf("%s: reading still fails", c.where)
	}
	c.create("probe", "p1")
	c.update("probe", "p2")
	c.publish("probe", "p3")
	if right := c.right["probe"]; !slices.Equal(right, []string{"p3"}) {
		c.t.Fatalf("%s: writing still fails", c.where)
	}
	c.clock = c.clock.Add(SweepGrace + time.Second)
	if _, err := c.s.Sweep(c.t.Context()); err != nil {
		c.t.Fatalf("%s: sweeping still fails: %v", c.where, err)
	}
	if c.read() {
		c.t.Fatalf("%s: reading still fails", c.where)
	}
}

// reopened opens the directory again, without faults, and compares.
func (c *script) reopened(dir string) {
	c.t.Helper()
	var err error
	if c.s, err = Open(dir, Config{Now: c.now}); err != nil {
		c.t.Fatalf("%s: opening again: %v", c.where, err)
	}
	c.resumed()
	if problems := checkDatabase(c.s); problems != nil {
		c.t.Fatalf("%s: after opening again: %v", c.where, problems)
	}
	if err := c.s.Close(); err != nil {
		c.t.Fatalf("%s: closing: %v", c.where, err)
	}
}

// checkDatabase has SQLite check every page and index.
func checkDatabase(s *SQLite) error {
	return s.readers.do(context.Background(), func(c *conn) error {
		return c.query("PRAGMA integrity_check", nil, func(row *sqlite3.Stmt) error {
			if text := row.ColumnText(0); text != "ok" {
				return fmt.Errorf("integrity: %s", text)
			}
			return nil
		})
	})
}
