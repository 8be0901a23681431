package workflow

import (
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// arn makes the ARN of a resource: stateMachine:NAME, for example.
func (s *Service) arn(resource string) string {
	return "arn:aws:states:" + s.config.Region + ":" + s.config.Account + ":" + resource
}

// resource takes an ARN of kind, such as stateMachine, apart. An ARN of another
// account or region is well formed, and names nothing here: ours is false.
func (s *Service) resource(arn, kind string) (name string, ours bool, err error) {
	if !strings.HasPrefix(arn, "arn:") {
		return "", false, fault.New(InvalidArn, "Invalid Arn: 'Invalid ARN prefix: %s'", arn)
	}
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 || parts[2] != "states" {
		return "", false, fault.New(InvalidArn, "Invalid Arn: '%s'", arn)
	}
	if parts[5] != kind {
		return "", false, fault.New(InvalidArn, "Invalid Arn: 'Resource type not valid in this context: %s'", parts[5])
	}
	return parts[6], parts[1] == "aws" && parts[3] == s.config.Region && parts[4] == s.config.Account, nil
}
