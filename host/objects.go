package host

import (
	"cmp"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/bucket"
)

// open prepares to ask the store of objects; nil if there is none.
func (o Objects) open(config *Config) (*bucket.Store, error) {
	if o.Endpoint == "" {
		return nil, nil
	}
	return bucket.Open(bucket.Config{
		Endpoint:    o.Endpoint,
		Region:      cmp.Or(o.Region, config.Region),
		Credentials: sigv4.Credentials{AccessKeyID: o.AccessKeyID, SecretAccessKey: o.SecretAccessKey},
		Now:         config.Now,
	})
}
