package function

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// maxPolicy is the size of the largest policy, in bytes, as on AWS Lambda.
const maxPolicy = 20480

// policyDocument says who else may use a function, or one of its qualifiers: in the
// shape that AWS has for it, to the order of members.
type policyDocument struct {
	Version   string
	Id        string
	Statement []statement
}

type statement struct {
	Sid       string
	Effect    string
	Principal json.RawMessage
	Action    string
	Resource  string
	Condition *condition `json:",omitempty"`
}

type condition struct {
	StringEquals *stringEquals `json:",omitempty"`
	ArnLike      *arnLike      `json:",omitempty"`
	Bool         *boolean      `json:",omitempty"`
}

type (
	stringEquals struct {
		SourceAccount       string `json:"AWS:SourceAccount,omitempty"`
		FunctionURLAuthType string `json:"lambda:FunctionUrlAuthType,omitempty"`
		PrincipalOrgID      string `json:"aws:PrincipalOrgID,omitempty"`
		EventSourceToken    string `json:"lambda:EventSourceToken,omitempty"`
	}
	arnLike struct {
		SourceARN string `json:"AWS:SourceArn"`
	}
	boolean struct {
		InvokedViaFunctionURL string `json:"lambda:InvokedViaFunctionUrl"`
	}
)

func newPolicy() *policyDocument { return &policyDocument{Version: "2012-10-17", Id: "default"} }

func decodePolicy(a store.Attachment) (*policyDocument, error) {
	var p policyDocument
	if err := json.Unmarshal(a.Content, &p); err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: "The policy of function " + a.Name + " cannot be read.", Err: err}
	}
	return &p, nil
}

// index returns where the statement with that id is, -1 if nowhere.
func (p *policyDocument) index(id string) int {
	return slices.IndexFunc(p.Statement, func(s statement) bool { return s.Sid == id })
}

// encode returns the policy as GetPolicy has it.
func (p *policyDocument) encode() ([]byte, error) {
	text, err := plainJSON(p)
	if err == nil && len(text) > maxPolicy {
		return nil, fault.New(fault.PolicyLengthExceeded, "The final policy size (%d) is bigger than the limit (%d).", len(text), maxPolicy)
	}
	return text, err
}

// plainJSON leaves characters that mean something in HTML as they are.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

var (
	accountPattern   = regexp.MustCompile(`^[0-9]{12}$`)
	principalPattern = regexp.MustCompile(`^arn:aws[a-zA-Z-]*:(iam|sts)::[0-9]{12}:[!-~]+$`)
	servicePattern   = regexp.MustCompile(`^[a-z0-9.-]+\.(amazonaws\.com|amazonaws\.com\.cn|amazon\.com)$`)
)

// principal is how a statement names who is given as a principal: an account, a
// user or role, a service, or everybody.
func principal(name string) (json.RawMessage, error) {
	var named any
	switch {
	case name == "*":
		named = "*"
	case accountPattern.MatchString(name):
		named = struct{ AWS string }{"arn:aws:iam::" + name + ":root"}
	case principalPattern.MatchString(name):
		named = struct{ AWS string }{name}
	case servicePattern.MatchString(name) && !strings.Contains(name, ".."):
		named = struct{ Service string }{name}
	default:
		return nil, errPrincipal
	}
	return plainJSON(named)
}

var errPrincipal = invalid("The provided principal was invalid. Please check the principal and try again.")

// decidable refuses a statement that no invocation could be decided by: one of them
// would spoil its policy.
func (s statement) decidable() error {
	bare := s
	bare.Condition = nil
	if _, err := bare.parse(); err != nil {
		return errPrincipal // of what is left, it is all that is not known to be right
	}
	if _, err := s.parse(); err != nil {
		return invalid("%s", reason(err))
	}
	return nil
}

func (s statement) parse() (*policy.Document, error) {
	p := newPolicy()
	p.Statement = []statement{s}
	text, err := p.encode()
	if err != nil {
		return nil, err
	}
	return policy.Parse(text, policy.Resource)
}

// statement makes the statement that in asks for, on a resource.
func (in *AddPermissionInput) statement(resource string) (statement, error) {
	who, err := principal(*in.Principal)
	if err != nil {
		return statement{}, err
	}
	s := statement{Sid: *in.StatementID, Effect: "Allow", Principal: who, Action: *in.Action, Resource: resource}
	var c condition
	var equals stringEquals
	set(&equals.SourceAccount, in.SourceAccount)
	set(&equals.FunctionURLAuthType, in.FunctionURLAuthType)
	set(&equals.PrincipalOrgID, in.PrincipalOrgID)
	set(&equals.EventSourceToken, in.EventSourceToken)
	if equals != (stringEquals{}) {
		c.StringEquals = &equals
	}
	if in.SourceARN != nil && *in.SourceARN != "" {
		c.ArnLike = &arnLike{*in.SourceARN}
	}
	if in.InvokedViaFunctionURL {
		c.Bool = &boolean{"true"}
	}
	if c != (condition{}) {
		s.Condition = &c
	}
	return s, s.decidable()
}
