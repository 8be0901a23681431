package function

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// layers are the contents of layers that are in use, once each, however many
// functions use them. What no function uses any more is not held here.
type layers struct {
	mu  sync.Mutex // guards all; nothing is locked under it
	all map[store.Digest]weak.Pointer[layerFiles]
}

// layerFiles is what is in a layer: nothing is read before somebody wants it, and a
// file that was wanted is kept. The zip file itself stays as long as the garbage
// collector lets it: nobody knows which file is wanted next.
type layerFiles struct {
	digest store.Digest
	read   func(store.Digest) (*sandbox.Layer, error)

	mu      sync.Mutex // held while it is read and unzipped
	layer   weak.Pointer[sandbox.Layer]
	entries []listed // nil: nobody asked
	content map[string][]byte
	held    atomic.Int64 // bytes of what follows mu, about
}

// size returns about how many bytes of memory they take.
func (f *layerFiles) size() int64 { return f.held.Load() }

// listedSize is about how many bytes a listed file takes beside its path.
const listedSize = 128

// of returns the contents of a layer.
func (l *layers) of(digest store.Digest, read func(store.Digest) (*sandbox.Layer, error)) *layerFiles {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.all[digest].Value(); f != nil {
		return f
	}
	f := &layerFiles{digest: digest, read: read, content: map[string][]byte{}}
	if l.all == nil {
		l.all = map[store.Digest]weak.Pointer[layerFiles]{}
	}
	l.all[digest] = weak.Make(f)
	runtime.AddCleanup(f, l.forget, digest)
	return f
}

// forget follows the collection of a layer's contents; there may be others by then.
func (l *layers) forget(digest store.Digest) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all[digest].Value() == nil {
		delete(l.all, digest)
	}
}

// open returns the unzipped layer. f.mu is held.
func (f *layerFiles) open() (*sandbox.Layer, error) {
	if layer := f.layer.Value(); layer != nil {
		return layer, nil
	}
	layer, err := f.read(f.digest)
	if err == nil {
		f.layer = weak.Make(layer)
	}
	return layer, err
}

// list returns what is in the layer.
func (f *layerFiles) list() ([]listed, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.entries != nil {
		return f.entries, nil
	}
	layer, err := f.open()
	if err != nil {
		return nil, err
	}
	entries, err := listFiles(layer.Files, sandbox.DefaultEntries)
	if err == nil {
		f.entries = append([]listed{}, entries...)
		for _, e := range entries {
			f.held.Add(int64(len(e.Path)) + listedSize)
		}
	}
	return entries, err
}

// ReadShared implements sandbox.SharedFiles.
func (f *layerFiles) ReadShared(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b, ok := f.content[name]; ok {
		return b, nil
	}
	layer, err := f.open()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	b, err := fs.ReadFile(layer.Files, name)
	if err == nil {
		f.content[name] = b
		f.held.Add(int64(len(b)))
	}
	return b, err
}

// Open implements fs.FS.
func (f *layerFiles) Open(name string) (fs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	layer, err := f.open()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return layer.Files.Open(name)
}

// layerView is a layer as a function sees it, whose record may list what is in it:
// then looking at it reads nothing.
type layerView struct {
	*layerFiles
	folders
}

// layerViews returns the layers of a configuration; known is what the record lists of
// them, nil for nothing.
func (s *Service) layerViews(c *Configuration, known [][]listed) (views []fs.FS, err error) {
	for i := range c.Layers {
		digest, err := c.Layers[i].digest()
		if err != nil {
			return nil, err
		}
		files := s.layers.of(digest, s.readLayer)
		var entries []listed
		if len(known) == len(c.Layers) {
			entries = known[i]
		} else if entries, err = files.list(); err != nil {
			return nil, fmt.Errorf("layer %s: %w", c.Layers[i].ARN, err)
		}
		views = append(views, layerView{files, newFolders(entries)})
	}
	return views, nil
}

// layersHeld returns the contents of the layers of a configuration whose sandbox is
// made, and has them.
func (s *Service) layersHeld(c *Configuration) (held []*layerFiles) {
	for i := range c.Layers {
		if digest, err := c.Layers[i].digest(); err == nil { // it was read before
			held = append(held, s.layers.of(digest, s.readLayer))
		}
	}
	return held
}

// readLayer reads the layer of that digest.
func (s *Service) readLayer(digest store.Digest) (*sandbox.Layer, error) {
	code, err := s.config.Store.Code(s.life, digest)
	if err != nil {
		return nil, err
	}
	layer, err := sandbox.OpenLayer(code)
	if err != nil {
		return nil, fmt.Errorf("the stored layer: %w", err)
	}
	return layer, nil
}

// listLayers lists what is in each layer for the record; nil if that is too much.
func (s *Service) listLayers(ctx context.Context, c *Configuration) (all [][]listed, err error) {
	var files, paths int
	for i := range c.Layers {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		digest, err := c.Layers[i].digest()
		if err != nil {
			return nil, err
		}
		entries, err := s.layers.of(digest, s.readLayer).list()
		if err != nil {
			return nil, err
		}
		paths += pathBytes(entries)
		files += len(entries)
		if files > maxListed || paths > maxListedPaths {
			return nil, nil
		}
		all = append(all, entries)
	}
	return all, nil
}

// filesDigest tells the files of a deployment from others: those of its package, and
// of its layers in their order.
func (d *deployed) filesDigest() ([sha256.Size]byte, error) {
	digest, err := d.digest()
	if err != nil || len(d.Configuration.Layers) == 0 {
		return digest, err
	}
	used, err := d.layersUsed()
	if err != nil {
		return digest, err
	}
	h := sha256.New()
	h.Write([]byte("package and layers\n"))
	h.Write(digest[:])
	for _, layer := range used {
		h.Write(layer[:])
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
