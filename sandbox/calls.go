package sandbox

import "context"

// Call is a Go function of the embedder that guests call by name. It runs on a
// goroutine of its own while the guest waits or goes on; ctx ends when the
// invocation does, and a Call that ignores it outlives the invocation. in is
// the Call's to keep. An error reaches the guest as {"errorType",
// "errorMessage"}: the message of err, so keep secrets out of it. A panic is
// recovered and reaches the guest as an error without details.
type Call func(ctx context.Context, in []byte) ([]byte, error)

// Calls names the functions that a guest may call. What is not in it does not
// exist for the guest.
type Calls map[string]Call
