package workflow

import (
	"context"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestGuard has tasks ask for the role of their execution.
func TestGuard(t *testing.T) {
	var asked []string
	s := &Service{config: Config{Account: "111111111111", Region: "us-east-1", Guard: func(_ context.Context, role, action, resource string, ref *function.Ref) error {
		asked = append(asked, role+" "+action+" "+resource)
		if ref != nil && ref.Name == "mine" {
			return nil
		}
		return fault.New(fault.AccessDenied, "User: %s is not authorized", role)
	}}}
	ctx := context.WithValue(t.Context(), roleKey{}, "arn:aws:iam::111111111111:role/r")
	if err := s.may(ctx, "lambda:InvokeFunction", "arn:x", &function.Ref{Name: "mine"}); err != nil {
		t.Error(err)
	}
	err := s.may(ctx, "states:StartExecution", "arn:y", nil)
	if failed, ok := denied(err); !ok || !strings.Contains(failed.Message, "role/r is not authorized") {
		t.Errorf("%v", err)
	}
	if got := strings.Join(asked, ", "); got != "arn:aws:iam::111111111111:role/r lambda:InvokeFunction arn:x, arn:aws:iam::111111111111:role/r states:StartExecution arn:y" {
		t.Errorf("asked: %s", got)
	}
	if _, ok := denied(fault.New(fault.Service, "x")); ok {
		t.Error("another error is a denial")
	}
}
