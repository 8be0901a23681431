package api

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// configuration is a FunctionConfiguration of the service model.
type configuration struct {
	FunctionName string
	FunctionArn  string
	Runtime      string `json:",omitempty"`
	Role         string
	Handler      string `json:",omitempty"`
	CodeSize     int64
	Description  string
	Timeout      int
	MemorySize   int
	LastModified string
	CodeSha256   string
	Version      string

	VpcConfig        *vpcConfig        `json:",omitempty"`
	DeadLetterConfig *deadLetterConfig `json:",omitempty"`
	Environment      *environment      `json:",omitempty"`
	KMSKeyArn        string            `json:",omitempty"`
	TracingConfig    tracingConfig
	RevisionId       string
	Layers           []layer `json:",omitempty"`

	State                      string `json:",omitempty"`
	StateReason                string `json:",omitempty"`
	StateReasonCode            string `json:",omitempty"`
	LastUpdateStatus           string `json:",omitempty"`
	LastUpdateStatusReason     string `json:",omitempty"`
	LastUpdateStatusReasonCode string `json:",omitempty"`

	PackageType          string
	Architectures        []string
	EphemeralStorage     ephemeralStorage
	SnapStart            snapStart
	RuntimeVersionConfig *runtimeVersionConfig `json:",omitempty"`
	LoggingConfig        loggingConfig
	TenancyConfig        *tenancyConfig `json:",omitempty"`

	Lambent *ownSettings `json:",omitempty"` // what AWS does not have
}

type (
	vpcConfig struct {
		SubnetIds, SecurityGroupIds []string
		VpcId                       string
		Ipv6AllowedForDualStack     bool
	}
	deadLetterConfig struct{ TargetArn string }
	environment      struct{ Variables map[string]string }
	tracingConfig    struct{ Mode string }
	tenancyConfig    struct{ TenantIsolationMode string }
	layer            struct {
		Arn      string
		CodeSize int64
	}
	ephemeralStorage     struct{ Size int }
	snapStart            struct{ ApplyOn, OptimizationStatus string }
	runtimeVersionConfig struct{ RuntimeVersionArn string }
	loggingConfig        struct {
		LogFormat           string
		ApplicationLogLevel string `json:",omitempty"`
		SystemLogLevel      string `json:",omitempty"`
		LogGroup            string
	}
)

// timeFormat is that of LastModified: 2026-03-01T12:00:00.000+0000.
const timeFormat = "2006-01-02T15:04:05.000-0700"

func (a *API) configuration(f *function.Configuration) *configuration {
	c := a.summary(f)
	c.State, c.StateReason, c.StateReasonCode = f.State.Is, f.State.Reason, f.State.Code
	c.LastUpdateStatus, c.LastUpdateStatusReason, c.LastUpdateStatusReasonCode = f.Update.Is, f.Update.Reason, f.Update.Code
	if f.Runtime != "" {
		c.RuntimeVersionConfig = &runtimeVersionConfig{a.runtimeVersion(f)}
	}
	return c
}

// summary is what lists hold: a configuration without states and runtime
// version.
func (a *API) summary(f *function.Configuration) *configuration {
	c := &configuration{
		FunctionName: f.Name, FunctionArn: f.ARN, Version: f.Version, Description: f.Description,
		Runtime: f.Runtime, Role: f.Role, Handler: f.Handler, Timeout: f.Timeout, MemorySize: f.MemorySize,
		CodeSize: f.CodeSize, CodeSha256: f.CodeSHA256, RevisionId: f.RevisionID,
		LastModified: f.LastModified.UTC().Format(timeFormat), KMSKeyArn: f.KMSKeyARN,
		TracingConfig: tracingConfig{f.TracingMode}, PackageType: f.PackageType, Architectures: f.Architectures,
		EphemeralStorage: ephemeralStorage{f.EphemeralMB}, SnapStart: snapStart{f.SnapStart, f.SnapStartStatus()},
		LoggingConfig: loggingConfig{f.Logging.Format, f.Logging.ApplicationLevel, f.Logging.SystemLevel, f.Logging.Group},
	}
	if f.Environment != nil {
		c.Environment = &environment{f.Environment}
	}
	if f.Tenancy != "" {
		c.TenancyConfig = &tenancyConfig{f.Tenancy}
	}
	if f.DeadLetterARN != "" {
		c.DeadLetterConfig = &deadLetterConfig{f.DeadLetterARN}
	}
	if f.Fuel > 0 || f.Verified != nil {
		c.Lambent = &ownSettings{f.Fuel, f.Verified}
	}
	for i := range f.Layers {
		c.Layers = append(c.Layers, layer{f.Layers[i].ARN, f.Layers[i].CodeSize})
	}
	if v := f.VPC; v != nil {
		c.VpcConfig = &vpcConfig{
			SubnetIds: append([]string{}, v.SubnetIDs...), SecurityGroupIds: append([]string{}, v.SecurityGroupIDs...),
			Ipv6AllowedForDualStack: v.IPv6,
		}
		if len(v.SubnetIDs) > 0 {
			c.VpcConfig.VpcId = a.vpc()
		}
	}
	return c
}

// vpc is what all subnets are said to be in, in AWS's form: of those of an account
// nothing else is known here.
func (a *API) vpc() string {
	sum := sha256.Sum256([]byte("lambent " + a.account + " " + a.region))
	return "vpc-" + hex.EncodeToString(sum[:])[:17]
}

// runtimeVersion is an ARN in AWS's form. Clients show it and never resolve it;
// it is the same for functions of the same Runtime.
func (a *API) runtimeVersion(f *function.Configuration) string {
	sum := sha256.Sum256([]byte("lambent " + f.Runtime))
	return "arn:" + a.partition + ":lambda:" + a.region + "::runtime:" + hex.EncodeToString(sum[:])
}
