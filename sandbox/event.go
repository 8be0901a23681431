package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
)

// CheckEvent refuses what Do would refuse in any Sandbox: an event that is not
// JSON. No bytes at all are accepted, and mean {}. The error wraps
// ErrEventNotJSON and says at which byte the event ceases to be JSON.
func CheckEvent(event []byte) error {
	if len(event) == 0 || json.Valid(event) {
		return nil
	}
	var v json.RawMessage
	err := json.Unmarshal(event, &v)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		err = fmt.Errorf("at byte %d: %w", syntax.Offset, err)
	}
	return fmt.Errorf("%w: %w", ErrEventNotJSON, err)
}
