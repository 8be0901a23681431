package api

import (
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// code reads the members that say where a deployment package is.
type code struct {
	zip                  []byte
	bucket, key, version *string
	lacking              []string
}

func (in *code) member(s *scanner, name string) bool {
	switch name {
	case "ZipFile":
		s.blob(name, &in.zip)
	case "S3Bucket":
		s.string(name, &in.bucket)
	case "S3Key":
		s.string(name, &in.key)
	case "S3ObjectVersion":
		s.string(name, &in.version)
	case "ImageUri", "SourceKMSKeyArn":
		lack(s, name, &in.lacking)
	default:
		return false
	}
	return true
}

var (
	bucketModel = &model{min: 3, max: 63, pattern: &pattern{`[0-9A-Za-z\.\-_]*(?<!\.)`, isBucket}}
	objectModel = &model{min: 1, max: 1024}
)

// isBucket is the pattern of bucketModel.
func isBucket(s string) bool {
	for i := range len(s) {
		if !isWord(s[i]) && s[i] != '.' {
			return false
		}
	}
	return !strings.HasSuffix(s, ".")
}

// check says what the service model has against where the code is; path is that of
// the structure that it was read from.
func (in *code) check(v *violations, path string) {
	for _, m := range []struct {
		name  string
		value *string
		model *model
	}{
		{"S3Bucket", in.bucket, bucketModel}, {"S3Key", in.key, objectModel}, {"S3ObjectVersion", in.version, objectModel},
	} {
		if m.value != nil {
			m.model.check(v, join(path, m.name), *m.value)
		}
	}
}

// err is what is wrong with the source of the code.
func (in *code) err() *fault.Error {
	if err := refuse(in.lacking); err != nil {
		return err
	}
	if in.zip == nil && in.bucket == nil && in.key == nil {
		return fault.New(fault.InvalidParameterValue, "Please provide a source for function code.")
	}
	return nil
}

// object is where the code is, nil if it came with the request.
func (in *code) object() *function.Object {
	if in.bucket == nil && in.key == nil && in.version == nil {
		return nil
	}
	return &function.Object{Bucket: value(in.bucket), Key: value(in.key), Version: value(in.version)}
}

// errOtherAccount is the error of creating a function in another account, for which AWS
// has no words.
var errOtherAccount = &fault.Error{Code: fault.AccessDenied, Untyped: true}

func (c *call) createFunction() Response {
	var (
		in      settings
		source  *code
		name    *string
		publish bool
		tags    map[string]string
		tenancy *string
		lacking []string
	)
	s := newScanner(c.request.Body)
	s.object("CreateFunctionRequest", func(m string) {
		switch m {
		case "FunctionName":
			s.string(m, &name)
		case "Code":
			if s.null() {
				return
			}
			source = &code{}
			s.object(m, func(m string) {
				if !source.member(s, m) {
					s.skip()
				}
			})
		case "Publish":
			s.boolean(m, &publish)
		case "PackageType":
			s.string(m, &in.PackageType)
		case "Architectures":
			s.strings(m, &in.Architectures)
		case "Tags":
			s.stringMap(m, &tags)
		case "TenancyConfig":
			if s.null() {
				break
			}
			in.only(s, m, "TenantIsolationMode", func(m string) { s.string(m, &tenancy) })
			in.required(s, "tenancyConfig.tenantIsolationMode", tenancy != nil)
		case "CodeSigningConfigArn", "PublishTo":
			lack(s, m, &lacking)
		default:
			if !in.member(s, m) {
				s.skip()
			}
		}
	})
	s.end()
	if s.err != nil {
		return c.fail(s.err)
	}

	var v violations
	var parsed parsedName
	if name == nil {
		v.null("functionName")
	} else {
		parsed = plainName.check(&v, *name)
	}
	if in.Role == nil {
		v.null("role")
	}
	if source == nil {
		v.null("code")
	} else {
		source.check(&v, "code")
	}
	v.enum("tenancyConfig.tenantIsolationMode", tenancy, "PER_TENANT")
	in.check(&v)
	if err := v.err(); err != nil {
		return c.fail(err)
	}
	ref, err := c.api.ref(parsed, nil)
	switch {
	case err != nil && err.Code == fault.AccessDenied:
		err = errOtherAccount
	case err != nil:
	case ref.Qualifier != "":
		err = fault.New(fault.InvalidParameterValue, "FunctionName has the qualifier '%s'; a function is created by name or unqualified ARN.", ref.Qualifier)
	case len(ref.Name) > 64: // not a constraint of the service model, hence another code
		err = fault.New(fault.InvalidParameterValue, "1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64", ref.Name)
	default:
		if err = refuse(append(in.lacking, lacking...)); err == nil {
			err = source.err()
		}
	}
	if err != nil {
		return c.fail(err)
	}
	if err := c.permit("lambda:CreateFunction", subject{arn: c.api.functions.ARN(ref), owner: c.api.account, function: &ref, asked: withSettings(withTags(policy.Map{}, tags), &in.Settings)}); err != nil {
		return c.fail(err)
	}
	if err := c.passRole(in.Role, "lambda.amazonaws.com", c.api.functions.ARN(function.Ref{Name: ref.Name})); err != nil {
		return c.fail(err)
	}
	if err := c.getObject(source.object()); err != nil {
		return c.fail(err)
	}
	if err := c.useLayers(in.Layers); err != nil {
		return c.fail(err)
	}
	conf, failed := c.api.functions.Create(c.ctx, function.CreateInput{
		Name: ref.Name, Zip: source.zip, Object: source.object(), Publish: publish, Tags: tags, Tenancy: tenancy, Verify: in.verify, Settings: in.Settings,
	})
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(201, c.api.configuration(&conf))
}

func (c *call) updateFunctionCode() Response {
	var (
		v        violations
		source   code
		in       function.UpdateCodeInput
		revision *string
		lacking  []string
	)
	s := newScanner(c.request.Body)
	s.object("UpdateFunctionCodeRequest", func(m string) {
		switch m {
		case "Publish":
			s.boolean(m, &in.Publish)
		case "DryRun":
			s.boolean(m, &in.DryRun)
		case "RevisionId":
			s.string(m, &revision)
		case "Architectures":
			s.strings(m, &in.Architectures)
		case "PublishTo":
			lack(s, m, &lacking)
		case "Lambent":
			ownMember(s, nil, &in.Verify)
		default:
			if !source.member(s, m) {
				s.skip()
			}
		}
	})
	s.end()
	if s.err != nil {
		return c.fail(s.err)
	}
	parsed := plainName.check(&v, c.name)
	source.check(&v, "")
	v = append(v, (&function.Settings{Architectures: in.Architectures}).Violations()...)
	err := v.err()
	if err == nil {
		in.Ref, err = c.api.ref(parsed, nil)
	}
	if err == nil {
		err = refuse(lacking)
	}
	if err == nil {
		err = source.err()
	}
	if err != nil {
		return c.fail(err)
	}
	in.Zip, in.Object, in.RevisionID = source.zip, source.object(), value(revision)
	if err := c.getObject(in.Object); err != nil {
		return c.fail(err)
	}
	conf, failed := c.api.functions.UpdateCode(c.ctx, in)
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, c.api.configuration(&conf))
}

