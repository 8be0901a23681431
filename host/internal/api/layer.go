package api

import (
	"strconv"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// layerContent is a LayerVersionContentOutput of the service model.
type layerContent struct {
	Location   string
	CodeSha256 string
	CodeSize   int64
}

// layerListed is a LayerVersionsListItem.
type layerListed struct {
	LayerVersionArn         string
	Version                 int64
	Description             string
	CreatedDate             string
	CompatibleRuntimes      []string `json:",omitempty"`
	CompatibleArchitectures []string `json:",omitempty"`
	LicenseInfo             string   `json:",omitempty"`
}

// layerVersion is a GetLayerVersionResponse.
type layerVersion struct {
	Content  layerContent
	LayerArn string
	layerListed
}

func listedLayer(v *function.LayerVersion) layerListed {
	return layerListed{
		LayerVersionArn: v.ARN, Version: v.Version, Description: v.Description, LicenseInfo: v.License,
		CreatedDate:        v.Created.UTC().Format(timeFormat),
		CompatibleRuntimes: v.Runtimes, CompatibleArchitectures: v.Architectures,
	}
}

// layer answers with a version of a layer.
func (c *call) layer(status int, v function.LayerVersion, err error) Response {
	if err != nil {
		return c.fail(err)
	}
	return c.json(status, layerVersion{layerContent{c.codeURL(v.CodeDigest), v.CodeSHA256, v.CodeSize}, v.LayerARN, listedLayer(&v)})
}

// layerName reads the name of the layer in the path.
func (c *call) layerName(v *violations) (function.LayerARN, *fault.Error) {
	if len(c.name) > function.MaxLayerName {
		v.tooLong("layerName", c.name, function.MaxLayerName)
	}
	if c.name == "" {
		v.tooShort("layerName", c.name, 1)
	}
	arn, ok := function.ParseLayerName(c.name)
	if !ok && len(c.name) <= function.MaxLayerName {
		v.pattern("layerName", c.name, function.LayerNameText)
	}
	if err := v.err(); err != nil {
		return arn, err
	}
	return arn, c.ours(c.name, arn)
}

// ours refuses an ARN of another region or account, and one that is not written as
// policies name layers.
func (c *call) ours(text string, arn function.LayerARN) *fault.Error {
	switch {
	case arn.Account == "":
		return nil
	case arn.Region != c.api.region:
		return fault.New(fault.ResourceNotFound, "Layers from '%s' are not reachable in this region ('%s')", arn.Region, c.api.region)
	case arn.Account != c.api.account:
		return fault.New(fault.AccessDenied, "Layers of account %s are not reachable: this host's account is %s", arn.Account, c.api.account)
	case text != arn.String():
		return fault.New(fault.ResourceNotFound, "The resource you requested does not exist.")
	}
	return nil
}

// layerTarget reads the layer and the number of the version in the path. A number has
// one form only: policies know the version by it.
func (c *call) layerTarget(v *violations) (name string, version int64, err *fault.Error) {
	version, failed := strconv.ParseInt(c.part, 10, 64)
	if failed != nil || strconv.FormatInt(version, 10) != c.part {
		return "", 0, fault.New(fault.Serialization, "STRING_VALUE cannot be converted to Long (parameter VersionNumber)")
	}
	arn, err := c.layerName(v)
	return arn.Name, version, err
}

// layerSubject is the layer, or the version of it, that an operation is about.
func (c *call) layerSubject(account string) subject {
	about := subject{arn: c.name, owner: account}
	if arn, err := policy.ParseARN(c.name); err == nil && isAccount(arn.Account) {
		about.owner = arn.Account
	} else {
		about.arn = c.api.arn(account, "layer:"+c.name)
	}
	if c.part != "" {
		about.arn += ":" + c.part
	}
	return about.ofLayer()
}

// layerARNSubject is that of an operation that has the ARN in its query string.
func (c *call) layerARNSubject(account string) subject {
	query, err := parseQuery(c.request.Query)
	if text := query.get("Arn"); err == nil && text != nil {
		if arn, ok := function.ParseLayerVersion(*text); ok {
			return subject{arn: *text, owner: arn.Account}.ofLayer()
		}
	}
	return subject{arn: "*", owner: account}
}

// ofLayer notes the version of a layer that a subject is, whose policy counts.
func (s subject) ofLayer() subject {
	if arn, ok := function.ParseLayerVersion(s.arn); ok && arn.String() == s.arn {
		s.layer = &arn
	}
	return s
}

// useLayers decides whether the caller may have a function use layers. What is wrong
// with them otherwise is said later.
func (c *call) useLayers(arns []string) error {
	if !c.api.protection.Enforced {
		return nil
	}
	for _, text := range arns {
		arn, ok := function.ParseLayerVersion(text)
		if !ok {
			return nil
		}
		about := subject{arn: text, owner: arn.Account, asked: policy.Map{}}.ofLayer()
		if err := c.permit("lambda:GetLayerVersion", about); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) getLayerVersion() Response {
	var v violations
	name, version, err := c.layerTarget(&v)
	if err != nil {
		return c.fail(err)
	}
	found, failed := c.api.functions.LayerVersion(c.ctx, name, version)
	return c.layer(200, found, failed)
}

func (c *call) getLayerVersionByARN() Response {
	query, err := parseQuery(c.request.Query)
	if err != nil {
		return c.fail(err)
	}
	var v violations
	text := query.get("Arn")
	var arn function.LayerARN
	if text == nil {
		v.null("arn")
	} else {
		var ok bool
		if len(*text) > function.MaxLayerARN {
			v.tooLong("arn", *text, function.MaxLayerARN)
		} else if arn, ok = function.ParseLayerVersion(*text); !ok {
			v.pattern("arn", *text, function.LayerVersionText)
		}
	}
	if err = v.err(); err == nil {
		err = c.ours(*text, arn)
	}
	if err != nil {
		return c.fail(err)
	}
	found, failed := c.api.functions.LayerVersion(c.ctx, arn.Name, arn.Version)
	return c.layer(200, found, failed)
}

func (c *call) deleteLayerVersion() Response {
	var v violations
	name, version, err := c.layerTarget(&v)
	if err != nil {
		return c.fail(err)
	}
	return c.done(c.api.functions.DeleteLayerVersion(c.ctx, name, version))
}

// layerPage reads what lists of layers are asked for.
func (c *call) layerPage(v *violations) (compatible function.Compatible, marker string, max int, err *fault.Error) {
	marker, max, query, err := c.page(&violations{})
	if err != nil {
		return compatible, "", 0, err
	}
	if query.get("MaxItems") != nil {
		v.between("maxItems", &max, 1, function.MaxItems)
	}
	compatible = function.Compatible{Runtime: value(query.get("CompatibleRuntime")), Architecture: value(query.get("CompatibleArchitecture"))}
	return compatible, marker, max, nil
}

func (c *call) listLayers() Response {
	var v violations
	compatible, marker, max, err := c.layerPage(&v)
	if err == nil {
		err = v.err()
	}
	if err != nil {
		return c.fail(err)
	}
	p, failed := c.api.functions.Layers(c.ctx, compatible, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	type item struct {
		LayerName, LayerArn   string
		LatestMatchingVersion layerListed
	}
	layers := make([]item, len(p.Layers))
	for i := range p.Layers {
		layers[i] = item{p.Layers[i].Name, p.Layers[i].LayerARN, listedLayer(&p.Layers[i])}
	}
	return c.json(200, struct {
		NextMarker string `json:",omitempty"`
		Layers     []item
	}{p.Next, layers})
}

func (c *call) listLayerVersions() Response {
	var v violations
	compatible, marker, max, err := c.layerPage(&v)
	var arn function.LayerARN
	if err == nil {
		arn, err = c.layerName(&v)
	}
	if err != nil {
		return c.fail(err)
	}
	p, failed := c.api.functions.LayerVersions(c.ctx, arn.Name, compatible, marker, max)
	if failed != nil {
		return c.fail(failed)
	}
	versions := make([]layerListed, len(p.Layers))
	for i := range p.Layers {
		versions[i] = listedLayer(&p.Layers[i])
	}
	return c.json(200, struct {
		NextMarker    string `json:",omitempty"`
		LayerVersions []layerListed
	}{p.Next, versions})
}
