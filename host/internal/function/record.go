package function

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// States of a function and of its last update, as AWS names them.
const (
	Pending    = "Pending"
	Active     = "Active"
	Failed     = "Failed"
	InProgress = "InProgress"
	Successful = "Successful"
)

// creating is the status of what is under way, as recorded from AWS.
func creating(is string) Status {
	return Status{Is: is, Reason: "The function is being created.", Code: "Creating"}
}

// record is a function as the store keeps it: JSON in the Configuration of its
// row. Fields may be added; those that are there keep their names (record_test.go
// holds one of each release).
type record struct {
	deployed
	Tags map[string]string
	// LastVersion is the highest number that a version was given: none gets it
	// again. LastPrint is that version's fingerprint.
	LastVersion int64  `json:",omitempty"`
	LastPrint   string `json:",omitempty"`
	// Publishing is the version that settles together with the deployment; 0 if
	// there is none.
	Publishing int64 `json:",omitempty"`
	// Verify are the sample events on which engines are to be compared before the
	// deployment that is under way may succeed; nil if they are not to be.
	Verify []SampleEvent `json:",omitempty"`
	// Serving answers invocations while an update is in progress; nil at other
	// times, and if no deployment of the function was ever ready.
	Serving *deployed
}

// deployed is code with settings: what one sandbox is made of.
type deployed struct {
	// Configuration has no ARN: it depends on who asks. Its Version is "" for
	// $LATEST.
	Configuration Configuration
	// Deployment is new whenever code or settings change, unlike RevisionID,
	// which also changes when the change settles. What was made for one
	// deployment never answers for another.
	Deployment string
	// Engine is the Service.compiler for which it was compiled by Compiler;
	// empty before it was.
	Engine string
	// Contents is what is in the package; nil before it was ready, or if it has
	// many files.
	Contents *contents `json:",omitempty"`
}

// digest returns the digest of the code package.
func (d *deployed) digest() (store.Digest, error) {
	var digest store.Digest
	b, err := base64.StdEncoding.DecodeString(d.Configuration.CodeSHA256)
	if err != nil || len(b) != len(digest) {
		return digest, fmt.Errorf("function %s: its CodeSHA256 is %q, which is not the base64 of %d bytes", d.Configuration.Name, d.Configuration.CodeSHA256, len(digest))
	}
	copy(digest[:], b)
	return digest, nil
}

// memory is its memory limit in bytes.
func (d *deployed) memory() uint64 { return uint64(d.Configuration.MemorySize) << 20 }

// underway reports whether the record's deployment has still to be settled.
func (r *record) underway() bool {
	return r.Configuration.State.Is == Pending || r.Configuration.Update.Is == InProgress
}

// serving returns what answers invocations now, nil if nothing does.
func (r *record) serving() *deployed {
	if r.Serving != nil {
		return r.Serving
	}
	if r.Configuration.State.Is == Active {
		return &r.deployed
	}
	return nil
}

// row makes a row of the record.
func (r *record) row(key store.FunctionKey) (store.Function, error) {
	digest, err := r.digest()
	if err != nil {
		return store.Function{}, err
	}
	b, err := json.Marshal(r)
	if err != nil {
		return store.Function{}, err
	}
	c := &r.Configuration
	return store.Function{
		FunctionKey:      key,
		Revision:         c.RevisionID,
		State:            store.State(c.State.Is),
		LastUpdateStatus: store.UpdateStatus(c.Update.Is),
		Code:             digest,
		Modified:         c.LastModified,
		Configuration:    b,
	}, nil
}

func decode(f store.Function) (*record, error) {
	var r record
	if err := json.Unmarshal(f.Configuration, &r); err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: "The configuration of function " + f.Name + " cannot be read.", Err: err}
	}
	return &r, nil
}

// alter changes a function's record, and what belongs to the function, in one
// transaction. For change goes what is said of store.Store.UpdateFunction's: it may
// run more than once.
func (s *Service) alter(ctx context.Context, function string, change func(store.FunctionTx, *record) error) error {
	key := s.key(function)
	return s.config.Store.ChangeFunction(ctx, key, func(tx store.FunctionTx) error {
		row, err := tx.Function()
		if err != nil {
			return err
		}
		r, err := decode(row)
		if err != nil {
			return err
		}
		before, err := r.named()
		if err != nil {
			return s.failure(ctx, Ref{Name: function}, err)
		}
		if err := change(tx, r); err != nil {
			return err
		}
		if row, err = r.row(key); err != nil {
			return err
		}
		if err := tx.UpdateFunction(row); err != nil {
			return err
		}
		after, err := r.named()
		if err != nil || slices.Equal(before, after) {
			return err
		}
		err = tx.NameCode(0, after)
		if errors.Is(err, store.ErrNoCode) && r.Serving != nil {
			// What answers has lost its package: another may come all the same.
			if after, err = r.layersUsed(); err == nil {
				err = tx.NameCode(0, after)
			}
		}
		return err
	})
}