func (c *call) updateFunctionConfiguration() Response {
	var (
		v        violations
		in       settings
		revision *string
	)
	s := newScanner(c.request.Body)
	s.object("UpdateFunctionConfigurationRequest", func(m string) {
		if m == "RevisionId" {
			s.string(m, &revision)
		} else if !in.member(s, m) {
			s.skip()
		}
	})
	s.end()
	if s.err != nil {
		return c.fail(s.err)
	}
	parsed := plainName.check(&v, c.name)
	in.check(&v)
	err := v.err()
	var ref function.Ref
	if err == nil {
		ref, err = c.api.ref(parsed, nil)
	}
	if err == nil {
		err = refuse(in.lacking)
	}
	if err != nil {
		return c.fail(err)
	}
	if err := c.passRole(in.Role, "lambda.amazonaws.com", c.api.functions.ARN(function.Ref{Name: ref.Name})); err != nil {
		return c.fail(err)
	}
	if err := c.useLayers(in.Layers); err != nil {
		return c.fail(err)
	}
	conf, failed := c.api.functions.UpdateConfiguration(c.ctx, function.UpdateConfigurationInput{
		Ref: ref, RevisionID: value(revision), Verify: in.verify, Settings: in.Settings,
	})
	if failed != nil {
		return c.fail(failed)
	}
	return c.json(200, c.api.configuration(&conf))
}
