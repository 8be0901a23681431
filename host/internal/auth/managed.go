package auth

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// ManagedPolicy is a policy that has an ARN and can be attached to roles.
type ManagedPolicy struct {
	Account string // "aws" for those that every account has
	Name    string
	Created time.Time
	PolicySettings
}

// PolicySettings are what is kept of a ManagedPolicy beside its name.
type PolicySettings struct {
	ID          string // ANPA…
	Path        string
	Description string
	Document    string // of the version that counts
	Tags        map[string]string

	// In order of their numbers; in the store, none if there is only the first.
	Versions []PolicyVersion `json:",omitempty"`
	Default  int             `json:",omitempty"` // the number of the version that counts
	Newest   int             `json:",omitempty"` // of the one made last, which may be gone
	Updated  time.Time       `json:",omitzero"`  // a version was made or chosen
}

// ARN is the policy's name everywhere.
func (p *ManagedPolicy) ARN() string {
	return "arn:aws:iam::" + p.Account + ":policy" + p.Path + p.Name
}

func policyKey(account, name string) store.IdentityKey {
	return store.IdentityKey{Account: account, Kind: store.Policy, Name: name}
}

func noPolicy(arn string) error {
	return fault.New(NoSuchEntity, "Policy %s does not exist or is not attachable.", clip(arn))
}

