package api

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// Condition keys of a request that are not its caller's: what every request has is
// in requestKeys, what the resource has in subjectKeys, and what an operation is
// asked for in conditions. Keys that cannot be known here are absent, as on AWS
// where they do not apply:
//
//	aws:PrincipalOrgID, aws:SourceVpc, lambda:VpcIds    there are no organisations and no VPCs
//	aws:SourceArn, aws:SourceAccount                    but when a service assumes a role
//	lambda:EventSourceToken, lambda:InvokedViaFunctionUrl   nobody comes in that way
//	lambda:CodeSigningConfigArn                         there is no code signing

// conditions finds what the operations of that name are asked for. It is called when
// a policy wants to know, before the operation has read its parameters: what is not
// as it must be is left out here, and refused there.
var conditions = map[string]func(*call) policy.Map{
	"AddPermission":               (*call).permissionKeys,
	"CreateEventSourceMapping":    (*call).newMappingKeys,
	"CreateFunctionUrlConfig":     (*call).newURLKeys,
	"DeleteEventSourceMapping":    (*call).mappingKeys,
	"DeleteFunctionUrlConfig":     (*call).urlKeys,
	"GetEventSourceMapping":       (*call).mappingKeys,
	"GetFunctionUrlConfig":        (*call).urlKeys,
	"RemovePermission":            (*call).statementKeys,
	"TagResource":                 (*call).tagKeys,
	"UntagResource":               (*call).untagKeys,
	"UpdateEventSourceMapping":    (*call).mappingKeys,
	"UpdateFunctionConfiguration": (*call).settingsKeys,
	"UpdateFunctionUrlConfig":     (*call).newURLKeys,
}

// conditionKeys are the keys of an operation's table entry, found when the first is
// asked for.
type conditionKeys struct {
	call *call
	read func(*call) policy.Map // nil: there are none
	keys policy.Map
}

// Values implements policy.Keys.
func (k *conditionKeys) Values(key string) []string {
	if k.read == nil || !strings.HasPrefix(key, "lambda:") && !strings.HasPrefix(key, keyRequestTag) && key != keyTagKeys {
		return nil
	}
	if k.keys == nil {
		if k.keys = k.read(k.call); k.keys == nil {
			k.keys = policy.Map{}
		}
	}
	return k.keys[key]
}

// Names of condition keys, as policy.Keys has them.
const (
	keyRequestTag  = "aws:requesttag/"
	keyResourceTag = "aws:resourcetag/"
	keyTagKeys     = "aws:tagkeys"
	keyFunctionARN = "lambda:functionarn"
	keyURLAuthType = "lambda:functionurlauthtype"
	keyPrincipal   = "lambda:principal"
	keyLayer       = "lambda:layer"
	keySubnets     = "lambda:subnetids"
	keyGroups      = "lambda:securitygroupids"
)

// withTags adds the keys of tags that are to be given to something.
func withTags(m policy.Map, tags map[string]string) policy.Map {
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		key := keyRequestTag + strings.ToLower(name)
		m[key] = append(m[key], tags[name])
		m[keyTagKeys] = append(m[keyTagKeys], name)
	}
	return m
}

// withSettings adds the keys of settings that a function is to have.
func withSettings(m policy.Map, in *function.Settings) policy.Map {
	if len(in.Layers) > 0 {
		m[keyLayer] = in.Layers
	}
	if in.VPC != nil && len(in.VPC.SubnetIDs) > 0 {
		m[keySubnets] = in.VPC.SubnetIDs
	}
	if in.VPC != nil && len(in.VPC.SecurityGroupIDs) > 0 {
		m[keyGroups] = in.VPC.SecurityGroupIDs
	}
	return m
}

func (c *call) settingsKeys() policy.Map {
	var in settings
	s := newScanner(c.request.Body)
	s.object("", func(m string) {
		if !in.member(s, m) {
			s.skip()
		}
	})
	if s.end(); s.err != nil {
		return nil
	}
	return withSettings(policy.Map{}, &in.Settings)
}

func (c *call) tagKeys() policy.Map {
	var ignored violations
	in, err := body[struct{ Tags map[string]string }](c, tagsModel, &ignored)
	if err != nil {
		return nil
	}
	return withTags(policy.Map{}, in.Tags)
}

func (c *call) untagKeys() policy.Map {
	query, err := parseQuery(c.request.Query)
	if err != nil || len(query["tagKeys"]) > maxMembers {
		return nil
	}
	return policy.Map{keyTagKeys: query["tagKeys"]}
}

