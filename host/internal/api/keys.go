package api

import (
	"slices"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// accessKey is an access key as Lambent's own operations answer it.
type accessKey struct {
	AccessKeyID     string    `json:"accessKeyId"`
	SecretAccessKey string    `json:"secretAccessKey,omitempty"`
	Account         string    `json:"account"`
	Role            string    `json:"role,omitempty"`
	Created         time.Time `json:"created"`
}

// keyring is the access keys, if there are any.
func (c *call) keyring() (*auth.Service, error) {
	if c.api.protection.Auth == nil {
		return nil, fault.New(fault.NotImplemented, "This host has no access keys.")
	}
	return c.api.protection.Auth, nil
}

// all reports whether the caller may see to the keys of all accounts: the
// account of the host itself may, others have their own.
func (c *call) all(keys *auth.Service) bool {
	return c.request.Caller == nil || c.request.Caller.Account == keys.Account()
}

func (c *call) createKey() Response {
	var account, role string
	s := newScanner(c.request.Body)
	s.object("CreateKeyRequest", func(m string) {
		switch m {
		case "account":
			s.value(m, &account)
		case "role":
			s.value(m, &role)
		default:
			s.skip()
		}
	})
	if s.end(); s.err != nil {
		return c.fail(s.err)
	}
	keys, err := c.keyring()
	if err != nil {
		return c.fail(err)
	}
	if !c.all(keys) {
		if account != "" && account != c.request.Caller.Account {
			return c.fail(fault.New(fault.AccessDenied, "Account %s may not make keys of account %s.", c.request.Caller.Account, clip(account)))
		}
		account = c.request.Caller.Account
	}
	k, secret, err := keys.CreateKey(c.ctx, account, role)
	if err != nil {
		return c.fail(err)
	}
	return c.json(201, accessKey{k.ID, secret, k.Account, k.Role, k.Created})
}

func (c *call) listKeys() Response {
	keys, err := c.keyring()
	if err != nil {
		return c.fail(err)
	}
	found, err := keys.Keys(c.ctx)
	if err != nil {
		return c.fail(err)
	}
	all := []accessKey{}
	for _, k := range found {
		if c.all(keys) || k.Account == c.request.Caller.Account {
			all = append(all, accessKey{k.ID, "", k.Account, k.Role, k.Created})
		}
	}
	return c.json(200, struct {
		Keys []accessKey `json:"keys"`
	}{all})
}

func (c *call) deleteKey() Response {
	keys, err := c.keyring()
	if err != nil {
		return c.fail(err)
	}
	if !c.all(keys) {
		found, err := keys.Keys(c.ctx)
		if err != nil {
			return c.fail(err)
		}
		if !slices.ContainsFunc(found, func(k auth.AccessKey) bool { return k.ID == c.name && k.Account == c.request.Caller.Account }) {
			return c.fail(fault.New(fault.ResourceNotFound, "There is no access key %s.", clip(c.name)))
		}
	}
	if err := keys.DeleteKey(c.ctx, c.name); err != nil {
		return c.fail(err)
	}
	return c.empty(204)
}
