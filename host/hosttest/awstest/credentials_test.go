package awstest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
	"github.com/lambent-dev/lambent/sdk/toolchain"
)

// found are the credentials that a function found in its environment.
type found struct{ ID, Secret, Token, Init string }

const unset = "(unset)"

// actor is a Host whose functions act as their role, "actor".
type actor struct {
	t *testing.T
	*hosttest.Host
	iam  *cli
	dir  string
	skew atomic.Int64 // of its clock, in nanoseconds
}

const actorARN = "arn:aws:iam::000000000000:role/actor"

func newActor(t *testing.T) *actor {
	t.Helper()
	a := &actor{t: t}
	a.Host = hosttest.NewWithKeys(t, func(c *host.Config) {
		a.dir = c.Dir
		c.Now = func() time.Time { return time.Now().Add(time.Duration(a.skew.Load())) }
	})
	a.iam = newCLI(t, a.Host)
	a.iam.service = "iam"
	a.iam.run("create-role", "--role-name", "actor", "--assume-role-policy-document",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	return a
}

// may gives the role one policy in place of what it had.
func (a *actor) may(statements string) {
	a.t.Helper()
	a.iam.run("put-role-policy", "--role-name", "actor", "--policy-name", "may", "--policy-document", `{"Version":"2012-10-17","Statement":[`+statements+`]}`)
}

// deploy makes a function of a module; mode is what lambent.json says.
func (a *actor) deploy(name, mode string, module []byte) {
	a.t.Helper()
	_, err := a.Deploy(a.t.Context(), host.Deployment{Name: name, Role: actorARN, Timeout: 15 * time.Minute,
		Zip: zipFile(a.t, map[string]string{"bootstrap": string(module), "lambent.json": `{"mode":"` + mode + `"}`})})
	if err != nil {
		a.t.Fatal(err)
	}
}

// zipFile makes a zip file of files.
func zipFile(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// credentials asks a function for what it found.
func (a *actor) credentials(name string) (f found) {
	a.t.Helper()
	out, err := a.Invoke(a.t.Context(), host.Invocation{Function: name, Event: []byte("{}")})
	if err == nil {
		err = json.Unmarshal(out.Payload, &f)
	}
	if err != nil {
		a.t.Fatalf("%s, %v", out.Payload, err)
	}
	return f
}

// invoke calls a function of the Host with the credentials that another found, as
// AWS's SDK for Go does.
func (a *actor) invoke(f found, name string) error {
	c := client(a.Host, func(o *lambda.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: f.ID, SecretAccessKey: f.Secret, SessionToken: f.Token}, nil
		})
		o.RetryMaxAttempts = 1
	})
	_, err := c.Invoke(a.t.Context(), &lambda.InvokeInput{FunctionName: aws.String(name), Payload: []byte(`{"name":"Ada"}`)})
	return err
}

// refused wants an error of AWS's.
func (a *actor) refused(what string, err error, code, message string) {
	a.t.Helper()
	var said smithy.APIError
	if !errors.As(err, &said) || said.ErrorCode() != code || !strings.Contains(said.ErrorMessage(), message) {
		a.t.Errorf("%s: %v, want %s: %s", what, err, code, message)
	}
}

// expired wants credentials to be refused that were good for an hour. The request is
// signed by the Host's clock.
func (a *actor) expired(f found) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), "GET", a.Endpoint+"/2015-03-31/functions/hello", nil)
	if err != nil {
		a.t.Fatal(err)
	}
	c := host.Credentials{AccessKeyID: f.ID, SecretAccessKey: f.Secret, SessionToken: f.Token}
	if err := c.Sign(r, nil, a.Region, "lambda", time.Now().Add(time.Duration(a.skew.Load()))); err != nil {
		a.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 403 || answer.Header.Get("X-Amzn-Errortype") != "ExpiredTokenException" || !strings.Contains(string(body), "The security token included in the request is expired") {
		a.t.Errorf("expired: %d %s %s, %v", answer.StatusCode, answer.Header.Get("X-Amzn-Errortype"), body, err)
	}
}

