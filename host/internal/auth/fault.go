package auth

import (
	"errors"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Codes that only the APIs of AWS IAM and AWS STS have.
const (
	NoSuchEntity         fault.Code = "NoSuchEntity"
	EntityAlreadyExists  fault.Code = "EntityAlreadyExists"
	InvalidInput         fault.Code = "InvalidInput"
	MalformedPolicy      fault.Code = "MalformedPolicyDocument"
	DeleteConflict       fault.Code = "DeleteConflict"
	LimitExceeded        fault.Code = "LimitExceeded"
	PackedPolicyTooLarge fault.Code = "PackedPolicyTooLarge"
)

// nameText is the pattern of names, as messages have it.
const nameText = `[\w+=,.@-]+`

var errDescription = fault.Violated([]string{fault.HiddenViolation("description", fault.MostLength(maxDescription))})

func isNotFound(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code == NoSuchEntity
}

func noRole(name string) error {
	return fault.New(NoSuchEntity, "The role with name %s cannot be found.", clip(name))
}

// parseDocument reads a policy that a caller gave.
func parseDocument(text string, of policy.Type) (*policy.Document, error) {
	d, err := policy.Parse([]byte(text), of)
	if err != nil {
		return nil, fault.New(MalformedPolicy, "%s", err.Error())
	}
	return d, nil
}
