package function_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// published knows which code each version of a function was made of.
type published struct {
	mu    sync.Mutex
	codes map[string]string // version → what its code answers
	all   []string
}

func (p *published) add(version, code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.codes[version] == "" {
		p.all = append(p.all, version)
	}
	p.codes[version] = code
}

// some returns a version and what it answers.
func (p *published) some() (version, code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	version = p.all[rand.IntN(len(p.all))]
	return version, p.codes[version]
}

func (p *published) code(version string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.codes[version]
}

// crowd is many who use one function at once.
type crowd struct {
	*function.Service
	t     *testing.T
	zips  [][]byte          // that answer "0", "1", …
	codes map[string]string // CodeSHA256 → what that zip answers
	known published
	drawn atomic.Int64 // how often an alias led to its additional version
}

// update gives $LATEST some code and publishes that.
func (c *crowd) update() {
	k := rand.IntN(len(c.zips))
	for {
		v, err := c.UpdateCode(c.t.Context(), function.UpdateCodeInput{Ref: ref("f", ""), Zip: c.zips[k], Publish: true})
		if said, ok := err.(*fault.Error); ok && said.Code == fault.ResourceConflict {
			if _, err := c.Settled(c.t.Context(), ref("f", "")); err != nil {
				c.t.Error(err)
				return
			}
			continue
		}
		if err != nil {
			c.t.Error(err)
			return
		}
		c.wants(ref("f", v.Version), v.Version, strconv.Itoa(k)) // waits until it is ready
		c.known.add(v.Version, strconv.Itoa(k))
		return
	}
}

// shift has an alias lead to two versions: what it leads to once that has been
// acknowledged is all that answers.
func (c *crowd) shift(alias string) {
	main, code := c.known.some()
	additional, other := c.known.some()
	weights := map[string]float64{additional: 0.5}
	if main == additional {
		weights = map[string]float64{}
	}
	if _, err := c.UpdateAlias(c.t.Context(), function.UpdateAliasInput{Ref: ref("f", ""), Name: alias, Version: &main, Weights: weights}); err != nil {
		c.t.Error(err)
		return
	}
	for range 3 {
		switch version := c.invoke(ref("f", alias)); version {
		case main:
			c.same(alias, version, code)
		case additional:
			c.same(alias, version, other)
			c.drawn.Add(1)
		case "":
		default:
			c.t.Errorf("%s led to %s, and should to %s and %s", alias, version, main, additional)
		}
	}
}

func (c *crowd) same(what, version, code string) {
	if known := c.known.code(version); known != code {
		c.t.Errorf("%s: version %s is %s, and was %s", what, version, known, code)
	}
}

// invoke returns which version says that it answered, and checks that the answer is
// of that version's code, if it is known.
func (c *crowd) invoke(ref function.Ref) (version string) {
	out, err := c.Invoke(c.t.Context(), function.InvokeInput{Ref: ref, Event: []byte("1")})
	if err != nil || out.Failed {
		c.t.Errorf("%v: %v %s", ref, err, out.Payload)
		return ""
	}
	if want := c.known.code(out.Version); want != "" && string(out.Payload) != want {
		c.t.Errorf("%v: version %s answered %s, want %s", ref, out.Version, out.Payload, want)
	}
	return out.Version
}

// wants invokes what only one version, of this code, may answer.
func (c *crowd) wants(ref function.Ref, version, code string) {
	out, err := c.Invoke(c.t.Context(), function.InvokeInput{Ref: ref, Event: []byte("1")})
	if err != nil || out.Version != version || string(out.Payload) != code {
		c.t.Errorf("%v: version %s answered %s, %v; want version %s and %s", ref, out.Version, out.Payload, err, version, code)
	}
}

// latest invokes $LATEST, which has the code that the function is described with, if
// that is so before and after.
func (c *crowd) latest() {
	before, err := c.Configuration(c.t.Context(), ref("f", ""))
	if err != nil {
		c.t.Error(err)
		return
	}
	out, err := c.Invoke(c.t.Context(), function.InvokeInput{Ref: ref("f", ""), Event: []byte("1")})
	if err != nil || out.Version != function.Latest || len(out.Payload) != 1 {
		c.t.Errorf("$LATEST: version %s answered %s, %v", out.Version, out.Payload, err)
	}
	after, err := c.Configuration(c.t.Context(), ref("f", ""))
	if err != nil {
		c.t.Error(err)
		return
	}
	settled := before.Update.Is == function.Successful && before.RevisionID == after.RevisionID
	if want := c.codes[before.CodeSHA256]; settled && string(out.Payload) != want {
		c.t.Errorf("$LATEST answered %s, and is %s", out.Payload, want)
	}
}

