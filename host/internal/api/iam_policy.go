package api

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

func (f *formCall) createPolicy() ([]element, error) {
	name, err := f.required("PolicyName")
	if err != nil {
		return nil, err
	}
	document, err := f.required("PolicyDocument")
	if err != nil {
		return nil, err
	}
	in := auth.ManagedPolicy{Account: f.account(), Name: name, PolicySettings: auth.PolicySettings{
		Path: f.in.Get("Path"), Description: f.in.Get("Description"), Document: document, Tags: f.tags(),
	}}
	if in.Path == "" {
		in.Path = "/"
	}
	if err := f.may(in.ARN(), in.Account); err != nil {
		return nil, err
	}
	if in, err = f.auth.CreatePolicy(f.ctx, in); err != nil {
		return nil, err
	}
	e := policyElement(&in, 0)
	return []element{e}, nil
}

// versionID is how a version's number is written.
func versionID(number int) string { return "v" + strconv.Itoa(number) }

func policyElement(p *auth.ManagedPolicy, attached int) element {
	e := holding("Policy", texted("PolicyName", p.Name), texted("PolicyId", p.ID), texted("Arn", p.ARN()), texted("Path", p.Path),
		texted("DefaultVersionId", versionID(p.Default)), numbered("AttachmentCount", attached), numbered("PermissionsBoundaryUsageCount", 0),
		texted("IsAttachable", "true"), dated("CreateDate", p.Created), dated("UpdateDate", p.Updated))
	if p.Description != "" {
		e.in = append(e.in, texted("Description", p.Description))
	}
	if len(p.Tags) > 0 {
		e.in = append(e.in, tagsElement(p.Tags))
	}
	return e
}

// policy returns the policy that the parameter PolicyArn names, if the caller may
// do the action to it.
func (f *formCall) policy() (auth.ManagedPolicy, error) {
	arn, err := f.required("PolicyArn")
	if err != nil {
		return auth.ManagedPolicy{}, err
	}
	if err := f.may(arn, f.account()); err != nil {
		return auth.ManagedPolicy{}, err
	}
	return f.auth.Policy(f.ctx, f.account(), arn)
}

func (f *formCall) getManagedPolicy() ([]element, error) {
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	attached, err := f.auth.Attachments(f.ctx, f.account(), p.ARN())
	if err != nil {
		return nil, err
	}
	return []element{policyElement(&p, attached)}, nil
}

// versionElement is without the document, which only some operations answer.
func versionElement(name string, p *auth.ManagedPolicy, v auth.PolicyVersion) element {
	return holding(name, texted("VersionId", versionID(v.Number)), texted("IsDefaultVersion", strconv.FormatBool(v.Number == p.Default)), dated("CreateDate", v.Created))
}

// version reads PolicyArn and VersionId.
func (f *formCall) version() (auth.ManagedPolicy, auth.PolicyVersion, error) {
	p, err := f.policy()
	if err != nil {
		return p, auth.PolicyVersion{}, err
	}
	id, err := f.required("VersionId")
	if err != nil {
		return p, auth.PolicyVersion{}, err
	}
	number, err := strconv.Atoi(strings.TrimPrefix(id, "v"))
	if err != nil || versionID(number) != id {
		return p, auth.PolicyVersion{}, fault.New(auth.NoSuchEntity, "Policy %s version %s does not exist or is not attachable.", p.ARN(), clip(id))
	}
	v, err := p.Version(number)
	return p, v, err
}

func (f *formCall) createPolicyVersion() ([]element, error) {
	document, err := f.required("PolicyDocument")
	if err != nil {
		return nil, err
	}
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	byDefault := f.in.Get("SetAsDefault") == "true"
	v, err := f.auth.CreatePolicyVersion(f.ctx, f.account(), p.ARN(), document, byDefault)
	if err != nil {
		return nil, err
	}
	if byDefault {
		p.Default = v.Number
	}
	return []element{versionElement("PolicyVersion", &p, v)}, nil
}

func (f *formCall) getPolicyVersion() ([]element, error) {
	p, v, err := f.version()
	if err != nil {
		return nil, err
	}
	e := versionElement("PolicyVersion", &p, v)
	e.in = append(e.in, texted("Document", escaped(v.Document)))
	return []element{e}, nil
}

func (f *formCall) listPolicyVersions() ([]element, error) {
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	var all []element
	for _, v := range slices.Backward(p.Versions) { // the newest first
		all = append(all, versionElement("", &p, v))
	}
	return []element{listOf("Versions", all), texted("IsTruncated", "false")}, nil
}

func (f *formCall) setDefaultPolicyVersion() ([]element, error) {
	p, v, err := f.version()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.SetDefaultPolicyVersion(f.ctx, f.account(), p.ARN(), v.Number)
}

func (f *formCall) deletePolicyVersion() ([]element, error) {
	p, v, err := f.version()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.DeletePolicyVersion(f.ctx, f.account(), p.ARN(), v.Number)
}

func (f *formCall) tagPolicy() ([]element, error) {
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.TagPolicy(f.ctx, f.account(), p.ARN(), f.tags(), nil)
}

func (f *formCall) untagPolicy() ([]element, error) {
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.TagPolicy(f.ctx, f.account(), p.ARN(), nil, f.members("TagKeys"))
}

func (f *formCall) listPolicyTags() ([]element, error) {
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	return []element{tagsElement(p.Tags), texted("IsTruncated", "false")}, nil
}

func (f *formCall) deletePolicy() ([]element, error) {
	p, err := f.policy()
	if err != nil {
		return nil, err
	}
	return nil, f.auth.DeletePolicy(f.ctx, f.account(), p.ARN())
}
