package api

import (
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// subject is what a request is about: a resource, whose it is, and the function,
// if it is one.
type subject struct {
	arn, owner string // arn: "" if it is of the function
	function   *function.Ref
	layer      *function.LayerARN // the version of a layer, if it is one
	tagged     string             // the ARN of what has tags, if it has
	asked      policy.Keys        // what is asked for; nil: what the operation's table entry finds
}

// subject finds it, from the parameters in the path of the operation.
func (c *call) subject() subject {
	account := c.api.account
	if c.request.Caller != nil && c.request.Caller.Account != "" {
		account = c.request.Caller.Account
	}
	path := c.operation.path
	switch {
	case strings.Contains(path, "{FunctionName}"):
		return c.functionSubject(account)
	case strings.Contains(path, "{Resource}"):
		if arn, err := policy.ParseARN(c.name); err == nil && isAccount(arn.Account) {
			return subject{arn: c.name, owner: arn.Account, tagged: c.name}
		}
		return subject{arn: c.name, owner: account}
	case strings.Contains(path, "{LayerName}"):
		return c.layerSubject(account)
	case c.operation.byLayerARN():
		return c.layerARNSubject(account)
	case strings.Contains(path, "{UUID}"):
		arn := c.api.arn(account, "event-source-mapping:"+c.name)
		return subject{arn: arn, owner: account, tagged: arn}
	}
	return subject{arn: "*", owner: account}
}

func (a *API) arn(account, resource string) string {
	return "arn:" + a.partition + ":lambda:" + a.region + ":" + account + ":" + resource
}

// functionSubject is the function that the path names, with its qualifier. A name
// that is none is refused by the operation, after this.
func (c *call) functionSubject(account string) subject {
	p, ok := namespacedName.parse(c.name)
	if !ok {
		return subject{arn: c.api.arn(account, "function:"+c.name), owner: account}
	}
	if p.account != "" {
		account = p.account
	}
	ref := function.Ref{Name: p.name, Qualifier: p.qualifier}
	if query, err := parseQuery(c.request.Query); err == nil {
		if q := query.get("Qualifier"); q != nil && *q != "" {
			ref.Qualifier = *q
		}
	}
	return subject{owner: account, function: &ref}
}

// named is about with its ARN: for most requests, nobody wants to know.
func (c *call) named(about subject) subject {
	if about.arn == "" && about.function != nil {
		about.arn = c.api.arn(about.owner, "function:"+about.function.Name)
		about.tagged = about.arn
		if about.function.Qualifier != "" {
			about.arn += ":" + about.function.Qualifier
		}
	}
	return about
}

// action is the action of AWS IAM that an operation is.
func (o *Operation) action() string {
	switch o.Name {
	case "Invoke", "invoke", "InvokeAsync", "InvokeWithResponseStream":
		return "lambda:InvokeFunction"
	case "GetLayerVersionByArn":
		return "lambda:GetLayerVersion"
	}
	switch {
	case o.target:
		return "states:" + o.Name
	case isLower(o.Name[0]):
		return "lambent:" + o.Name
	}
	return "lambda:" + o.Name
}

// byLayerARN reports whether the operation has the ARN of a layer in its query string.
func (o *Operation) byLayerARN() bool { return o.Name == "GetLayerVersionByArn" }

// mayBeElsewhere reports whether the request may be about another account.
func (c *call) mayBeElsewhere() bool {
	return c.request.Caller != nil && c.request.Caller.Account != c.api.account || strings.IndexByte(c.name, ':') >= 0 || c.operation.byLayerARN()
}

// admit decides whether the caller may do what the operation does to its subject.
// If that is another account's, it returns the API to decide it.
//
// Operations that are told in the body what they are about ask by themselves.
func (c *call) admit() (*API, error) {
	about := c.subject()
	elsewhere := about.owner != c.api.account && !c.operation.form
	if elsewhere && c.api.protection.Of != nil {
		if has, err := c.has(about.owner); err != nil {
			return nil, err
		} else if has {
			return c.api.protection.Of(about.owner)
		}
	}
	if !c.operation.asks && !c.operation.open {
		if err := c.permit(c.operation.action(), about); err != nil {
			return nil, err
		}
	}
	if elsewhere {
		return nil, fault.New(fault.ResourceNotFound, "Function not found: %s", c.named(about).arn)
	}
	return nil, nil
}

// has reports whether an account is the caller's, or has anything.
func (c *call) has(account string) (bool, error) {
	if c.api.protection.Has == nil || c.request.Caller != nil && c.request.Caller.Account == account {
		return true, nil
	}
	return c.api.protection.Has(c.ctx, account)
}

// permit decides whether the caller may do something.
func (c *call) permit(action string, about subject) error {
	if !c.api.protection.Enforced {
		return nil
	}
	if c.request.Caller == nil { // no request gets here without one
		return fault.New(fault.MissingAuthentication, "Missing Authentication Token")
	}
	var document *policy.Document
	if about.function != nil && about.owner == c.api.account {
		var err error
		if document, err = c.api.functions.ResourcePolicy(c.ctx, *about.function); err != nil {
			return err
		}
	}
	if about.layer != nil {
		var err error
		if document, err = c.api.functions.LayerResourcePolicy(c.ctx, *about.layer); err != nil {
			return err
		}
	}
	if document == nil && c.request.Caller.Owns(about.owner) {
		return nil // as nearly always
	}
	return c.ask(action, about, document)
}

// ask has policies decide.
func (c *call) ask(action string, about subject, document *policy.Document) error {
	about = c.named(about)
	if about.asked == nil {
		about.asked = &conditionKeys{call: c, read: conditions[c.operation.Name]}
	}
	keys := &subjectKeys{requestKeys: requestKeys{c.api, c.request, time.Now}, ctx: c.ctx, about: &about, asked: about.asked}
	access := auth.Access{Action: action, Resource: about.arn, Owner: about.owner, Policy: document, Keys: keys}
	if err := c.request.Caller.Authorize(access); err != nil {
		return err
	}
	return keys.err()
}

// passRole decides whether the caller may give a role to what a service runs, and
// whether the role lets that service have it.
func (c *call) passRole(arn *string, service, resource string) error {
	if !c.api.protection.Enforced || arn == nil {
		return nil
	}
	// What Lambent's own tools give a function that needs no permissions; one of that
	// name was only made before the name was reserved.
	if *arn == "arn:aws:iam::"+c.api.account+":role/"+auth.Powerless && !c.api.protection.Auth.HasRole(c.ctx, *arn) {
		return nil
	}
	account := c.request.Caller.Account
	if parsed, err := policy.ParseARN(*arn); err == nil && isAccount(parsed.Account) {
		account = parsed.Account
	}
	if account != c.api.account {
		return fault.New(fault.AccessDenied, "Cross-account pass role is not allowed.")
	}
	asked := policy.Map{"iam:passedtoservice": {service}}
	if resource == "*" {
		resource = "" // what nobody names
	} else {
		asked["iam:associatedresourcearn"] = []string{resource}
	}
	if err := c.permit("iam:PassRole", subject{arn: *arn, owner: account, asked: asked}); err != nil {
		return err
	}
	if !c.api.protection.Auth.Assumable(c.ctx, *arn, service, resource) {
		if service != "lambda.amazonaws.com" {
			return fault.New(fault.AccessDenied, "Neither the global service principal %s, nor the regional one is authorized to assume the provided role.", service)
		}
		return fault.New(fault.InvalidParameterValue, "The role defined for the function cannot be assumed by Lambda.")
	}
	return nil
}

// getObject decides whether the caller may read a package from where it is, as the
// host's own right to do so is not the caller's. nil: it came with the request.
func (c *call) getObject(o *function.Object) error {
	if o == nil || o.Bucket == "" || o.Key == "" { // which is refused anyway
		return nil
	}
	action := "s3:GetObject"
	if o.Version != "" {
		action = "s3:GetObjectVersion"
	}
	about := subject{arn: "arn:" + c.api.partition + ":s3:::" + o.Bucket + "/" + o.Key, owner: c.api.account, asked: policy.Map{"s3:versionid": one(o.Version)}}
	err := c.permit(action, about)
	if denied, ok := errors.AsType[*fault.Error](err); ok && denied.Code == fault.AccessDenied {
		return function.NoObject(o, denied.Message)
	}
	return err
}

// maxAgent is how much of the field User-Agent conditions see, in bytes.
const maxAgent = 1 << 10

// requestKeys are the condition keys that every request has.
type requestKeys struct {
	api     *API
	request *Request
	now     func() time.Time
}

// Values implements policy.Keys.
func (k *requestKeys) Values(key string) []string {
	switch key {
	case "aws:sourceip":
		if k.request.Client.Address == nil {
			return nil
		}
		if host, _, err := net.SplitHostPort(k.request.Client.Address.String()); err == nil {
			return []string{host}
		}
	case "aws:securetransport":
		return []string{strconv.FormatBool(k.request.Client.Secure)}
	case "aws:currenttime":
		return []string{k.now().UTC().Format(time.RFC3339)}
	case "aws:epochtime":
		return []string{strconv.FormatInt(k.now().Unix(), 10)}
	case "aws:requestedregion":
		return []string{k.api.region}
	case "aws:useragent":
		// Bounded, as patterns are matched with it.
		if agent := k.request.Header.Get("User-Agent"); agent != "" {
			return []string{agent[:min(len(agent), maxAgent)]}
		}
	case "aws:viaawsservice":
		return []string{"false"}
	}
	return nil
}

// statesSubject is what an operation of AWS Step Functions is about.
func (c *call) statesSubject(in *statesRequest) subject {
	account := c.api.account
	about := subject{arn: "*", owner: account}
	for _, member := range []string{"stateMachineArn", "executionArn", "activityArn", "resourceArn", "mapRunArn"} {
		if text := in.text(member); text != "" {
			about.arn = text
			if arn, err := policy.ParseARN(text); err == nil && isAccount(arn.Account) {
				about.owner = arn.Account
			}
			return about
		}
	}
	prefix := "arn:" + c.api.partition + ":states:" + c.api.region + ":" + account + ":"
	switch c.operation.Name {
	case "CreateStateMachine":
		about.arn = prefix + "stateMachine:" + in.text("name")
	case "CreateActivity":
		about.arn = prefix + "activity:" + in.text("name")
	}
	return about
}