// permissionKeys are those of a statement that is to be added.
func (c *call) permissionKeys() policy.Map {
	in, err := c.permission()
	if err != nil {
		return nil
	}
	m := policy.Map{}
	if in.Principal != nil {
		m[keyPrincipal] = []string{*in.Principal}
	}
	if in.FunctionURLAuthType != nil {
		m[keyURLAuthType] = []string{*in.FunctionURLAuthType}
	}
	return m
}

// statementKeys are those of a statement that is to be removed, as they were given
// when it was added, unless it was an account in one of its longer forms.
func (c *call) statementKeys() policy.Map {
	ref, refused := c.target(true)
	if refused != nil {
		return nil
	}
	p, err := c.api.functions.Policy(c.ctx, ref)
	if err != nil {
		return nil
	}
	var document struct {
		Statement []struct {
			Sid       string
			Principal json.RawMessage
			Condition map[string]map[string]any
		}
	}
	if json.Unmarshal([]byte(p.Document), &document) != nil {
		return nil
	}
	m := policy.Map{}
	for _, s := range document.Statement {
		if s.Sid != c.part {
			continue
		}
		var (
			plain string
			named struct{ AWS, Service string }
		)
		switch {
		case json.Unmarshal(s.Principal, &plain) == nil:
		case json.Unmarshal(s.Principal, &named) == nil && named.Service != "":
			plain = named.Service
		default:
			plain = named.AWS
			if a, err := policy.ParseARN(plain); err == nil && a.Service == "iam" && a.Resource == "root" {
				plain = a.Account
			}
		}
		m[keyPrincipal] = one(plain)
		if auth, ok := s.Condition["StringEquals"]["lambda:FunctionUrlAuthType"].(string); ok {
			m[keyURLAuthType] = []string{auth}
		}
	}
	return m
}

// newURLKeys are those of a function URL as it is to be: what an update leaves out
// stays as it is.
func (c *call) newURLKeys() policy.Map {
	var ignored violations
	in, err := body[function.URLSettings](c, updateURL, &ignored)
	switch {
	case err != nil:
		return nil
	case in.AuthType != nil:
		return policy.Map{keyURLAuthType: {*in.AuthType}}
	}
	return c.urlKeys()
}

// urlKeys are those of one that is there.
func (c *call) urlKeys() policy.Map {
	ref, _, refused := urlTarget[nothing](c, nil)
	if refused != nil {
		return nil
	}
	u, err := c.api.functions.URL(c.ctx, ref)
	if err != nil || u.AuthType == nil {
		return nil
	}
	return policy.Map{keyURLAuthType: {*u.AuthType}}
}

// newMappingKeys are those of an event source mapping that is to be created.
func (c *call) newMappingKeys() policy.Map {
	var ignored violations
	in, ref, err := c.mappingRequest(createMappingModel, &ignored)
	if err != nil {
		return nil
	}
	m := withTags(policy.Map{}, in.Tags)
	if ref != nil {
		m[keyFunctionARN] = []string{c.api.functions.ARN(*ref)}
	}
	return m
}

// mappingKeys are those of one that is there.
func (c *call) mappingKeys() policy.Map {
	m, err := c.api.functions.Mapping(c.ctx, c.name)
	if err != nil {
		return nil
	}
	return policy.Map{keyFunctionARN: one(m.FunctionARN)}
}

// one are the values of a key that has one, unless it is empty.
func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// subjectKeys are those of a request, of what it asks for, and of what it is about.
type subjectKeys struct {
	requestKeys
	ctx   context.Context
	about *subject
	asked policy.Keys
	// unclear is a key that a policy asked for and that is two tags, of names that
	// differ in case: to conditions, which do not look at case, these are one. An
	// Allow may mean one of them, and a Deny the other.
	unclear string
}

// err refuses what cannot be decided.
func (k *subjectKeys) err() error {
	if k.unclear == "" {
		return nil
	}
	return fault.New(fault.AccessDenied, "A policy decides by %s, which is more than one tag: names of tags must differ by more than case there.", k.unclear)
}

// Values implements policy.Keys. The tags of what is not there, or cannot be read
// now, are unknown.
func (k *subjectKeys) Values(key string) []string {
	values := k.values(key)
	if len(values) > 1 && (strings.HasPrefix(key, keyRequestTag) || strings.HasPrefix(key, keyResourceTag)) {
		k.unclear = key
	}
	return values
}

func (k *subjectKeys) values(key string) []string {
	if values := k.asked.Values(key); values != nil {
		return values
	}
	tag, ok := strings.CutPrefix(key, keyResourceTag)
	if !ok || k.about.tagged == "" {
		return k.requestKeys.Values(key)
	}
	tags, err := k.api.functions.Tags(k.ctx, k.about.tagged)
	if err != nil {
		return nil
	}
	var values []string
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if strings.EqualFold(name, tag) {
			values = append(values, tags[name])
		}
	}
	return values
}
