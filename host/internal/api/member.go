package api

import (
	"encoding/base64"
	"errors"
	"strconv"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// This file has the types of members. Each method reads the value of a member
// into a variable; a null leaves that as it is.

func (s *scanner) string(member string, to **string) {
	if s.null() {
		return
	}
	if s.peek() != '"' {
		s.mismatch(member, "String")
		return
	}
	text := s.text("a string")
	*to = &text
}

func (s *scanner) boolean(member string, to *bool) {
	if s.null() {
		return
	}
	switch s.peek() {
	case 't':
		s.literal("true")
		*to = true
	case 'f':
		s.literal("false")
		*to = false
	default:
		s.mismatch(member, "Boolean")
	}
}

func (s *scanner) integer(member string, to **int) {
	if s.null() {
		return
	}
	if c := s.peek(); c != '-' && !isDigit(c) {
		s.mismatch(member, "Integer")
		return
	}
	begin := s.pos
	text := s.number()
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && s.err == nil {
		s.pos = begin
		s.mismatch(member, "Integer")
	}
	i := int(n)
	*to = &i
}

// number64 reads a floating-point number of 64 bits.
func (s *scanner) number64(member string, to *float64) {
	if c := s.peek(); c != '-' && !isDigit(c) {
		s.mismatch(member, "Double")
		return
	}
	begin := s.pos
	n, err := strconv.ParseFloat(s.number(), 64)
	if err != nil && s.err == nil {
		s.pos = begin
		s.mismatch(member, "Double")
	}
	*to = n
}

// natural reads an integer of 64 bits that is not negative.
func (s *scanner) natural(member string, to **uint64) {
	if s.null() {
		return
	}
	if c := s.peek(); c != '-' && !isDigit(c) {
		s.mismatch(member, "Long")
		return
	}
	begin := s.pos
	n, err := strconv.ParseUint(s.number(), 10, 64)
	if err != nil && s.err == nil {
		s.pos = begin
		s.mismatch(member, "Long")
	}
	*to = &n
}

// blob reads a string in base64. An empty one is not nil.
func (s *scanner) blob(member string, to *[]byte) {
	if s.null() {
		return
	}
	if s.peek() != '"' {
		s.mismatch(member, "Blob")
		return
	}
	raw, escaped := s.quoted("a string")
	if escaped && s.err == nil {
		raw = unquote(raw)
	}
	if s.err != nil {
		return
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(raw)))
	n, err := base64.StdEncoding.Decode(out, raw)
	if corrupt := base64.CorruptInputError(0); errors.As(err, &corrupt) {
		s.err = fault.New(fault.Serialization, "STRING_VALUE cannot be converted to Blob (member %s): no base64 at its byte %d", member, int64(corrupt))
	}
	*to = out[:n]
}

func (s *scanner) strings(member string, to *[]string) {
	if s.null() {
		return
	}
	list := []string{}
	s.list(member, func() {
		var item *string
		if s.string(member, &item); item == nil {
			s.mismatchNull(member)
			return
		}
		list = append(list, *item)
	})
	*to = list
}

func (s *scanner) stringMap(member string, to *map[string]string) {
	if s.null() {
		return
	}
	values := map[string]string{}
	s.object(member, func(name string) {
		var value *string
		if s.string(member, &value); value == nil {
			s.mismatchNull(member)
			return
		}
		values[name] = *value
	})
	*to = values
}

// mismatchNull notes a null where a member cannot be left out.
func (s *scanner) mismatchNull(member string) {
	if s.err == nil {
		s.err = fault.New(fault.Serialization, "NULL_VALUE cannot be converted to String (member %s)", member)
	}
}
