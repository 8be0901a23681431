package function

import "time"

// Configuration is a function as AWS describes it.
type Configuration struct {
	Name        string
	ARN         string // qualified or not, as the operation asks
	Version     string // "$LATEST", "3"
	Description string

	Runtime     string // as given; what runs is decided by the package
	Handler     string
	Role        string
	Timeout     int               // seconds
	MemorySize  int               // MB
	EphemeralMB int               // of /tmp
	Fuel        uint64            // units that handling one event may take; 0: the package's lambent.json decides
	Environment map[string]string // nil if none was given
	Layers      []Layer           // in the order in which they are laid over each other

	Architectures []string
	PackageType   string
	TracingMode   string
	Logging       Logging
	KMSKeyARN     string
	DeadLetterARN string
	SnapStart     string // ApplyOn
	VPC           *VPC
	Tenancy       string `json:",omitempty"` // PER_TENANT: each tenant has instances of its own; "" tells none apart

	CodeSHA256   string // base64
	CodeSize     int64
	LastModified time.Time
	RevisionID   string

	// Verified is what engines agreed on before it became Active; nil if that was not
	// asked for.
	Verified *Verification `json:",omitempty"`

	State  Status // Pending, Active, Failed
	Update Status // InProgress, Successful, Failed; empty before the first settles
}

// SnapStartStatus says whether instances begin with a snapshot, in AWS's words: On for
// versions that are ready, if SnapStart asks for it.
func (c *Configuration) SnapStartStatus() string {
	if c.SnapStart == publishedVersions && c.Version != Latest && c.State.Is == Active {
		return "On"
	}
	return "Off"
}

// Logging is where a function's logs go, and in what form.
type Logging struct {
	Format           string // Text, JSON
	ApplicationLevel string
	SystemLevel      string
	Group            string
}

// VPC is stored and answered; guests have no network that it could govern.
type VPC struct {
	SubnetIDs, SecurityGroupIDs []string
	IPv6                        bool
}

// Status is a state with why.
type Status struct {
	Is     string
	Reason string
	Code   string
}
