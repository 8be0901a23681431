package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// maxEncoded is the number of characters that AWS lets Base64Encode,
// Base64Decode and Hash work on.
const maxEncoded = 10_000

// format replaces each {} in the template by the next argument.
func format(c *Call, _ Env, values []any) (any, error) {
	template := values[0].(string)
	escapes := c.args[0].raw != ""
	if escapes {
		template = c.args[0].raw
	}
	var b strings.Builder
	next := 1
	for i := 0; i < len(template); i++ {
		switch ch := template[i]; {
		case escapes && ch == '\\' && i+1 < len(template):
			i++
			b.WriteByte(template[i])
		case ch == '{' && i+1 < len(template) && template[i+1] == '}':
			if next >= len(values) {
				return nil, c.fail("the template has more {} than there are arguments (%d)", len(values)-1)
			}
			if !write(&b, values[next], 0) {
				return nil, c.fail("the result is longer than %d bytes", MaxResult)
			}
			next++
			i++
		default:
			b.WriteByte(ch)
		}
	}
	if next != len(values) {
		return nil, c.fail("the template has %d {} for %d arguments", next-1, len(values)-1)
	}
	return b.String(), nil
}

// write writes a value as Java's toString does, which is what AWS's Format
// gives: {a=1, b=[x, null]}. It reports whether there is still room.
func write(b *strings.Builder, v any, depth int) bool {
	if b.Len() > MaxResult || depth > payload.MaxDepth {
		return false
	}
	switch v := v.(type) {
	case string:
		b.WriteString(v)
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			if !write(b, item, depth+1) {
				return false
			}
		}
		b.WriteByte(']')
	case *jsonata.Object:
		b.WriteByte('{')
		first := true
		for key, value := range v.All() {
			if !first {
				b.WriteString(", ")
			}
			first = false
			b.WriteString(key + "=")
			if !write(b, value, depth+1) {
				return false
			}
		}
		b.WriteByte('}')
	default:
		encoded, err := jsonata.Encode(v)
		if err != nil {
			return false
		}
		b.Write(encoded)
	}
	return b.Len() <= MaxResult
}

// stringToJSON parses JSON. A blank text is null, as the parser that AWS uses
// has it.
func stringToJSON(c *Call, _ Env, values []any) (any, error) {
	source := values[0].(string)
	if strings.Trim(source, " \t\r\n") == "" {
		return nil, nil
	}
	v, err := payload.Decode([]byte(source))
	if err != nil {
		return nil, c.fail("the argument is not valid JSON")
	}
	return v, nil
}

func jsonToString(c *Call, _ Env, values []any) (any, error) {
	encoded, err := payload.Encode(values[0], MaxResult)
	if err != nil {
		return nil, c.fail("the result is longer than %d bytes", MaxResult)
	}
	return string(encoded), nil
}

// stringSplit splits at every character of the second text and drops empty
// parts.
func stringSplit(_ *Call, _ Env, values []any) (any, error) {
	splitters := map[rune]bool{}
	for _, r := range values[1].(string) {
		splitters[r] = true
	}
	parts := []any{}
	for part := range strings.FieldsFuncSeq(values[0].(string), func(r rune) bool { return splitters[r] }) {
		parts = append(parts, part)
	}
	return parts, nil
}

func base64Encode(c *Call, _ Env, values []any) (any, error) {
	source := values[0].(string)
	if err := checkEncoded(c, source); err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString([]byte(source)), nil
}

func base64Decode(c *Call, _ Env, values []any) (any, error) {
	source := values[0].(string)
	if err := checkEncoded(c, source); err != nil {
		return nil, err
	}
	encoding := base64.StdEncoding
	if !strings.HasSuffix(source, "=") {
		encoding = base64.RawStdEncoding // padding is not needed, as in Java
	}
	decoded, err := encoding.DecodeString(source)
	if err != nil {
		return nil, c.fail("the argument is not valid base64")
	}
	return strings.ToValidUTF8(string(decoded), "\uFFFD"), nil
}

func checkEncoded(c *Call, source string) error {
	if n := utf8.RuneCountInString(source); n > maxEncoded {
		return c.fail("the argument has %d characters, at most %d are allowed", n, maxEncoded)
	}
	return nil
}

func hash(c *Call, _ Env, values []any) (any, error) {
	source, ok := values[0].(string)
	if !ok {
		encoded, err := payload.Encode(values[0], 4*maxEncoded)
		if err != nil {
			return nil, c.fail("the argument has more than %d characters", maxEncoded)
		}
		source = string(encoded)
	}
	if err := checkEncoded(c, source); err != nil {
		return nil, err
	}
	var sum []byte
	switch algorithm := values[1].(string); algorithm {
	case "MD5":
		s := md5.Sum([]byte(source))
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum([]byte(source))
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256([]byte(source))
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384([]byte(source))
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512([]byte(source))
		sum = s[:]
	default:
		return nil, c.fail("%q is no algorithm: MD5, SHA-1, SHA-256, SHA-384 and SHA-512 are", algorithm)
	}
	return hex.EncodeToString(sum), nil
}

// uuid gives a random UUID of version 4.
func uuid(_ *Call, env Env, _ []any) (any, error) {
	var b [16]byte
	for i := range b {
		b[i] = byte(env.Random() * 256)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
