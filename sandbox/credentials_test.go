package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// credentialsAnswer is what testdata/go/credentials and c/credentials answer.
type credentialsAnswer struct{ ID, Secret, Token, Init string }

const unset = "(unset)"

// noCredentials is what they answer where there are none.
var noCredentials = credentialsAnswer{unset, unset, unset, unset}

func credentials(t *testing.T, id, token string) *sandbox.Credentials {
	t.Helper()
	c, err := sandbox.NewCredentials(id, "secret of "+id, token)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCredentials gives events other credentials from event to event, or none:
// each sees its own, in every mode, whatever its language keeps of the environment,
// and the init phase that an image is made of sees none.
func TestCredentials(t *testing.T) {
	for name, wasm := range map[string][]byte{"Go": buildGo(t, "go/credentials"), "C": guest(t, "c/credentials")} {
		for _, mode := range []string{"pristine", "init=each", "reuse"} {
			t.Run(name+"/"+mode, func(t *testing.T) {
				box := newBox(t, wasm, sandbox.Config{Verify: 1, Manifest: sandbox.Manifest{Mode: mode}})
				if got, why := box.Mode(); string(got) != mode || why != nil {
					t.Fatalf("mode %q: %v", got, why)
				}
				long := strings.Repeat("x", 2000)
				for i, c := range []struct{ id, token string }{
					{"", ""}, {"A", "one"}, {"A", "one"}, {"B", long}, {"B", ""}, {"", ""}, {"A", "one"}, {"C", long + long}, {"", ""},
				} {
					r, want := sandbox.Request{}, noCredentials
					if c.id != "" {
						r.Credentials = credentials(t, c.id, c.token)
						want.ID, want.Secret = c.id, "secret of "+c.id
						if c.token != "" {
							want.Token = c.token
						}
						if mode != "pristine" {
							want.Init = c.id // it was for this event, or for one with the same credentials
						}
					}
					res, err := box.Do(t.Context(), r)
					if err != nil {
						t.Fatal(err)
					}
					if got := decode[credentialsAnswer](t, string(res.Response)); got != want {
						t.Errorf("event %d: %+v, want %+v", i, got, want)
					}
				}
			})
		}
	}
}

// TestCredentialsReuse: an instance that is reused goes on as long as credentials
// stay the same.
func TestCredentialsReuse(t *testing.T) {
	box := newBox(t, counting(nil, nil), sandbox.Config{Manifest: sandbox.Manifest{Mode: "reuse"}})
	a, b := credentials(t, "A", ""), credentials(t, "B", "")
	for i, c := range []struct {
		credentials *sandbox.Credentials
		want        string
	}{{a, "101"}, {a, "102"}, {credentials(t, "A", ""), "103"}, {b, "101"}, {b, "102"}, {nil, "101"}, {nil, "102"}, {a, "101"}} {
		res, err := box.Do(t.Context(), sandbox.Request{Credentials: c.credentials})
		if err != nil || string(res.Response) != c.want {
			t.Errorf("event %d: %s, %v; want %s", i, res.Response, err, c.want)
		}
	}
	if n, _ := box.Idle(); n != 1 {
		t.Errorf("%d instances are idle, want 1: those that saw others are given up", n)
	}
}

// TestCredentialsOfProgram: a stdio program has them in its environment, too.
func TestCredentialsOfProgram(t *testing.T) {
	box := newBox(t, printingEnvironment(), sandbox.Config{})
	res, err := box.Do(t.Context(), sandbox.Request{Credentials: credentials(t, "A", "one")})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"AWS_ACCESS_KEY_ID=A\x00", "AWS_SECRET_ACCESS_KEY=secret of A\x00", "AWS_SESSION_TOKEN=one\x00"} {
		if !strings.Contains(string(res.Response), want) {
			t.Errorf("%q is not in %q", want, res.Response)
		}
	}
	if got := run(t, box, "{}"); strings.Contains(got, "AWS_SESSION_TOKEN") || strings.Contains(got, "secret") {
		t.Errorf("the next event sees %q", got)
	}
}

// TestCredentialsAreNotKept: nothing that is on disk has them, nor has what prints
// them.
func TestCredentialsAreNotKept(t *testing.T) {
	dir := t.TempDir()
	config := sandbox.Config{Images: imagesIn(t, dir, 1<<30)}
	c := credentials(t, "ASIAKEPT", "a token")
	for range 2 { // the second is made of the image
		box := newBox(t, guest(t, "c/credentials"), config)
		res, err := box.Do(t.Context(), sandbox.Request{Credentials: c})
		if got := decode[credentialsAnswer](t, string(res.Response)); err != nil || got.ID != "ASIAKEPT" || got.Init != unset {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	images := kept(t, dir)
	if len(images) != 1 {
		t.Fatalf("%d images were kept, want 1", len(images))
	}
	image, err := os.ReadFile(images[0])
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(image, []byte("ASIAKEPT")) || bytes.Contains(image, []byte("a token")) {
		t.Error("the image on disk holds credentials")
	}
	var log bytes.Buffer
	request := sandbox.Request{Credentials: c}
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "credentials", c, "value", *c, "request", request)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("JSON", "credentials", c, "value", *c, "request", request)
	fmt.Fprintf(&log, "%v %+v %#v %s %q %x %d %v %+v %#v", c, c, c, c, c, c, c, request, &request, request)
	for _, secret := range []string{"ASIAKEPT", "secret", "token=", "41534941"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is printed:\n%s", secret, log.String())
		}
	}
}

func TestCredentialsRefuse(t *testing.T) {
	for _, c := range [][3]string{
		{"", "s", "t"}, {"a", "", "t"}, {"a\x00", "s", ""}, {"a", "s\x00X=1", ""}, {"a", "s", "t\x00"}, {"a", "s", strings.Repeat("t", sandbox.MaxCredentials)},
	} {
		if got, err := sandbox.NewCredentials(c[0], c[1], c[2]); !errors.Is(err, sandbox.ErrRequest) || got != nil || strings.Contains(err.Error(), "s\x00") {
			t.Errorf("%.20q: %v", c, err)
		}
	}
	if _, err := sandbox.NewCredentials("a", "s", strings.Repeat("t", sandbox.MaxCredentials-2)); err != nil {
		t.Error(err)
	}
}
