package api

import (
	"strconv"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// stsActions are the operations of AWS STS.
var stsActions = map[string]func(*formCall) ([]element, error){
	"GetCallerIdentity": (*formCall).getCallerIdentity,
	"AssumeRole":        (*formCall).assumeRole,
	"GetSessionToken":   (*formCall).getSessionToken,
}

// getCallerIdentity is for everybody: no policy can forbid it.
func (f *formCall) getCallerIdentity() ([]element, error) {
	c := f.request.Caller
	return []element{texted("Arn", c.ARN), texted("UserId", c.UserID), texted("Account", c.Account)}, nil
}

func (f *formCall) assumeRole() ([]element, error) {
	role, err := f.required("RoleArn")
	if err != nil {
		return nil, err
	}
	name, err := f.required("RoleSessionName")
	if err != nil {
		return nil, err
	}
	lasts, err := f.duration()
	if err != nil {
		return nil, err
	}
	if len(f.members("PolicyArns")) > 0 || f.in.Has("PolicyArns.member.1.arn") {
		return nil, fault.New(fault.NotImplemented, "Lambent does not narrow sessions by PolicyArns yet; use Policy.")
	}
	session, credentials, err := f.auth.AssumeRole(f.ctx, f.request.Caller, auth.AssumeRoleInput{
		RoleARN: role, Session: name, Lasts: lasts, Policy: f.in.Get("Policy"), ExternalID: f.in.Get("ExternalId"),
		Keys: &requestKeys{f.api, f.request, time.Now}, Unchecked: !f.api.protection.Enforced,
	})
	if err != nil {
		return nil, err
	}
	return []element{
		credentialsElement(credentials),
		holding("AssumedRoleUser", texted("AssumedRoleId", session.UserID), texted("Arn", session.ARN)),
		numbered("PackedPolicySize", len(f.in.Get("Policy"))*100/2048),
	}, nil
}

func (f *formCall) getSessionToken() ([]element, error) {
	lasts, err := f.duration()
	if err != nil {
		return nil, err
	}
	credentials, err := f.auth.SessionToken(f.request.Caller, lasts)
	if err != nil {
		return nil, err
	}
	return []element{credentialsElement(credentials)}, nil
}

func credentialsElement(c auth.Credentials) element {
	return holding("Credentials", texted("AccessKeyId", c.AccessKeyID), texted("SecretAccessKey", c.SecretAccessKey),
		texted("SessionToken", c.SessionToken), dated("Expiration", c.Expiration))
}

// duration reads DurationSeconds, 0 if it was not given.
func (f *formCall) duration() (time.Duration, error) {
	text := f.in.Get("DurationSeconds")
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseUint(text, 10, 20)
	if err != nil || seconds == 0 {
		return 0, fault.Violates("durationSeconds", new(clip(text)), fault.LeastValue(900))
	}
	return time.Duration(seconds) * time.Second, nil
}
