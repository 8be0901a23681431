package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lambent-dev/lambent/host"
)

// sfnMock is a mock as files have it.
type sfnMock struct {
	Result json.RawMessage `json:"result"`
	Error  *string         `json:"error"`
	Cause  *string         `json:"cause"`
}

// parseMocks reads mocks, by the names of their states.
func parseMocks(text []byte) (map[string][]host.Mock, error) {
	var byState map[string]json.RawMessage
	if err := json.Unmarshal(text, &byState); err != nil {
		return nil, fmt.Errorf("it must be a JSON object of states' names: %w", err)
	}
	mocks := map[string][]host.Mock{}
	for state, value := range byState {
		var list []json.RawMessage
		if !strings.HasPrefix(strings.TrimSpace(string(value)), "[") {
			list = []json.RawMessage{value}
		} else if err := json.Unmarshal(value, &list); err != nil {
			return nil, err
		}
		for _, one := range list {
			var m sfnMock
			d := json.NewDecoder(strings.NewReader(string(one)))
			d.DisallowUnknownFields()
			if err := d.Decode(&m); err != nil {
				return nil, fmt.Errorf("the mock of %q is %.100s; it must be {\"result\": …}, {\"error\": \"Name\", \"cause\": \"text\"}, or a list of these", state, one)
			}
			if (m.Result == nil) == (m.Error == nil) {
				return nil, fmt.Errorf("the mock of %q must have either a result or an error", state)
			}
			mocks[state] = append(mocks[state], host.Mock(m))
		}
	}
	return mocks, nil
}
