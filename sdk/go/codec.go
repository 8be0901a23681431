package lambent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// decodeEvent decodes the event into *in. The error names the type, and the
// field if it is one that does not fit.
func decodeEvent(event []byte, in any) error {
	err := json.Unmarshal(event, in)
	if err == nil {
		return nil
	}
	f := describe(err)
	f.Message = fmt.Sprintf("the event does not fit %s: %s", typeString(in), f.Message)
	return f
}

// typeString returns the type that the pointer p points to.
func typeString(p any) string {
	s := fmt.Sprintf("%T", p)
	return s[len("*"):]
}

// writeResult writes what a handler returned: as JSON, or as the bytes it reads
// from it (see Start).
func writeResult(out any, write writeFunc) error {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(out)
	body := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	if r, ok := out.(io.Reader); ok && (err != nil || string(body) == "{}") {
		return copyResult(r, write)
	}
	if err != nil {
		f := describe(err)
		f.Message = fmt.Sprintf("the result of type %T cannot be encoded: %s", out, f.Message)
		return f
	}
	return write(body)
}

// copyResult writes all that r has.
func copyResult(r io.Reader, write writeFunc) error {
	if c, ok := r.(io.Closer); ok {
		defer c.Close() // after everything was read: nothing can be lost
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			if err := write(buf[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
