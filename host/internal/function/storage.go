package function

import (
	"context"
	"sync"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// DefaultCodeStorage is AWS's quota of an account in a region, in bytes.
const DefaultCodeStorage = 75 << 30

// storage knows how many bytes the packages of all functions and versions, and all
// layers, have at most. What is added is counted; what goes is found out when there seems to be no
// room any more, as adding up takes a look at every function.
type storage struct {
	limit int64

	mu       sync.Mutex // held while they are added up, too
	known    bool
	most     int64
	underway int64 // of most: what may not be in the store yet
}

var errCodeStorage = fault.New(fault.CodeStorageExceeded, "Code storage limit exceeded.")

// makeRoom admits bytes more of packages; done follows when they are in the store, or
// will not come.
// Errors: CodeStorageExceeded, ServiceUnavailable.
func (s *Service) makeRoom(ctx context.Context, bytes int64) (done func(), err error) {
	if bytes <= 0 {
		return func() {}, nil
	}
	t := &s.storage
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.known || bytes > t.limit-t.most {
		_, stored, err := s.packages(ctx)
		if err != nil {
			return nil, err
		}
		t.known, t.most = true, stored+t.underway
	}
	if bytes > t.limit-t.most {
		return nil, errCodeStorage
	}
	t.most += bytes
	t.underway += bytes
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.underway -= bytes
	}, nil
}

// packages counts functions, and adds up the packages of them and their versions, and
// the versions of layers, as AWS does: each version counts, even with the code of
// another.
func (s *Service) packages(ctx context.Context) (functions int, bytes int64, err error) {
	if bytes, err = s.layersSize(ctx); err != nil {
		return 0, 0, err
	}
	for after := s.key(""); ; {
		rows, err := s.config.Store.Functions(ctx, after, store.MaxPage)
		if err != nil {
			return 0, 0, s.failure(ctx, Ref{}, err)
		}
		for _, row := range rows {
			r, err := decode(row)
			if err != nil {
				return 0, 0, err
			}
			after = row.FunctionKey
			functions++
			bytes += r.Configuration.CodeSize
			if r.LastVersion > 0 {
				size, err := s.codeSize(ctx, row.Name)
				if err != nil {
					return 0, 0, s.failure(ctx, Ref{}, err)
				}
				bytes += size
			}
		}
		if len(rows) < store.MaxPage {
			return functions, bytes, nil
		}
	}
}
