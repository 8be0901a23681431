package api

import (
	"errors"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// maySign verifies the signature of a request to a function URL whose AuthType is
// AWS_IAM, and decides whether its caller may use it. It is done here and not
// before the body is read, as only the URL says whether the field Authorization is
// for us or for the function.
func (c *call) maySign(u *function.URL, document *policy.Document) error {
	r := c.request
	claim, err := c.api.protection.Auth.Begin(c.ctx, r.Signed, "lambda")
	if err == nil {
		r.Caller, r.Body, err = claim.Finish(r.Signed, r.Body)
	}
	if missing, ok := errors.AsType[*sigv4.Error](err); ok && missing.Kind == sigv4.Missing {
		return errForbidden
	}
	if err != nil {
		return notBelieved(err)
	}
	err = r.Caller.Authorize(auth.Access{
		Action: "lambda:InvokeFunctionUrl", Resource: u.FunctionARN, Owner: c.api.account, Policy: document, Keys: &signedURLKeys{requestKeys{c.api, r, time.Now}},
	})
	if denied, ok := errors.AsType[*fault.Error](err); ok && denied.Code == fault.AccessDenied {
		return errForbidden
	}
	return err
}

// signedURLKeys are the condition keys of a signed request to a function URL.
type signedURLKeys struct{ requestKeys }

// Values implements policy.Keys.
func (k *signedURLKeys) Values(key string) []string {
	if key == keyURLAuthType {
		return []string{"AWS_IAM"}
	}
	return k.requestKeys.Values(key)
}
