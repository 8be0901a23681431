package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"
)

// SweepGrace is how long code that no function names is kept after it was last
// put: more than enough to create the function it was put for.
const SweepGrace = time.Hour

// codeFiles keeps code packages as files named by their digest.
type codeFiles struct {
	dir  string // of whole packages
	temp string // of those being written; emptied when the store is opened
	disk disk
	now  func() time.Time

	// named guards the step from finding a name there, or old, to renewing,
	// replacing or removing it. It is held for moments; nothing is locked under it.
	named sync.Mutex
}

func (c *codeFiles) path(digest Digest) string { return filepath.Join(c.dir, digest.String()) }

// PutCode implements Store.
func (s *SQLite) PutCode(ctx context.Context, code []byte) (digest Digest, err error) {
	if len(code) > MaxCode {
		return Digest{}, fmt.Errorf("%w: code has %d bytes, allowed are %d", ErrInvalid, len(code), MaxCode)
	}
	err = s.during(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		digest = DigestOf(code)
		return unavailable("keep code "+digest.String(), s.code.put(digest, code))
	})
	return digest, err
}

// Code implements Store.
func (s *SQLite) Code(ctx context.Context, digest Digest) (code []byte, err error) {
	err = s.during(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		code, err = s.code.get(digest)
		return err
	})
	return code, err
}

func (c *codeFiles) put(digest Digest, code []byte) error {
	path := c.path(digest)
	there, err := c.renew(path)
	if err != nil {
		return err
	}
	if there {
		if kept, err := c.disk.ReadFile(path, MaxCode); err == nil && bytes.Equal(kept, code) {
			// Whoever wrote it may not have come to this step.
			return c.disk.SyncDir(c.dir)
		}
	}
	temp, err := c.write(code)
	if err != nil {
		return err
	}
	c.named.Lock()
	err = c.disk.Rename(temp, path)
	c.named.Unlock()
	if err != nil {
		return errors.Join(err, c.disk.Remove(temp))
	}
	return c.disk.SyncDir(c.dir)
}

// renew tells whether path is there, and starts its grace again if so.
func (c *codeFiles) renew(path string) (bool, error) {
	c.named.Lock()
	defer c.named.Unlock()
	err := c.disk.SetModified(path, c.now())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// write returns the path of a file that durably holds code.
func (c *codeFiles) write(code []byte) (path string, err error) {
	f, err := c.disk.CreateTemp(c.temp, "*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(code)
	if err == nil {
		err = c.disk.SetModified(f.Name(), c.now())
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return "", errors.Join(err, c.disk.Remove(f.Name()))
	}
	return f.Name(), nil
}

func (c *codeFiles) get(digest Digest) ([]byte, error) {
	code, err := c.disk.ReadFile(c.path(digest), MaxCode)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoCode, digest)
	}
	if err != nil {
		return nil, unavailable("read code "+digest.String(), err)
	}
	if found := DigestOf(code); found != digest {
		return nil, unavailable("read code "+digest.String(), fmt.Errorf("the file is damaged: it has %d bytes with digest %s", len(code), found))
	}
	return code, nil
}

func (c *codeFiles) has(digest Digest) (bool, error) {
	_, err := c.disk.Modified(c.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, unavailable("look for code "+digest.String(), err)
}

// prepare makes the folders, and removes what a process that was killed left of
// packages it was writing.
func (c *codeFiles) prepare() error {
	for _, dir := range []string{c.dir, c.temp} {
		if err := c.disk.MkdirAll(dir); err != nil {
			return err
		}
	}
	names, err := c.disk.Names(c.temp)
	for _, name := range names {
		if err == nil {
			err = c.disk.Remove(filepath.Join(c.temp, name))
		}
	}
	return err
}

// old lists the code whose grace is over.
func (c *codeFiles) old() (code []Digest, err error) {
	names, err := c.disk.Names(c.dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		digest, err := ParseDigest(name)
		if err != nil {
			continue // not ours
		}
		old, err := c.isOld(c.path(digest))
		if err != nil {
			return nil, err
		}
		if old {
			code = append(code, digest)
		}
	}
	return code, nil
}

func (c *codeFiles) isOld(path string) (bool, error) {
	modified, err := c.disk.Modified(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && c.now().Sub(modified) > SweepGrace, err
}

// removeOld removes code unless it has been put again meanwhile.
func (c *codeFiles) removeOld(digest Digest) (removed bool, err error) {
	c.named.Lock()
	defer c.named.Unlock()
	if old, err := c.isOld(c.path(digest)); err != nil || !old {
		return false, err
	}
	err = c.disk.Remove(c.path(digest))
	return err == nil, err
}