// Policy returns a policy of an account, or one of AWS's that are known here.
// Errors: NoSuchEntity.
func (s *Service) Policy(ctx context.Context, account, arn string) (ManagedPolicy, error) {
	a, err := policy.ParseARN(arn)
	path, ok := strings.CutPrefix(a.Resource, "policy/")
	if err != nil || !ok || a.Service != "iam" || a.Region != "" {
		return ManagedPolicy{}, noPolicy(arn)
	}
	if a.Account == "aws" {
		document, ok := ofAWS[path]
		if !ok {
			return ManagedPolicy{}, noPolicy(arn)
		}
		slash := strings.LastIndexByte(path, '/') + 1
		p := ManagedPolicy{Account: "aws", Name: path[slash:], PolicySettings: PolicySettings{ID: "ANPA" + strings.Repeat("A", 16), Path: "/" + path[:slash], Document: document}}
		p.count()
		return p, nil
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	if a.Account != account || !policyName.MatchString(name) {
		return ManagedPolicy{}, noPolicy(arn)
	}
	stored, err := s.config.Store.Identity(ctx, policyKey(account, name))
	if errors.Is(err, store.ErrNoIdentity) {
		return ManagedPolicy{}, noPolicy(arn)
	} else if err != nil {
		return ManagedPolicy{}, failure(ctx, err)
	}
	p, err := decodePolicy(stored)
	if err != nil {
		return ManagedPolicy{}, failure(ctx, err)
	}
	if p.ARN() != arn { // another path
		return ManagedPolicy{}, noPolicy(arn)
	}
	return p, nil
}

func decodePolicy(i store.Identity) (ManagedPolicy, error) {
	p := ManagedPolicy{Account: i.Account, Name: i.Name, Created: i.Created}
	if err := json.Unmarshal(i.Configuration, &p.PolicySettings); err != nil {
		return ManagedPolicy{}, err
	}
	p.count()
	return p, nil
}

// CreatePolicy adds a policy; of in, ID, Created and the versions are made.
// Errors: Validation, MalformedPolicyDocument, EntityAlreadyExists, LimitExceeded.
func (s *Service) CreatePolicy(ctx context.Context, in ManagedPolicy) (ManagedPolicy, error) {
	if in.Path == "" {
		in.Path = "/"
	}
	switch {
	case !policyName.MatchString(in.Name):
		return in, invalidPolicyName(in.Name)
	case len(in.Path) > maxPath || !pathText.MatchString(in.Path):
		return in, fault.New(fault.Validation, "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	case len(in.Description) > maxDescription:
		return in, errDescription
	case len(in.Tags) > maxTags:
		return in, fault.New(LimitExceeded, "Cannot exceed quota for tags: %d.", maxTags)
	}
	if err := checkManaged(in.Document); err != nil {
		return in, err
	}
	id, err := s.newKeyID("ANPA")
	if err != nil {
		return in, failure(ctx, err)
	}
	in.ID, in.Created = id, s.now()
	in.count()
	text, err := json.Marshal(in.PolicySettings)
	if err != nil {
		return in, failure(ctx, err)
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	if err := s.hasRoom(ctx, in.Account, store.Policy, maxRoles); err != nil {
		return in, err
	}
	err = s.config.Store.CreateIdentity(ctx, store.Identity{IdentityKey: policyKey(in.Account, in.Name), Created: in.Created, Configuration: text})
	if errors.Is(err, store.ErrIdentityExists) {
		return in, fault.New(EntityAlreadyExists, "A policy called %s already exists. Duplicate names are not allowed.", in.Name)
	}
	return in, failure(ctx, err)
}

// DeletePolicy removes a policy that no role has. Errors: NoSuchEntity,
// DeleteConflict, AccessDenied (one of AWS's).
func (s *Service) DeletePolicy(ctx context.Context, account, arn string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	p, err := s.Policy(ctx, account, arn)
	if err != nil {
		return err
	}
	if p.Account != account {
		return fault.New(fault.AccessDenied, "%s is one of AWS's policies; it cannot be deleted.", arn)
	}
	if len(p.Versions) > 1 {
		return fault.New(DeleteConflict, "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	n, err := s.Attachments(ctx, account, arn)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.New(DeleteConflict, "Cannot delete a policy attached to entities.")
	}
	return failure(ctx, s.config.Store.DeleteIdentity(ctx, policyKey(account, p.Name), nil))
}

// Attachments is how many roles of an account have a policy.
func (s *Service) Attachments(ctx context.Context, account, arn string) (n int, err error) {
	for after := ""; ; {
		page, err := s.Roles(ctx, account, after, store.MaxPage)
		if err != nil {
			return 0, err
		}
		for _, r := range page {
			after = r.Name
			for _, attached := range r.Attached {
				if attached == arn {
					n++
				}
			}
		}
		if len(page) < store.MaxPage {
			return n, nil
		}
	}
}

// allow makes a document that allows actions on everything.
func allow(actions ...string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["` + strings.Join(actions, `","`) + `"],"Resource":"*"}]}`
}

// logging are the actions by which a function's log is written.
var logging = []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}

// ofAWS are the policies of AWS's that tools attach to roles of functions, by
// path: what each is for, in the actions that mean something here.
var ofAWS = map[string]string{
	"AdministratorAccess":                                   allow("*"),
	"PowerUserAccess":                                       `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}]}`,
	"AWSLambda_FullAccess":                                  allow("lambda:*", "logs:*", "states:*", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:ListRoles", "iam:PassRole"),
	"AWSLambda_ReadOnlyAccess":                              allow("lambda:Get*", "lambda:List*", "logs:Describe*", "logs:Get*", "logs:FilterLogEvents", "iam:GetRole", "iam:ListRoles"),
	"AWSStepFunctionsFullAccess":                            allow("states:*"),
	"AWSStepFunctionsReadOnlyAccess":                        allow("states:List*", "states:Describe*", "states:GetExecutionHistory"),
	"service-role/AWSLambdaRole":                            allow("lambda:InvokeFunction"),
	"service-role/AWSLambdaBasicExecutionRole":              allow(logging...),
	"service-role/AWSLambdaVPCAccessExecutionRole":          allow(append([]string{"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"}, logging...)...),
	"service-role/AWSLambdaSQSQueueExecutionRole":           allow(append([]string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, logging...)...),
	"service-role/AWSLambdaKinesisExecutionRole":            allow(append([]string{"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams", "kinesis:SubscribeToShard"}, logging...)...),
	"service-role/AWSLambdaDynamoDBExecutionRole":           allow(append([]string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}, logging...)...),
	"service-role/AWSLambdaBasicDurableExecutionRolePolicy": allow(append([]string{"lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"}, logging...)...),
}
