package api

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestSummary has what follows of a configuration's members from others.
func TestSummary(t *testing.T) {
	_, a := newFake()
	active, pending := function.Status{Is: function.Active}, function.Status{Is: function.Pending}
	for want, c := range map[string]function.Configuration{
		`{"ApplyOn":"PublishedVersions","OptimizationStatus":"On"}`: {Version: "1", SnapStart: "PublishedVersions", State: active},
		`{"ApplyOn":"None","OptimizationStatus":"Off"}`:             {Version: "1", SnapStart: "None", State: active},
	} {
		if got, err := json.Marshal(a.summary(&c).SnapStart); err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
	for _, c := range []function.Configuration{
		{Version: function.Latest, SnapStart: "PublishedVersions", State: active},
		{Version: "1", SnapStart: "PublishedVersions", State: pending},
	} {
		if got := a.summary(&c).SnapStart.OptimizationStatus; got != "Off" {
			t.Errorf("%+v: %s", c, got)
		}
	}

	inside := a.summary(&function.Configuration{VPC: &function.VPC{SubnetIDs: []string{"subnet-1"}}}).VpcConfig
	moved := a.summary(&function.Configuration{VPC: &function.VPC{SubnetIDs: []string{"subnet-2"}}}).VpcConfig
	if !regexp.MustCompile(`^vpc-[0-9a-f]{17}$`).MatchString(inside.VpcId) || inside.VpcId != moved.VpcId {
		t.Errorf("in %q, then in %q", inside.VpcId, moved.VpcId)
	}
	if left := a.summary(&function.Configuration{VPC: &function.VPC{}}).VpcConfig; left.VpcId != "" || left.SubnetIds == nil || left.SecurityGroupIds == nil {
		t.Errorf("outside: %+v", left)
	}
}
