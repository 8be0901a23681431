package sandbox

import (
	"fmt"
	"io"
	"strings"
)

// Credentials are what a function acts with towards AWS's APIs. Its event finds
// them in its environment, as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN. They print as nothing, so that no log has them.
//
// Those of a Request belong to its event: neither the init phase that an image is
// made of sees them nor the warm-up event, so that no image holds any. With mode
// init=each, the init phase is the event's and sees what it does. With mode reuse, an
// instance handles events of the same credentials, and others have another: a guest
// may have read them once and for all.
type Credentials struct{ variables [3]string }

// MaxCredentials is the most bytes that credentials have together.
const MaxCredentials = 16 << 10

// NewCredentials makes Credentials; without a session's token, the function finds
// no AWS_SESSION_TOKEN. Errors wrap ErrRequest.
func NewCredentials(accessKeyID, secretAccessKey, sessionToken string) (*Credentials, error) {
	if accessKeyID == "" || secretAccessKey == "" {
		return nil, fmt.Errorf("%w: credentials need an access key id and a secret access key", ErrRequest)
	}
	if n := len(accessKeyID) + len(secretAccessKey) + len(sessionToken); n > MaxCredentials {
		return nil, fmt.Errorf("%w: credentials have %d bytes; at most %d are allowed", ErrRequest, n, MaxCredentials)
	}
	if strings.Contains(accessKeyID+secretAccessKey+sessionToken, "\x00") {
		return nil, fmt.Errorf("%w: credentials hold a NUL byte", ErrRequest)
	}
	c := &Credentials{[3]string{"AWS_ACCESS_KEY_ID=" + accessKeyID, "AWS_SECRET_ACCESS_KEY=" + secretAccessKey}}
	if sessionToken != "" {
		c.variables[2] = "AWS_SESSION_TOKEN=" + sessionToken
	}
	return c, nil
}

// list returns them as an environment has them.
func (c *Credentials) list() []string {
	switch {
	case c == nil:
		return nil
	case c.variables[2] == "":
		return c.variables[:2]
	}
	return c.variables[:]
}

// Format implements fmt.Formatter.
func (c Credentials) Format(f fmt.State, _ rune) { io.WriteString(f, "sandbox.Credentials") }

// takeFor takes an instance that may see the request's credentials.
func (s *Sandbox) takeFor(r *Request) *instance {
	for {
		var in *instance
		switch {
		case r.Tape != nil:
			return newInstance(s.pool) // whose init phase is on the tape, too
		case s.config.PerTenant:
			in = s.pool.takeOf(r.Tenant)
		default:
			in = s.pool.take()
		}
		if !in.begun || same(in.credentials, r.Credentials) {
			return in
		}
		s.pool.giveUp(in) // it is reused, and has seen others
	}
}

func same(a, b *Credentials) bool {
	return a == b || a != nil && b != nil && *a == *b
}
