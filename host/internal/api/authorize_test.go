package api

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

const home = "000000000000"

// newAuth is keys, roles and policies, with a role "app" that may do nothing.
func newAuth(t testing.TB) (*auth.Service, *auth.Caller) {
	t.Helper()
	dir := t.TempDir()
	kept, err := store.Open(dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, err := auth.OpenSealer(filepath.Join(dir, "secret.key"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := auth.New(auth.Config{Store: kept, Sealer: sealer, Account: home})
	if err != nil {
		t.Fatal(err)
	}
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`
	if _, err := s.CreateRole(t.Context(), auth.Role{Account: home, Name: "app", RoleSettings: auth.RoleSettings{Trust: trust}}); err != nil {
		t.Fatal(err)
	}
	return s, session(t, s)
}

// session is the role "app" as a caller.
func session(t testing.TB, s *auth.Service) *auth.Caller {
	t.Helper()
	caller, _, err := s.AssumeRole(t.Context(), auth.Root(home), auth.AssumeRoleInput{RoleARN: "arn:aws:iam::" + home + ":role/app", Session: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return caller
}

// everything are members and parameters that operations want.
const (
	everyMember = `{"name":"n","definition":"{}","roleArn":"arn:aws:iam::000000000000:role/app","stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m",
		"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:e","activityArn":"arn:aws:states:us-east-1:000000000000:activity:a","resourceArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m",
		"taskToken":"t","output":"{}","tags":[],"tagKeys":[]}`
	everyParameter = "&RoleName=app&PolicyName=p&PolicyDocument=%7B%7D&AssumeRolePolicyDocument=%7B%7D&PolicyArn=arn:aws:iam::000000000000:policy/p&RoleArn=arn:aws:iam::000000000000:role/app&RoleSessionName=test"
	creation       = `{"FunctionName":"there","Role":"arn:aws:iam::000000000000:role/app","Code":{"ZipFile":"UEs="}}`
)

var parameter = regexp.MustCompile(`\{[A-Za-z]+\}`)

// TestEveryOperationAsks sends a request for each operation from a role that may
// do nothing: it is refused, but for what is open to everybody.
func TestEveryOperationAsks(t *testing.T) {
	s, caller := newAuth(t)
	a := newStates(t)
	f := &fake{}
	a.functions = f
	a.Protect(Protection{Auth: s, Enforced: true})
	refused := func(name string, m Match, body string) {
		t.Helper()
		r := a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(body), Caller: caller})
		if !strings.Contains(string(r.Body), "is not authorized to perform: ") || !strings.Contains(string(r.Body), "assumed-role/app/test") {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	asked := 0
	for _, o := range slices.Concat(lambda, own) {
		if o.serve == nil || o.open {
			continue
		}
		target := parameter.ReplaceAllStringFunc(o.path, func(p string) string {
			return map[string]string{"{FunctionName}": "there", "{Resource}": "arn:aws:lambda:us-east-1:000000000000:function:there"}[p]
		})
		target = strings.ReplaceAll(strings.TrimSuffix(target, "/"), "//", "/x/")
		if strings.HasSuffix(o.path, "}") && strings.Count(target, "/") < strings.Count(o.path, "/") {
			target += "/x"
		}
		if o.query != "" {
			target += "?" + o.query
		}
		m, err := a.Find(o.method, target)
		if err != nil || m.Operation.Name != o.Name {
			t.Errorf("%s %s: %v, %v", o.method, target, m.Operation, err)
			continue
		}
		refused(o.Name, m, creation)
		asked++
	}
	for _, name := range slices.Sorted(maps.Keys(a.targets)) {
		if o := a.targets[name]; o.serve != nil {
			refused(name, Match{Operation: o}, everyMember)
			asked++
		}
	}
	form, _ := a.FindForm()
	for _, name := range slices.Sorted(maps.Keys(iamActions)) {
		refused(name, form, "Action="+name+everyParameter)
		asked++
	}
	if asked < 80 {
		t.Errorf("only %d operations were asked for", asked)
	}
	if f.created != nil || f.invoked != nil || f.updatedCode != nil || f.updatedConfig != nil || f.added != nil || f.listed != nil {
		t.Errorf("something was done: %+v", f)
	}
	m, err := a.Find("POST", "/2015-03-31/functions/there/invocations")
	if err != nil {
		t.Fatal(err)
	}
	if r := a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}}); r.Status != 403 || !strings.Contains(string(r.Body), "Missing Authentication Token") {
		t.Errorf("without a caller: %d %s", r.Status, r.Body)
	}
}

// tagged is a fake whose functions have a tag.
type tagged struct{ *fake }

func (tagged) Tags(context.Context, string) (map[string]string, error) {
	return map[string]string{"team": "blue"}, nil
}

func TestWhoMayInvoke(t *testing.T) {
	s, _ := newAuth(t)
	f, a := newFake()
	a.functions = tagged{f}
	a.Protect(Protection{Auth: s, Enforced: true})
	allow := func(principal string) *policy.Document {
		d, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":`+principal+`,"Action":"lambda:InvokeFunction",
			"Resource":"arn:aws:lambda:us-east-1:000000000000:function:there"}]}`), policy.Resource)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	invoke := func(caller *auth.Caller, name string) int {
		t.Helper()
		m, err := a.Find("POST", "/2015-03-31/functions/"+name+"/invocations")
		if err != nil {
			t.Fatal(err)
		}
		return a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(`{}`), Caller: caller}).Status
	}
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:there"
	foreign := auth.Root("222222222222")
	for _, c := range []struct {
		what     string
		caller   *auth.Caller
		name     string
		inline   string // the role's policy
		function *policy.Document
		want     int
	}{
		{"the account", auth.Root(home), "there", "", nil, 200},
		{"the account, by ARN", auth.Root(home), arn, "", nil, 200},
		{"another account, by name: its own function", foreign, "there", "", allow(`"*"`), 404},
		{"another account, by ARN", foreign, arn, "", nil, 403},
		{"another account, permitted", foreign, arn, "", allow(`{"AWS":"222222222222"}`), 200},
		{"another account, others permitted", foreign, arn, "", allow(`{"AWS":"333333333333"}`), 403},
		{"a role, permitted by the function", session(t, s), "there", "", allow(`{"AWS":"arn:aws:iam::000000000000:role/app"}`), 200},
		{"a role, permitted by its policy", nil, "there", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"` + arn + `"}]}`, nil, 200},
		{"a role, denied by its policy", nil, "there", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"lambda:InvokeFunction","Resource":"*"}]}`, allow(`"*"`), 403},
		{"a role, permitted where a tag says so", nil, "there", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Team":"blue"}}}]}`, nil, 200},
		{"a role, permitted where a tag says otherwise", nil, "there", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Team":"red"}}}]}`, nil, 403},
		{"a role, permitted another qualifier", nil, "there:$LATEST", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"` + arn + `"}]}`, nil, 403},
	} {
		f.policies = map[function.Ref]*policy.Document{{Name: "there"}: c.function}
		caller := c.caller
		if c.inline != "" {
			if err := s.PutRolePolicy(t.Context(), home, "app", "p", c.inline); err != nil {
				t.Fatal(err)
			}
		}
		if caller == nil {
			caller = session(t, s)
		}
		if got := invoke(caller, c.name); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

// TestOtherAccounts: where there are several, a request goes to the API of the one
// that it is about, whoever asks.
func TestOtherAccounts(t *testing.T) {
	s, _ := newAuth(t)
	_, own := newFake()
	theirs, other := newFake()
	other.account = "222222222222"
	p := Protection{Auth: s}
	p.Of = func(account string) (*API, error) {
		if account == home {
			return own, nil
		}
		return other, nil
	}
	own.Protect(p)
	other.Protect(p)
	ask := func(key, name string) {
		t.Helper()
		m, err := own.Find("POST", "/2015-03-31/functions/"+name+"/invocations")
		if err != nil {
			t.Fatal(err)
		}
		r := &Request{ID: "id", Header: http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=" + key + "/20260301/us-east-1/lambda/aws4_request, x"}}}
		claim, failed := own.Claim(context.Background(), m, r)
		if failed == nil {
			failed = own.Finish(claim, r)
		}
		if failed != nil {
			t.Fatal(failed)
		}
		if got := own.Serve(t.Context(), m, r); got.Status != 200 {
			t.Errorf("%s, %s: %d %s", key, name, got.Status, got.Body)
		}
	}
	for _, c := range []struct {
		key, name string
		other     bool
	}{
		{"test", "there", false}, {"AKIAIOSFODNN7EXAMPLE", "there", false}, {"222222222222", "there", true},
		{"test", "222222222222:function:there", true}, {"222222222222", "arn:aws:lambda:us-east-1:000000000000:function:there", false},
	} {
		theirs.invoked = nil
		ask(c.key, c.name)
		if got := theirs.invoked != nil; got != c.other {
			t.Errorf("%s, %s: the other account's: %t", c.key, c.name, got)
		}
	}
}
