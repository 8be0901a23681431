package workflow

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// maxName is how many characters a name may have.
const maxName = 80

// checkName refuses what cannot be a name of a state machine, an execution or an
// activity. Whether one is missing is the service model's to check.
func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n > maxName {
		return fault.New(InvalidName, "Invalid Name: it has %d characters, at most %d are allowed", n, maxName)
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"/", r) || r == utf8.RuneError || r >= 0xFFFE {
			return fault.New(InvalidName, "Invalid Name: '%s'", name)
		}
	}
	return nil
}

// uuid makes a random name.
func (s *Service) uuid() (string, error) {
	var b [16]byte
	if err := s.random(b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // RFC 9562, version 4
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], nil
}

func (s *Service) random(b []byte) error {
	for n := 0; n < len(b); {
		m, err := s.config.Random.Read(b[n:])
		if n += m; err != nil && n < len(b) {
			return &fault.Error{Code: fault.Service, Message: "An internal error occurred.", Err: err}
		}
	}
	return nil
}
