package function

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// versionRow makes a row of a version: its record is a deployed.
func versionRow(key store.FunctionKey, number int64, d *deployed) (store.Version, error) {
	digest, err := d.digest()
	if err != nil {
		return store.Version{}, err
	}
	b, err := json.Marshal(d)
	if err != nil {
		return store.Version{}, err
	}
	c := &d.Configuration
	return store.Version{
		FunctionKey: key, Number: number, Revision: c.RevisionID, State: store.State(c.State.Is), Code: digest,
		Modified: c.LastModified, Configuration: b,
	}, nil
}

func decodeVersion(v store.Version) (*deployed, error) {
	var d deployed
	if err := json.Unmarshal(v.Configuration, &d); err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: "The configuration of version " + versionName(v.Number) + " of function " + v.Name + " cannot be read.", Err: err}
	}
	d.Configuration.Version = versionName(v.Number)
	return &d, nil
}

// fingerprint is the digest of code and configuration: of what a version of c would
// be, but for its number and its history.
func (c Configuration) fingerprint() (string, error) {
	c.ARN, c.Version, c.LastModified, c.RevisionID, c.State, c.Update = "", "", time.Time{}, "", Status{}, Status{}
	c.Verified = nil
	b, err := json.Marshal(c)
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:]), err
}

// publish makes a version of r's $LATEST, as it is now. If nothing changed since the
// last one, it returns that. The version is Pending as long as r is underway. r is
// changed, and the caller writes it back.
func (s *Service) publish(tx store.FunctionTx, r *record, description *string) (v *deployed, err error) {
	fingerprint, err := r.Configuration.fingerprint()
	if err != nil {
		return nil, err
	}
	if fingerprint == r.LastPrint {
		row, err := tx.Version(r.LastVersion)
		switch {
		case err == nil && row.State != store.StateFailed:
			return decodeVersion(row)
		case err != nil && !errors.Is(err, store.ErrNoVersion):
			return nil, err
		}
	}
	r.LastVersion++
	r.LastPrint = fingerprint
	version := r.deployed
	c := &version.Configuration
	c.Version = versionName(r.LastVersion)
	c.RevisionID, c.LastModified = sandbox.NewRequestID(), s.config.Now().UTC()
	c.State, c.Update = Status{Is: Active}, Status{Is: Successful}
	if r.underway() {
		r.Publishing = r.LastVersion
		c.State, c.Update = creating(Pending), Status{}
	}
	set(&c.Description, description)
	row, err := versionRow(s.key(c.Name), r.LastVersion, &version)
	if err != nil {
		return nil, err
	}
	if err := tx.PutVersion(row); err != nil {
		return nil, err
	}
	return &version, nameLayers(tx, r.LastVersion, &version)
}

// settleVersion has the version that was published with r's deployment become what
// settle makes of it. One that was deleted stays so.
func (s *Service) settleVersion(tx store.FunctionTx, r *record, settle func(*record)) error {
	number := r.Publishing
	if number == 0 {
		return nil
	}
	r.Publishing = 0
	row, err := tx.Version(number)
	if errors.Is(err, store.ErrNoVersion) {
		return nil
	}
	if err != nil {
		return err
	}
	d, err := decodeVersion(row)
	if err != nil {
		return err
	}
	version := record{deployed: *d}
	settle(&version)
	if row, err = versionRow(row.FunctionKey, number, &version.deployed); err != nil {
		return err
	}
	return tx.PutVersion(row)
}
