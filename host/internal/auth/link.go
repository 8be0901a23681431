package auth

import (
	"crypto/hmac"
	"encoding/hex"
	"net/url"
	"strconv"
	"time"
)

// linkLasts is how long a link is good, as those of AWS Lambda for code are.
const linkLasts = 10 * time.Minute

const linkPurpose = "link"

// Link is the query with which whoever has it may read something for a while.
func (s *Service) Link(what string) string {
	expires := strconv.FormatInt(s.config.Now().Add(linkLasts).Unix(), 10)
	return "Expires=" + expires + "&Signature=" + hex.EncodeToString(s.config.Sealer.sum(what+" "+expires, linkPurpose))
}

// IsLink reports whether a query is one of Link's, and still good.
func (s *Service) IsLink(what, query string) bool {
	q, err := url.ParseQuery(query)
	if err != nil {
		return false
	}
	expires := q.Get("Expires")
	until, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || s.config.Now().Unix() >= until {
		return false
	}
	got, err := hex.DecodeString(q.Get("Signature"))
	return err == nil && hmac.Equal(got, s.config.Sealer.sum(what+" "+expires, linkPurpose))
}
