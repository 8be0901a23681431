package asl

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// EffectKind is what an execution wants done.
type EffectKind string

// The kinds of effects.
const (
	// Task is work to be done by somebody else.
	Task EffectKind = "Task"
	// Timer is a time to wait for.
	Timer EffectKind = "Timer"
	// MapRun is a Map state in distributed mode: an execution for each item.
	MapRun EffectKind = "MapRun"
)

// Effect is something that an execution waits for and a driver carries out. It
// is outstanding from the step that asks for it to the one that has its final
// signal, or that no longer wants it.
type Effect struct {
	// ID is unique within the execution.
	ID   int64
	Kind EffectKind
	// State is the name of the state that asks.
	State string

	// At is when a Timer fires.
	At time.Time

	// Resource is a Task's resource as the definition has it.
	Resource string
	// Input is the JSON text of a Task's input, its parameters or arguments.
	Input string
	// Token identifies a Task to those that answer it from outside.
	Token string
	// Timeout and Heartbeat bound a Task; 0 means no bound. The driver counts
	// them and sends TaskTimedOut.
	Timeout, Heartbeat time.Duration
	// RoleArn is the role that a Task's Credentials name; "" if there is none.
	RoleArn string

	// MapRun is what a MapRun consists of.
	MapRun *MapRunRequest
}

// token makes a task's token: where it belongs, and a code that shows that it
// comes from us.
func token(start *Start, effect int64) string {
	mac := hmac.New(sha256.New, start.Seed[:])
	fmt.Fprintf(mac, "token %s %d", start.ExecutionArn, effect)
	text := start.ExecutionArn + "\n" + strconv.FormatInt(effect, 10) + "\n" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
	return base64.URLEncoding.EncodeToString([]byte(text))
}

// ParseToken says to which execution and effect a task token belongs. Whether
// the token is genuine shows when it is compared with the effect's.
func ParseToken(token string) (executionArn string, effect int64, err error) {
	if len(token) > 2048 {
		return "", 0, fmt.Errorf("asl: a task token has at most 2048 characters, not %d", len(token))
	}
	text, err := base64.URLEncoding.DecodeString(token)
	if err != nil {
		return "", 0, fmt.Errorf("asl: the task token is not one of ours: %w", err)
	}
	parts := strings.Split(string(text), "\n")
	if len(parts) != 3 {
		return "", 0, fmt.Errorf("asl: the task token has %d parts, want 3", len(parts))
	}
	effect, err = strconv.ParseInt(parts[1], 10, 64)
	return parts[0], effect, err
}

// random is a sequence of numbers, 0 ≤ n < 1, that depends on the seed and the
// place in the execution only: replaying draws the same.
type random struct {
	seed  [32]byte
	place int64
	drawn uint64
}

func (r *random) next() float64 {
	var message [16]byte
	binary.BigEndian.PutUint64(message[:8], uint64(r.place))
	binary.BigEndian.PutUint64(message[8:], r.drawn)
	r.drawn++
	mac := hmac.New(sha256.New, r.seed[:])
	mac.Write(message[:])
	return float64(binary.BigEndian.Uint64(mac.Sum(nil))>>11) / (1 << 53)
}
