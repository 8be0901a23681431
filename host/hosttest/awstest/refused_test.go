package awstest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestRefusedSDK is who is not let in as AWS's SDK for Go sees it: TestDeniedBoto3
// has more of what roles may, TestSignedSDK what another account may once it is
// permitted.
func TestRefusedSDK(t *testing.T) {
	t.Parallel()
	h := hosttest.NewWithKeys(t)
	ctx := t.Context()
	_, err := h.Deploy(ctx, host.Deployment{Name: "hello", Zip: zipOf(t, "hello"), Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := h.Access().Create(ctx, foreignAccount, "")
	if err != nil {
		t.Fatal(err)
	}
	callIAM(t, h, url.Values{"Action": {"CreateRole"}, "RoleName": {"app"}, "AssumeRolePolicyDocument": {
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`}})
	app, err := h.Access().Create(ctx, "", "app")
	if err != nil {
		t.Fatal(err)
	}
	allow := func(statements string) {
		t.Helper()
		callIAM(t, h, url.Values{"Action": {"PutRolePolicy"}, "RoleName": {"app"}, "PolicyName": {"p"}, "PolicyDocument": {`{"Version":"2012-10-17","Statement":[` + statements + `]}`}})
	}
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
	invoke := func(c *lambda.Client) error {
		_, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(arn), Payload: []byte(`{"name":"Ada"}`)})
		return err
	}
	as := func(id, secret string, configure ...func(*lambda.Options)) *lambda.Client {
		with := *h
		with.AccessKeyID, with.SecretAccessKey = id, secret
		return client(&with, configure...)
	}
	refused := func(what string, err error, code, text string) {
		t.Helper()
		var said smithy.APIError
		var response *smithyhttp.ResponseError
		if !errors.As(err, &said) || !errors.As(err, &response) || said.ErrorCode() != code || !strings.Contains(said.ErrorMessage(), text) || response.HTTPStatusCode() != 403 {
			t.Errorf("%s: %v; want %s, 403, %q", what, err, code, text)
		}
	}
	if err := invoke(client(h)); err != nil {
		t.Fatal(err)
	}

	refused("a wrong key", invoke(as(h.AccessKeyID, "wrong")), "InvalidSignatureException", "The request signature we calculated does not match the signature you provided.")
	refused("an unknown key", invoke(as("AKIANOBODY", "x")), "UnrecognizedClientException", "The security token included in the request is invalid.")
	for by, text := range map[time.Duration]string{-6 * time.Minute: "Signature expired: ", 6 * time.Minute: "Signature not yet current: "} {
		late := as(h.AccessKeyID, h.SecretAccessKey, func(o *lambda.Options) { o.HTTPSignerV4, o.RetryMaxAttempts = clock{by}, 1 })
		refused("a signature of "+by.String(), invoke(late), "InvalidSignatureException", text)
	}

	var sent *http.Request
	once := as(h.AccessKeyID, h.SecretAccessKey, func(o *lambda.Options) {
		o.HTTPClient = &http.Client{Transport: keep{&sent}}
	})
	if err := invoke(once); err != nil {
		t.Fatal(err)
	}
	again := as("AKIANOBODY", "x", func(o *lambda.Options) { o.HTTPClient = &http.Client{Transport: instead{sent}} })
	refused("a signature that was used", invoke(again), "InvalidSignatureException", "used before")

	inApp := as(app.ID, app.Secret)
	refused("what no policy allows", invoke(inApp), "AccessDeniedException", "is not authorized to perform: lambda:InvokeFunction on resource: "+arn+" because no identity-based policy allows the lambda:InvokeFunction action")
	allow(`{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"` + arn + `"}`)
	if err := invoke(inApp); err != nil {
		t.Errorf("what a policy allows: %v", err)
	}
	allow(`{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Deny","Action":"lambda:Invoke*","Resource":"*"}`)
	refused("what a policy denies", invoke(inApp), "AccessDeniedException", "on resource: "+arn+" with an explicit deny in an identity-based policy")
	refused("another account", invoke(as(foreign.ID, foreign.Secret)), "AccessDeniedException", "because no resource-based policy allows the lambda:InvokeFunction action")
}

// clock signs with a clock that is wrong.
type clock struct{ by time.Duration }

func (c clock) SignHTTP(ctx context.Context, credentials aws.Credentials, r *http.Request, hash, service, region string, now time.Time, options ...func(*v4.SignerOptions)) error {
	return v4.NewSigner().SignHTTP(ctx, credentials, r, hash, service, region, now.Add(c.by), options...)
}

// keep keeps what was sent.
type keep struct{ sent **http.Request }

func (k keep) RoundTrip(r *http.Request) (*http.Response, error) {
	*k.sent = r.Clone(context.WithoutCancel(r.Context()))
	return http.DefaultTransport.RoundTrip(r)
}

// instead sends another request.
type instead struct{ other *http.Request }

func (i instead) RoundTrip(*http.Request) (*http.Response, error) {
	i.other.Body = io.NopCloser(strings.NewReader(`{"name":"Ada"}`))
	return http.DefaultTransport.RoundTrip(i.other)
}

// callIAM calls the API of IAM, as the account itself.
func callIAM(t *testing.T, h *hosttest.Host, form url.Values) {
	t.Helper()
	form.Set("Version", "2010-05-08")
	body := form.Encode()
	r, err := http.NewRequestWithContext(t.Context(), "POST", h.Endpoint, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := (host.Credentials{AccessKeyID: h.AccessKeyID, SecretAccessKey: h.SecretAccessKey}).Sign(r, []byte(body), h.Region, "iam", time.Now()); err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != 200 {
		t.Fatalf("%s: %d %s", form.Get("Action"), response.StatusCode, answer)
	}
}
