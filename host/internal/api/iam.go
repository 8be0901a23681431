package api

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// iamActions are the operations of AWS IAM that Lambent has.
var iamActions = map[string]func(*formCall) ([]element, error){
	"CreateRole":                  (*formCall).createRole,
	"GetRole":                     (*formCall).getRole,
	"ListRoles":                   (*formCall).listRoles,
	"UpdateRole":                  (*formCall).updateRole,
	"UpdateRoleDescription":       (*formCall).updateRoleDescription,
	"UpdateAssumeRolePolicy":      (*formCall).updateAssumeRolePolicy,
	"DeleteRole":                  (*formCall).deleteRole,
	"TagRole":                     (*formCall).tagRole,
	"UntagRole":                   (*formCall).untagRole,
	"ListRoleTags":                (*formCall).listRoleTags,
	"ListInstanceProfilesForRole": (*formCall).listInstanceProfilesForRole,
	"PutRolePolicy":               (*formCall).putRolePolicy,
	"GetRolePolicy":               (*formCall).getRolePolicy,
	"DeleteRolePolicy":            (*formCall).deleteRolePolicy,
	"ListRolePolicies":            (*formCall).listRolePolicies,
	"AttachRolePolicy":            (*formCall).attachRolePolicy,
	"DetachRolePolicy":            (*formCall).detachRolePolicy,
	"ListAttachedRolePolicies":    (*formCall).listAttachedRolePolicies,
	"CreatePolicy":                (*formCall).createPolicy,
	"GetPolicy":                   (*formCall).getManagedPolicy,
	"CreatePolicyVersion":         (*formCall).createPolicyVersion,
	"GetPolicyVersion":            (*formCall).getPolicyVersion,
	"ListPolicyVersions":          (*formCall).listPolicyVersions,
	"SetDefaultPolicyVersion":     (*formCall).setDefaultPolicyVersion,
	"DeletePolicyVersion":         (*formCall).deletePolicyVersion,
	"TagPolicy":                   (*formCall).tagPolicy,
	"UntagPolicy":                 (*formCall).untagPolicy,
	"ListPolicyTags":              (*formCall).listPolicyTags,
	"DeletePolicy":                (*formCall).deletePolicy,
}

// escaped is how IAM answers a document.
func escaped(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

func roleElement(r *auth.Role) element {
	e := holding("Role", texted("Path", r.Path), texted("RoleName", r.Name), texted("RoleId", r.ID), texted("Arn", r.ARN()),
		dated("CreateDate", r.Created), texted("AssumeRolePolicyDocument", escaped(r.Trust)), numbered("MaxSessionDuration", r.MaxSession))
	if r.Description != "" {
		e.in = append(e.in, texted("Description", r.Description))
	}
	if len(r.Tags) > 0 {
		e.in = append(e.in, tagsElement(r.Tags))
	}
	return e
}

func tagsElement(tags map[string]string) element {
	var all []element
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		all = append(all, holding("", texted("Key", key), texted("Value", tags[key])))
	}
	return listOf("Tags", all)
}

// role returns the role that the parameter RoleName names, if the caller may do
// the action to it.
func (f *formCall) role() (auth.Role, error) {
	name, err := f.required("RoleName")
	if err != nil {
		return auth.Role{}, err
	}
	r, failed := f.auth.Role(f.ctx, f.account(), name)
	if failed != nil {
		r = auth.Role{Account: f.account(), Name: name, RoleSettings: auth.RoleSettings{Path: "/"}}
	}
	if err := f.may(r.ARN(), r.Account); err != nil {
		return auth.Role{}, err
	}
	return r, failed
}

func (f *formCall) createRole() ([]element, error) {
	name, err := f.required("RoleName")
	if err != nil {
		return nil, err
	}
	trust, err := f.required("AssumeRolePolicyDocument")
	if err != nil {
		return nil, err
	}
	in := auth.Role{Account: f.account(), Name: name, RoleSettings: auth.RoleSettings{
		Path: f.in.Get("Path"), Description: f.in.Get("Description"), Trust: trust, Tags: f.tags(),
	}}
	if in.Path == "" {
		in.Path = "/"
	}
	if f.in.Has("PermissionsBoundary") {
		return nil, fault.New(fault.NotImplemented, "Lambent does not have permissions boundaries yet; leave PermissionsBoundary out.")
	}
	if in.MaxSession, err = f.sessionLength(); err != nil {
		return nil, err
	}
	if err := f.may(in.ARN(), in.Account); err != nil {
		return nil, err
	}
	if in, err = f.auth.CreateRole(f.ctx, in); err != nil {
		return nil, err
	}
	return []element{roleElement(&in)}, nil
}

func (f *formCall) sessionLength() (int, error) {
	text := f.in.Get("MaxSessionDuration")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n == 0 {
		return 0, fault.Violates("maxSessionDuration", new(clip(text)), fault.Within(3600, 43200))
	}
	return int(n), nil
}

func (f *formCall) getRole() ([]element, error) {
	r, err := f.role()
	if err != nil {
		return nil, err
	}
	e := roleElement(&r)
	e.in = append(e.in, holding("RoleLastUsed"))
	return []element{e}, nil
}

func (f *formCall) listRoles() ([]element, error) {
	if err := f.may(f.iamARN("role/"), f.account()); err != nil {
		return nil, err
	}
	limit, err := f.limit()
	if err != nil {
		return nil, err
	}
	prefix, after := f.in.Get("PathPrefix"), f.in.Get("Marker")
	page, err := f.auth.Roles(f.ctx, f.account(), after, limit)
	if err != nil {
		return nil, err
	}
	var all []element
	for i := range page {
		if strings.HasPrefix(page[i].Path, prefix) {
			all = append(all, roleElement(&page[i]))
		}
	}
	answer := []element{listOf("Roles", all), texted("IsTruncated", strconv.FormatBool(len(page) == limit))}
	if len(page) == limit {
		answer = append(answer, texted("Marker", page[limit-1].Name))
	}
	return answer, nil
}