// TestExecutionRole is a function that calls another, with the credentials that it
// finds in its environment: as its role says, whatever language and mode it has.
func TestExecutionRole(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	if _, err := a.Deploy(t.Context(), host.Deployment{Name: "hello", Zip: zipOf(t, "hello"), Timeout: patience}); err != nil {
		t.Fatal(err)
	}
	built, err := toolchain.Build(t.Context(), toolchain.Options{Dir: filepath.Join(root, "sandbox/testdata/go/credentials")})
	if err != nil {
		t.Fatal(err)
	}
	inC, err := os.ReadFile(filepath.Join(root, "sandbox/testdata/guests/c/credentials.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string][]byte{"go": built.Wasm, "c": inC}
	functions := map[string]found{}
	for language, module := range modules {
		for _, mode := range []string{"pristine", "init=each", "reuse"} {
			name := language + "-" + strings.ReplaceAll(mode, "=", "-")
			a.deploy(name, mode, module)
			f := a.credentials(name)
			if !strings.HasPrefix(f.ID, "ASIA") || len(f.ID) != 20 || len(f.Secret) != 40 || f.Token == unset {
				t.Errorf("%s found %+v", name, f)
			}
			if mode == "pristine" && f.Init != unset || mode != "pristine" && f.Init != f.ID {
				t.Errorf("%s: init found %s", name, f.Init)
			}
			if again := a.credentials(name); again != f {
				t.Errorf("%s: the next event found %+v, the first %+v", name, again, f)
			}
			functions[name] = f
		}
	}
	const action = "lambda:InvokeFunction"
	const hello = "arn:aws:lambda:us-east-1:000000000000:function:hello"
	each := func(check func(name string, f found)) {
		t.Helper()
		for name, f := range functions {
			check(name, f)
		}
	}
	each(func(name string, f found) {
		a.refused(name, a.invoke(f, "hello"), "AccessDeniedException",
			"User: arn:aws:sts::000000000000:assumed-role/actor/"+name+" is not authorized to perform: "+action+" on resource: "+hello+" because no identity-based policy allows the "+action+" action")
	})
	sts := *a.iam
	sts.service = "sts"
	f := functions["go-pristine"]
	sts.env = append(append([]string{}, sts.env...), "AWS_ACCESS_KEY_ID="+f.ID, "AWS_SECRET_ACCESS_KEY="+f.Secret, "AWS_SESSION_TOKEN="+f.Token)
	if got := sts.run("get-caller-identity"); got["Arn"] != "arn:aws:sts::000000000000:assumed-role/actor/go-pristine" || got["Account"] != "000000000000" {
		t.Errorf("GetCallerIdentity: %v", got)
	}

	// What policies say counts at once: of the role, or of what is called.
	a.may(`{"Effect":"Allow","Action":"` + action + `","Resource":"` + hello + `"}`)
	each(func(name string, f found) {
		if err := a.invoke(f, "hello"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	a.refused("another function", a.invoke(f, "c-reuse"), "AccessDeniedException", "because no identity-based policy allows")
	a.may(`{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Deny","Action":"` + action + `","Resource":"*"}`)
	a.refused("denied", a.invoke(f, "hello"), "AccessDeniedException", "with an explicit deny in an identity-based policy")
	a.iam.run("delete-role-policy", "--role-name", "actor", "--policy-name", "may")
	functionCLI := *a.iam
	functionCLI.service = "lambda"
	functionCLI.run("add-permission", "--function-name", "hello", "--statement-id", "actor", "--action", action, "--principal", actorARN)
	if err := a.invoke(f, "hello"); err != nil {
		t.Errorf("with a policy of the function: %v", err)
	}
	a.may(`{"Effect":"Allow","Action":"` + action + `","Resource":"*","Condition":{"ArnEquals":{"lambda:SourceFunctionArn":"arn:aws:lambda:us-east-1:000000000000:function:go-reuse"}}}`)
	functionCLI.run("remove-permission", "--function-name", "hello", "--statement-id", "actor")
	if err := a.invoke(functions["go-reuse"], "hello"); err != nil {
		t.Errorf("the function that may: %v", err)
	}
	a.refused("one that may not", a.invoke(f, "hello"), "AccessDeniedException", "because no identity-based policy allows")

	// Old ones are replaced before they expire, in instances that are reused, too.
	a.skew.Add(int64(50 * time.Minute))
	for name, before := range functions {
		f := a.credentials(name)
		if f.ID == before.ID || strings.Contains(name, "reuse") && f.Init != f.ID {
			t.Errorf("%s: %+v after 50 minutes, %+v before", name, f, before)
		}
		functions[name] = f
	}
	a.skew.Store(int64(61 * time.Minute))
	a.expired(f)
	a.skew.Store(0) // as the SDK signs by the clock of the machine
	if err := a.invoke(functions["go-reuse"], "hello"); err != nil {
		t.Errorf("renewed: %v", err)
	}

	// Without the role there is nothing to act as.
	a.iam.run("delete-role-policy", "--role-name", "actor", "--policy-name", "may")
	a.iam.run("delete-role", "--role-name", "actor")
	each(func(name string, f found) {
		a.refused(name, a.invoke(f, "hello"), "UnrecognizedClientException", "The security token included in the request is invalid.")
	})
	a.skew.Add(int64(2 * time.Minute))
	for name := range functions {
		if f := a.credentials(name); f != (found{unset, unset, unset, unset}) {
			t.Errorf("%s: %+v, though the role is gone", name, f)
		}
	}
	checkNothingKept(t, a, f)
}

// checkNothingKept looks for a secret in all that a Host has on disk.
func checkNothingKept(t *testing.T, a *actor, f found) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(a.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for _, secret := range []string{f.ID, f.Secret, f.Token} {
			if strings.Contains(string(b), secret) {
				t.Errorf("%s holds %.8s…", path, secret)
			}
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// TestPlaceholder: where roles do not count, functions find a pair that everybody
// knows, which leads to their account.
func TestPlaceholder(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	inC, err := os.ReadFile(filepath.Join(root, "sandbox/testdata/guests/c/credentials.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Deploy(t.Context(), host.Deployment{Name: "credentials", Module: inC, Timeout: patience}); err != nil {
		t.Fatal(err)
	}
	a := &actor{t: t, Host: h}
	f := a.credentials("credentials")
	if want := (found{"000000000000", "test", "test", "000000000000"}); f != want {
		t.Errorf("%+v, want %+v", f, want)
	}
	if err := a.invoke(f, "credentials"); err != nil {
		t.Error(err)
	}
}
