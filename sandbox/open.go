package sandbox

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/lambent-dev/lambent/engine"
)

// Open makes a Sandbox of the module with that SHA-256 as New does, but of the
// code that eng keeps on disk: without the module's bytes, in milliseconds. With
// Config.Images the init phase need not run again either.
//
// If an error wraps engine.ErrNotCached, the code is not there, and New makes it.
// Otherwise errors are those of New. What may be compiled was decided when it
// was: Config.Modules does not apply.
func Open(ctx context.Context, eng engine.Engine, digest [sha256.Size]byte, config Config) (*Sandbox, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	module, err := eng.Load(ctx, digest, host())
	if err != nil {
		return nil, err
	}
	model, files, err := config.enter(module.Interface())
	if err != nil {
		return nil, errors.Join(err, module.Close())
	}
	return newSandbox(ctx, digest, &pool{config: &config, model: model, module: module, files: files, identity: config.identity(eng, digest)})
}
