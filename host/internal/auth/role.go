package auth

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Role is a role of an account.
type Role struct {
	Account, Name string
	Created       time.Time
	RoleSettings
}

// RoleSettings are what is kept of a role beside its name.
type RoleSettings struct {
	ID          string // AROA…: another for each role that ever had the name
	Path        string // "/", or "/a/b/"
	Description string
	Trust       string            // who may assume it: a policy
	MaxSession  int               // seconds
	Inline      map[string]string // policies, by name
	Attached    []string          // ARNs of policies, in the order in which they were attached
	Tags        map[string]string
}

// ARN is the role's name everywhere.
func (r *Role) ARN() string { return "arn:aws:iam::" + r.Account + ":role" + r.Path + r.Name }

// role is a Role with its documents, read.
type role struct {
	Role
	trust     *policy.Document
	documents []*policy.Document
}

func (r *role) arn() string { return r.ARN() }

// tag is the value of a condition key that asks for a tag.
func (r *role) tag(key, prefix string) []string {
	name, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return nil
	}
	for k, v := range r.Tags {
		if strings.EqualFold(k, name) {
			return []string{v}
		}
	}
	return nil
}

// Limits, as on AWS where it has them.
const (
	maxRoles        = 1000 // of an account
	maxInline       = 10240
	maxManaged      = 6144
	maxAttached     = 20
	maxTrust        = 4096
	maxInlineNumber = 50
	maxTags         = 50
	maxPath         = 512
	maxDescription  = 1000
)

// Powerless is the name of the role that Lambent's own tools give to functions that
// need no permissions. It cannot be made: whoever may create functions may give it to
// them without iam:PassRole.
const Powerless = "lambent"

var (
	roleName   = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	policyName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	pathText   = regexp.MustCompile(`^/([!-~]*/)?$`)
)

// splitRole takes the ARN of a role apart.
func splitRole(arn string) (account, name string, ok bool) {
	a, err := policy.ParseARN(arn)
	if err != nil || a.Service != "iam" || a.Region != "" || !policy.IsAccount(a.Account) {
		return "", "", false
	}
	path, ok := strings.CutPrefix(a.Resource, "role/")
	name = path[strings.LastIndexByte(path, '/')+1:]
	return a.Account, name, ok && roleName.MatchString(name)
}

func roleKey(account, name string) store.IdentityKey {
	return store.IdentityKey{Account: account, Kind: store.Role, Name: name}
}

func decodeRole(i store.Identity) (Role, error) {
	r := Role{Account: i.Account, Name: i.Name, Created: i.Created}
	err := json.Unmarshal(i.Configuration, &r.RoleSettings)
	return r, err
}

// check checks what a role says of itself.
func (r *Role) check() error {
	if len(r.Path) > maxPath || !pathText.MatchString(r.Path) {
		return fault.New(fault.Validation, "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	if len(r.Description) > maxDescription {
		return errDescription
	}
	if most := int(maxSession / time.Second); r.MaxSession < 3600 || r.MaxSession > most {
		return fault.Violates("maxSessionDuration", new(strconv.Itoa(r.MaxSession)), fault.Within(3600, most))
	}
	if len(r.Tags) > maxTags {
		return fault.New(LimitExceeded, "Cannot exceed quota for tags: %d.", maxTags)
	}
	// Conditions do not look at case: of two tags, which one decides would be chance.
	names := make(map[string]bool, len(r.Tags))
	for name := range r.Tags {
		names[strings.ToLower(name)] = true
	}
	if len(names) < len(r.Tags) {
		return fault.New(fault.Validation, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
	}
	if len(r.Trust) > maxTrust {
		return fault.New(LimitExceeded, "Cannot exceed quota for ACLSizePerRole: %d", maxTrust)
	}
	_, err := parseDocument(r.Trust, policy.Trust)
	return err
}
