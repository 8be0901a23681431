package policy

import (
	"fmt"
	"strings"
)

// ARN is the name of a resource, taken apart.
type ARN struct {
	Partition string // aws, aws-cn …
	Service   string
	Region    string // "" for those that belong to none
	Account   string // 12 digits; "" or "aws" for those that belong to none
	Resource  string // may have colons and slashes
}

// maxARN is the most bytes of an ARN.
const maxARN = 2048

// ParseARN takes an ARN apart. It checks its form, not what its service says of
// the parts.
func ParseARN(s string) (ARN, error) {
	if len(s) > maxARN {
		return ARN{}, fmt.Errorf("an ARN has %d bytes; at most %d are allowed", len(s), maxARN)
	}
	parts := strings.SplitN(s, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ARN{}, fmt.Errorf("%q is not an ARN: it must be arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE", s)
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			return ARN{}, fmt.Errorf("%q is not an ARN: it has the byte %#02x", s, c)
		}
	}
	a := ARN{parts[1], parts[2], parts[3], parts[4], parts[5]}
	if a.Partition == "" || a.Service == "" || a.Resource == "" {
		return ARN{}, fmt.Errorf("%q is not an ARN: partition, service and resource may not be empty", s)
	}
	if a.Account != "" && a.Account != "aws" && !IsAccount(a.Account) {
		return ARN{}, fmt.Errorf("%q is not an ARN: its account is %q, which must be 12 digits", s, a.Account)
	}
	return a, nil
}

// String puts the ARN together.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// IsAccount reports whether s is the id of an account: 12 digits.
func IsAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
