package function

import "time"

// provision is the attachment of a version or alias with provisioned concurrency.
type provision struct {
	Requested    int
	LastModified time.Time
}
