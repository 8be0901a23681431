package stored

import (
	"bytes"
	"errors"
	"testing"
)

func TestSeal(t *testing.T) {
	const magic = "numbers\n"
	key := Key{1, 2, 3}
	sound := Seal(magic, key, func(out []byte) []byte { return AppendBytes(out, "content") })
	r, err := Unseal(sound, magic, key)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Bytes(); string(got) != "content" || r.End() != nil {
		t.Errorf("it holds %q, %v", got, r.End())
	}
	for i := range sound {
		harmed := bytes.Clone(sound)
		harmed[i] ^= 1 << (i % 8)
		if _, err := Unseal(harmed, magic, key); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := Unseal(sound[:i], magic, key); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	for name, err := range map[string]error{
		"another key":    second(Unseal(sound, magic, Key{1, 2})),
		"another magic":  second(Unseal(sound, "letters\n", key)),
		"a longer magic": second(Unseal(sound, magic+string(make([]byte, 100)), key)),
		"a byte more":    second(Unseal(append(bytes.Clone(sound), 0), magic, key)),
	} {
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ *Reader, err error) error { return err }