// TestNeverAnotherDigest has many update one function, shift aliases and invoke, all
// at once, with room for few sandboxes: no answer is from code other than the one
// asked for. There are a thousand operations at least, of which no kind ends before
// the updates do.
func TestNeverAnotherDigest(t *testing.T) {
	updates, shifts, invokes := 200, 300, 500
	if testing.Short() {
		updates, shifts, invokes = 30, 50, 120
	}
	c := &crowd{Service: newService(t, function.Config{Sandboxes: 6}), t: t, known: published{codes: map[string]string{}}, codes: map[string]string{}}
	for k := range 5 {
		zip := packConstant(t, strconv.Itoa(k))
		sum := sha256.Sum256(zip)
		c.zips = append(c.zips, zip)
		c.codes[base64.StdEncoding.EncodeToString(sum[:])] = strconv.Itoa(k)
	}
	active(t, c.Service, "f", c.zips[0])
	c.known.add(publish(t, c.Service, "f").Version, "0")
	createAlias(t, c.Service, "shared", "1", nil)

	const many = 5 // of each kind at once
	var left, updating atomic.Int64
	left.Store(int64(updates))
	updating.Store(many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			defer updating.Add(-1)
			for left.Add(-1) >= 0 {
				c.update()
			}
		})
		own := fmt.Sprint("alias", i)
		createAlias(t, c.Service, own, "1", nil)
		all.Go(func() {
			for n := 0; n < shifts/many || updating.Load() > 0; n++ {
				c.shift(own)
				version, _ := c.known.some()
				if _, err := c.UpdateAlias(t.Context(), function.UpdateAliasInput{Ref: ref("f", ""), Name: "shared", Version: &version}); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for n := 0; n < invokes/many || updating.Load() > 0; n++ {
				version, code := c.known.some()
				c.wants(ref("f", version), version, code)
				c.invoke(ref("f", "shared"))
				c.latest()
			}
		})
	}
	all.Wait()
	if c.drawn.Load() == 0 {
		t.Error("no alias ever led to its additional version")
	}
	for version, code := range c.known.codes {
		c.wants(ref("f", version), version, code)
	}
	if _, err := c.Settled(t.Context(), ref("f", "")); err != nil {
		t.Fatal(err)
	}
	c.latest()
}

// TestNeverAnothersVersion deletes a function and makes another of its name, again
// and again, while others invoke it: version 1 and the alias are always those of the
// function that is there.
func TestNeverAnothersVersion(t *testing.T) {
	rounds := 100
	if testing.Short() {
		rounds = 20
	}
	s, ctx := newService(t, function.Config{}), t.Context()
	stop := make(chan struct{})
	var all sync.WaitGroup
	for _, qualifier := range []string{"1", "live", ""} {
		for range 2 {
			all.Go(func() {
				for {
					select {
					case <-stop:
						return
					default: // whatever comes of it
						_, _ = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", qualifier), Event: []byte("1")})
						_, _ = s.ResourcePolicy(ctx, ref("f", qualifier))
					}
				}
			})
		}
	}
	for i := range rounds {
		code := strconv.Itoa(i % 7)
		if _, err := s.Create(ctx, function.CreateInput{Name: "f", Zip: packConstant(t, code), Settings: settings(), Publish: true}); err != nil {
			t.Fatal(err)
		}
		_, err := s.Invoke(ctx, function.InvokeInput{Ref: ref("f", "live"), Event: []byte("1")})
		wantFault(t, "an alias of the function before", err, fault.ResourceNotFound, "Function not found")
		target := []string{"1", function.Latest}[i%2]
		createAlias(t, s, "live", target, nil)
		answers(t, s, ref("f", "1"), code, "1")
		answers(t, s, ref("f", "live"), code, target)
		answers(t, s, ref("f", ""), code, function.Latest)
		if err := s.Delete(ctx, ref("f", "")); err != nil {
			t.Fatal(err)
		}
		_, err = s.Invoke(ctx, function.InvokeInput{Ref: ref("f", "live"), Event: []byte("1")})
		wantFault(t, "what was deleted", err, fault.ResourceNotFound, "Function not found")
	}
	close(stop)
	all.Wait()
}
