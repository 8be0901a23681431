package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

func TestFail(t *testing.T) {
	secret := errors.New("disk /dev/x is full")
	for _, c := range []struct {
		err    error
		status int
		code   string
		logged bool
	}{
		{fault.New(fault.ResourceNotFound, "m"), 404, "ResourceNotFoundException", false},
		{fmt.Errorf("wrapped: %w", fault.New(fault.ResourceConflict, "m")), 409, "ResourceConflictException", false},
		{&fault.Error{Code: fault.Service, Message: "m", Err: secret}, 500, "ServiceException", true},
		{secret, 500, "ServiceException", true},
		{fmt.Errorf("%w", context.Canceled), 503, "ServiceUnavailableException", true},
		{fault.New(fault.NotImplemented, "m"), 501, "NotImplementedException", false},
		{fault.New("SomethingNewException", "m"), 400, "SomethingNewException", false},
	} {
		r := Fail("id", c.err)
		if r.Status != c.status || r.Get(errorType) != c.code || r.Get(requestID) != "id" {
			t.Errorf("%v: %d %v", c.err, r.Status, r.Header)
		}
		if (r.Err != nil) != c.logged {
			t.Errorf("%v: for the log: %v", c.err, r.Err)
		}
		if strings.Contains(string(r.Body), "disk") {
			t.Errorf("%v: the caller is told %s", c.err, r.Body)
		}
		var body map[string]string
		if err := json.Unmarshal(r.Body, &body); err != nil || body["message"]+body["Message"] == "" {
			t.Errorf("%v: %s", c.err, r.Body)
		}
	}
}
