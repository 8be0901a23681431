package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Sealer encrypts what must not be read from the database, and tokens that
// clients keep for us.
type Sealer struct {
	aead   cipher.AEAD
	key    []byte
	random io.Reader
}

// sealKeySize is the size of the key in bytes: AES-256.
const sealKeySize = 32

// OpenSealer reads the key in a file, or makes one there from random. The file
// must be readable by its owner alone.
func OpenSealer(path string, random io.Reader) (*Sealer, error) {
	key, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(path, random); err == nil {
			key, err = readKey(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the key that secrets are encrypted with: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead, key, random}, nil
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); !mode.IsRegular() || mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s has mode %v; it must be a file that only its owner can read: chmod 600 %s", path, mode, path)
	}
	if info.Size() != sealKeySize {
		return nil, fmt.Errorf("%s has %d bytes, want %d; without the right one, every access key must be made anew", path, info.Size(), sealKeySize)
	}
	return os.ReadFile(path)
}

// makeKey writes a new key, whole or not at all, and never over another.
func makeKey(path string, random io.Reader) error {
	key := make([]byte, sealKeySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		// A file system without links.
		return os.Rename(f.Name(), path)
	}
	return nil
}

// seal encrypts text for a purpose: it can be opened only for the same.
func (s *Sealer) seal(text []byte, purpose string) ([]byte, error) {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(text)+s.aead.Overhead())
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return nil, err
	}
	return s.aead.Seal(nonce, nonce, text, []byte(purpose)), nil
}

var errSeal = errors.New("it was not encrypted with this key, for this purpose")

func (s *Sealer) open(sealed []byte, purpose string) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, errSeal
	}
	text, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(purpose))
	if err != nil {
		return nil, errSeal
	}
	return text, nil
}

// sum is a keyed hash of a text for a purpose.
func (s *Sealer) sum(text, purpose string) []byte {
	h := hmac.New(sha256.New, s.key)
	io.WriteString(h, purpose)
	h.Write([]byte{0})
	io.WriteString(h, text)
	return h.Sum(nil)
}