func (f *formCall) iamARN(resource string) string {
	return "arn:aws:iam::" + f.account() + ":" + resource
}

// limit reads MaxItems.
func (f *formCall) limit() (int, error) {
	text := f.in.Get("MaxItems")
	if text == "" {
		return 100, nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n < 1 || n > 1000 {
		return 0, fault.Violates("maxItems", new(clip(text)), fault.Within(1, 1000))
	}
	return min(int(n), 100), nil
}

// change alters the role that the parameter RoleName names.
func (f *formCall) change(change func(*auth.Role) error) ([]element, error) {
	r, err := f.role()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.ChangeRole(f.ctx, r.Account, r.Name, change)
}

func (f *formCall) updateRole() ([]element, error) {
	length, err := f.sessionLength()
	if err != nil {
		return nil, err
	}
	_, err = f.change(func(r *auth.Role) error {
		if f.in.Has("Description") {
			r.Description = f.in.Get("Description")
		}
		if length != 0 {
			r.MaxSession = length
		}
		return nil
	})
	return []element{}, err
}

// updateRoleDescription is a part of updateRole that tools call for it.
func (f *formCall) updateRoleDescription() ([]element, error) {
	var changed auth.Role
	_, err := f.change(func(r *auth.Role) error {
		r.Description = f.in.Get("Description")
		changed = *r
		return nil
	})
	if err != nil {
		return nil, err
	}
	return []element{roleElement(&changed)}, nil
}

func (f *formCall) updateAssumeRolePolicy() ([]element, error) {
	document, err := f.required("PolicyDocument")
	if err != nil {
		return nil, err
	}
	return f.change(func(r *auth.Role) error { r.Trust = document; return nil })
}

func (f *formCall) deleteRole() ([]element, error) {
	r, err := f.role()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.DeleteRole(f.ctx, r.Account, r.Name)
}

func (f *formCall) tagRole() ([]element, error) {
	return f.change(func(r *auth.Role) error {
		if r.Tags == nil {
			r.Tags = map[string]string{}
		}
		maps.Copy(r.Tags, f.tags())
		return nil
	})
}

func (f *formCall) untagRole() ([]element, error) {
	return f.change(func(r *auth.Role) error {
		for _, key := range f.members("TagKeys") {
			delete(r.Tags, key)
		}
		return nil
	})
}

func (f *formCall) listRoleTags() ([]element, error) {
	r, err := f.role()
	if err != nil {
		return nil, err
	}
	return []element{tagsElement(r.Tags), texted("IsTruncated", "false")}, nil
}

// listInstanceProfilesForRole says that there are none: there are no instances.
// Tools ask before they delete a role.
func (f *formCall) listInstanceProfilesForRole() ([]element, error) {
	if _, err := f.role(); err != nil {
		return nil, err
	}
	return []element{listOf("InstanceProfiles", nil), texted("IsTruncated", "false")}, nil
}

// rolePolicy reads RoleName and PolicyName.
func (f *formCall) rolePolicy() (auth.Role, string, error) {
	name, err := f.required("PolicyName")
	if err != nil {
		return auth.Role{}, "", err
	}
	r, err := f.role()
	return r, name, err
}

func (f *formCall) putRolePolicy() ([]element, error) {
	document, err := f.required("PolicyDocument")
	if err != nil {
		return nil, err
	}
	r, name, err := f.rolePolicy()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.PutRolePolicy(f.ctx, r.Account, r.Name, name, document)
}

func (f *formCall) getRolePolicy() ([]element, error) {
	r, name, err := f.rolePolicy()
	if err != nil {
		return nil, err
	}
	document, err := f.auth.RolePolicy(f.ctx, r.Account, r.Name, name)
	if err != nil {
		return nil, err
	}
	return []element{texted("RoleName", r.Name), texted("PolicyName", name), texted("PolicyDocument", escaped(document))}, nil
}

func (f *formCall) deleteRolePolicy() ([]element, error) {
	r, name, err := f.rolePolicy()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.DeleteRolePolicy(f.ctx, r.Account, r.Name, name)
}

func (f *formCall) listRolePolicies() ([]element, error) {
	r, err := f.role()
	if err != nil {
		return nil, err
	}
	var names []element
	for _, name := range slices.Sorted(maps.Keys(r.Inline)) {
		names = append(names, texted("", name))
	}
	return []element{listOf("PolicyNames", names), texted("IsTruncated", "false")}, nil
}

// attachment reads RoleName and PolicyArn.
func (f *formCall) attachment() (auth.Role, string, error) {
	arn, err := f.required("PolicyArn")
	if err != nil {
		return auth.Role{}, "", err
	}
	r, err := f.role()
	return r, arn, err
}

func (f *formCall) attachRolePolicy() ([]element, error) {
	r, arn, err := f.attachment()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.AttachRolePolicy(f.ctx, r.Account, r.Name, arn)
}

func (f *formCall) detachRolePolicy() ([]element, error) {
	r, arn, err := f.attachment()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.DetachRolePolicy(f.ctx, r.Account, r.Name, arn)
}

func (f *formCall) listAttachedRolePolicies() ([]element, error) {
	r, err := f.role()
	if err != nil {
		return nil, err
	}
	var all []element
	for _, arn := range r.Attached {
		all = append(all, holding("", texted("PolicyName", arn[strings.LastIndexByte(arn, '/')+1:]), texted("PolicyArn", arn)))
	}
	return []element{listOf("AttachedPolicies", all), texted("IsTruncated", "false")}, nil
}
