package hosttest_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

func TestNew(t *testing.T) {
	module, err := os.ReadFile("../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	var endpoint, dir string
	t.Run("inside", func(t *testing.T) {
		h := hosttest.New(t, func(c *host.Config) { dir, c.Region = c.Dir, "eu-north-1" })
		endpoint = h.Endpoint
		f, err := h.Deploy(t.Context(), host.Deployment{Name: "echo", Module: module, Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.ARN, "arn:aws:lambda:"+h.Region+":") || h.Region != "eu-north-1" {
			t.Errorf("%s in region %s", f.ARN, h.Region)
		}
		r, err := http.Post(h.Endpoint+"/functions/echo", "", strings.NewReader(`{"n":1}`))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != 200 || string(body) != `{"n":1}` {
			t.Errorf("%d %s", r.StatusCode, body)
		}
	})
	if _, err := http.Get(endpoint + "/health"); err == nil {
		t.Error("it serves after the test")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("its directory is there after the test: %v", err)
	}
}

func TestEnviron(t *testing.T) {
	h := hosttest.New(t)
	c := exec.Command("env")
	c.Env = h.Environ()
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, want := range []string{"AWS_ENDPOINT_URL=" + h.Endpoint, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test"} {
		if !slices.Contains(lines, want) {
			t.Errorf("%s is not in %q", want, lines)
		}
	}
}

func TestNewWithKeys(t *testing.T) {
	h := hosttest.NewWithKeys(t)
	r, err := http.NewRequest("GET", h.Endpoint+"/2015-03-31/functions", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() (int, string) {
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(body)
	}
	if status, body := ask(); status != 403 || !strings.Contains(body, "Missing Authentication Token") {
		t.Errorf("unsigned: %d %s", status, body)
	}
	key := host.Credentials{AccessKeyID: h.AccessKeyID, SecretAccessKey: h.SecretAccessKey}
	if err := key.Sign(r, nil, h.Region, "lambda", time.Now()); err != nil {
		t.Fatal(err)
	}
	if status, body := ask(); status != 200 {
		t.Errorf("signed: %d %s", status, body)
	}
	if status, body := ask(); status != 403 || !strings.Contains(body, "used before") {
		t.Errorf("again: %d %s", status, body)
	}
}
