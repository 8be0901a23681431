package host_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestSIGKILL has a child process create, update and delete functions, kills it
// at a random moment, and opens its directory: what was acknowledged holds, what
// was under way happened or did not, whole, and what is Pending becomes Active.
func TestSIGKILL(t *testing.T) {
	rounds := 50
	if testing.Short() {
		rounds = 8
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	known := history{}
	resumed := 0
	longest := int64(250 * time.Millisecond)
	little := func() bool { return known.acknowledged() < 2*rounds || resumed == 0 }
	for round := 0; round < rounds || round < 20*rounds && little(); round++ {
		before := known.acknowledged()
		killed(t, dir, strconv.Itoa(round), time.Duration(random.Int64N(longest)), known)
		if known.acknowledged() == before {
			longest += longest / 8 // the machine may be slow
		}
		resumed += known.verify(t, dir)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	t.Logf("%d operations acknowledged, %d deployments resumed", known.acknowledged(), resumed)
	if little() {
		t.Error("the children did too little for this to prove anything")
	}
}

// version is a function's code and description; the zero value is its absence.
type version struct {
	guest string // echo or json
	code  int    // makes packages of one guest differ
	note  int    // the description, and what is in its layer
}

// change is an operation on a function.
type change struct {
	what string // create, code, note, delete
	version
}

// of returns what the change makes of v.
func (c change) of(v version) version {
	switch c.what {
	case "create":
		return c.version
	case "code":
		v.guest, v.code = c.guest, c.code
	case "note":
		v.note = c.note
	case "delete":
		v = version{}
	}
	return v
}

// zip returns the package of a version. Different versions have different bytes.
func (v version) zip(module []byte) []byte {
	return zipOf("bootstrap", string(module), "code", strconv.Itoa(v.code))
}

// layer returns the layer of a version.
func (v version) layer() []byte { return zipOf("note", strconv.Itoa(v.note)) }

// zipOf makes a zip file of pairs of name and content.
func zipOf(files ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		out, err := w.Create(files[i])
		if err == nil {
			_, err = io.WriteString(out, files[i+1])
		}
		if err != nil {
			panic(err) // of a bytes.Buffer
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// history is what is known of each function.
type history map[string]*past

type past struct {
	now   version
	next  *version // tried, without an answer so far
	count int      // operations acknowledged
}

func (h history) acknowledged() (n int) {
	for _, p := range h {
		n += p.count
	}
	return n
}

// read takes what a child said; a last line that is cut off was not said.
func (h history) read(t *testing.T, said *bufio.Reader, first func()) {
	for {
		line, err := said.ReadString('\n')
		if err != nil {
			return
		}
		first()
		var what, name string
		var c change
		if _, err := fmt.Sscanf(line, "%s %s %s %q %d %d\n", &what, &name, &c.what, &c.guest, &c.code, &c.note); err != nil {
			t.Errorf("the child said %q: %v", line, err)
			continue
		}
		if h[name] == nil {
			h[name] = &past{}
		}
		switch p := h[name]; what {
		case "try":
			next := c.of(p.now)
			p.next = &next
		case "done":
			p.now, p.next = c.of(p.now), nil
			p.count++
		case "refused":
			p.next = nil
		}
	}
}

// killed runs a child until it has done something and that time is over.
func killed(t *testing.T, dir, seed string, after time.Duration, known history) {
	c := child(t, "deploy", dir, seed)
	c.Stderr = os.Stderr
	said, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var kill sync.Once
	known.read(t, bufio.NewReader(said), func() {
		kill.Do(func() { time.AfterFunc(after, func() { _ = c.Process.Kill() }) })
	})
	if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// verify opens the directory and compares. It returns how many functions had
// something under way.
func (h history) verify(t *testing.T, dir string) (resumed int) {
	o, err := host.Open(host.Config{Dir: dir, Limits: host.Limits{Patience: 10 * time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}()
	all, err := o.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]host.Function{}
	for _, f := range all {
		if there[f.Name] = f; h[f.Name] == nil {
			t.Errorf("function %s came from nowhere", f.Name)
		}
		if f.State.Is == host.Pending || f.Update.Is == function.InProgress {
			resumed++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		p := h[name]
		f, exists := there[name]
		switch {
		case matches(t, p.now, f, exists):
		case p.next != nil && matches(t, *p.next, f, exists):
			p.now = *p.next
		default:
			t.Errorf("%s: acknowledged was %+v, tried %+v; there is %q with %s", name, p.now, p.next, f.Description, f.CodeSHA256)
			continue
		}
		p.next = nil
		if exists {
			p.works(t, o, name)
		}
	}
	return resumed
}

func matches(t *testing.T, v version, f host.Function, exists bool) bool {
	if v.guest == "" || !exists {
		return v.guest == "" && !exists
	}
	sum := func(b []byte) string {
		sum := sha256.Sum256(b)
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	return f.Description == strconv.Itoa(v.note) && f.CodeSHA256 == sum(v.zip(guest(t, v.guest))) &&
		len(f.Layers) == 1 && f.Layers[0].CodeSHA256 == sum(v.layer())
}

// works wants a function to become Active, to answer as its version does, and
// its code to be whole.
func (p *past) works(t *testing.T, o *host.Host, name string) {
	ref := function.Ref{Name: name}
	f, err := o.Service().Settled(t.Context(), ref)
	if err != nil || f.State.Is != host.Active || f.Update.Is != function.Successful || !matches(t, p.now, f, true) {
		t.Errorf("%s settled as %+v, %v; want %+v", name, f, err, p.now)
		return
	}
	d, err := o.Service().Get(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	want := p.now.zip(guest(t, p.now.guest))
	if code, err := o.Service().Code(t.Context(), d.CodeDigest); err != nil || !bytes.Equal(code, want) {
		t.Errorf("%s: its code has %d bytes, want %d: %v", name, len(code), len(want), err)
	}
	digest := sha256.Sum256(p.now.layer())
	if layer, err := o.Service().Code(t.Context(), hex.EncodeToString(digest[:])); err != nil || !bytes.Equal(layer, p.now.layer()) {
		t.Errorf("%s: its layer has %d bytes: %v", name, len(layer), err)
	}
	answers := map[string]string{"echo": `{"name":"Ada","n":1}`, "json": `{"message":"Hello, Ada!","n":2}`}
	if got := invoke(t, o, name, `{"name":"Ada","n":1}`); got != answers[p.now.guest] {
		t.Errorf("%s answers %s, which is not what %v does", name, got, p.now)
	}
}

// deployForever is the child: it says what it is about to do and what was
// acknowledged, a line each, until it is killed.
func deployForever(args []string) error {
	h, err := host.Open(host.Config{Dir: args[0]})
	if err != nil {
		return err
	}
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	modules := map[string][]byte{}
	for _, name := range []string{"echo", "json"} {
		if modules[name], err = os.ReadFile("../sandbox/testdata/guests/c/" + name + ".wasm"); err != nil {
			return err
		}
	}
	failed := make(chan error)
	for worker := range uint64(3) {
		go func() {
			random := rand.New(rand.NewPCG(seed, worker))
			for n := int(seed) * 1_000_000; ; n++ {
				next := version{guest: []string{"echo", "json"}[random.IntN(2)], code: n, note: n}
				if err := changeOne(h.Service(), fmt.Sprintf("f%d-%d", worker, random.IntN(2)), next, modules[next.guest], random); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// changeOne creates the function if it is not there; else it gives it the code or
// the description of next, or deletes it.
func changeOne(s *function.Service, name string, next version, module []byte, random *rand.Rand) error {
	ctx, ref := context.Background(), function.Ref{Name: name}
	if random.IntN(2) == 0 {
		if _, err := s.Settled(ctx, ref); err != nil && !isCode(err, host.CodeResourceNotFound) {
			return err
		}
	}
	note := strconv.Itoa(next.note)
	given := function.Settings{Description: &note}
	c := change{"create", next}
	if _, err := s.Configuration(ctx, ref); err == nil {
		c.what = []string{"code", "note", "delete"}[random.IntN(3)]
	}
	say := func(what string) { // in one write
		fmt.Fprintf(os.Stdout, "%s %s %s %q %d %d\n", what, name, c.what, c.guest, c.code, c.note)
	}
	if c.what == "create" || c.what == "note" {
		// It is deleted again: the function keeps what it has.
		layer, err := s.PublishLayer(ctx, function.PublishLayerInput{Name: name, Zip: next.layer()})
		if err != nil {
			return err
		}
		defer func() { _ = s.DeleteLayerVersion(ctx, name, layer.Version) }()
		given.Layers = []string{layer.ARN}
	}
	say("try")
	var err error
	switch c.what {
	case "create":
		runtime, handler, role, seconds := "provided.al2023", "x", "arn:aws:iam::000000000000:role/test", int(patient.Seconds())
		given.Runtime, given.Handler, given.Role, given.Timeout = &runtime, &handler, &role, &seconds
		_, err = s.Create(ctx, function.CreateInput{Name: name, Zip: next.zip(module), Settings: given})
	case "code":
		_, err = s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref, Zip: next.zip(module)})
	case "note":
		_, err = s.UpdateConfiguration(ctx, function.UpdateConfigurationInput{Ref: ref, Settings: given})
	case "delete":
		err = s.Delete(ctx, ref)
	}
	switch {
	case err == nil:
		say("done")
	case isCode(err, host.CodeResourceConflict):
		say("refused")
	default:
		return err
	}
	return nil
}

func isCode(err error, code host.Code) bool {
	said, ok := errors.AsType[*host.Error](err)
	return ok && said.Code == code
}
