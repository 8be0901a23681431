package host

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// AccessKey is what somebody signs requests with. Who has one may do everything in
// its account; with one of a role, what the policies of the role allow.
type AccessKey struct {
	ID      string    // 20 characters
	Secret  string    // 40 characters; only of a key that was just created
	Account string    // 12 digits
	Role    string    // its name; "": the account itself
	Created time.Time // in UTC
}

// Access is the access keys of a directory.
type Access struct {
	service *auth.Service
	store   store.Store // to be closed; nil if it is the Host's
}

// OpenAccess opens the access keys in a directory that no Host is open in. Of
// config, Dir, Account, Region and Now count.
func OpenAccess(config Config) (*Access, error) {
	if config.Dir == "" {
		return nil, errors.New("host: Config.Dir is empty; it names the directory where everything is kept")
	}
	opened, err := store.Open(config.Dir, store.Config{Now: config.Now})
	if err != nil {
		return nil, err
	}
	service, err := openAccess(config, opened)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &Access{service, opened}, nil
}

func openAccess(config Config, s store.Store) (*auth.Service, error) {
	sealer, err := auth.OpenSealer(filepath.Join(config.Dir, "secret.key"), rand.Reader)
	if err != nil {
		return nil, err
	}
	return auth.New(auth.Config{
		Store: s, Sealer: sealer, Account: cmp.Or(config.Account, function.DefaultAccount),
		Region: cmp.Or(config.Region, function.DefaultRegion), Now: config.Now,
	})
}

// Access is the Host's access keys; it need not be closed.
func (h *Host) Access() *Access { return &Access{service: h.access} }

// Auth is the Host's access keys, roles and policies, as Service is its functions.
func (h *Host) Auth() *auth.Service { return h.access }

// Close releases what OpenAccess opened.
func (a *Access) Close() error {
	if a.store == nil {
		return nil
	}
	return a.store.Close()
}

// Create makes an access key for an account ("": that of the Config), or for a
// role of it, which must be there. Its Secret cannot be asked for again.
// Errors: CodeInvalidParameterValue, "NoSuchEntity" (the role),
// CodeServiceUnavailable.
func (a *Access) Create(ctx context.Context, account, role string) (AccessKey, error) {
	k, secret, err := a.service.CreateKey(ctx, account, role)
	if err != nil {
		return AccessKey{}, err
	}
	return AccessKey{k.ID, secret, k.Account, k.Role, k.Created}, nil
}

// List returns all access keys, sorted by id, without their secrets.
func (a *Access) List(ctx context.Context) ([]AccessKey, error) {
	keys, err := a.service.Keys(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]AccessKey, 0, len(keys))
	for _, k := range keys {
		all = append(all, AccessKey{k.ID, "", k.Account, k.Role, k.Created})
	}
	return all, nil
}

// Delete removes an access key; requests signed with it are refused from then on.
// Errors: CodeResourceNotFound.
func (a *Access) Delete(ctx context.Context, id string) error { return a.service.DeleteKey(ctx, id) }

// Credentials are what a client signs requests with.
type Credentials struct {
	AccessKeyID, SecretAccessKey string
	SessionToken                 string // of temporary ones
}

// Sign signs a request with its body as AWS's tools do, for a region and a service
// such as "lambda", at the time now.
func (c Credentials) Sign(r *http.Request, body []byte, region, service string, now time.Time) error {
	return sigv4.Sign(r, body, sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: c.SessionToken}, region, service, now)
}

// ErrInUse is the error of Open and OpenAccess when another process, or another
// Host of this one, uses the directory.
var ErrInUse = store.ErrLocked
