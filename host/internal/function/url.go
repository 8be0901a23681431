package function

import (
	"context"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// URLSettings are what a function URL is given. Members are AWS's; nil is one that
// was left out.
type URLSettings struct {
	AuthType   *string `json:",omitempty"` // NONE, AWS_IAM
	InvokeMode *string `json:",omitempty"` // BUFFERED, RESPONSE_STREAM
	Cors       *Cors   `json:",omitempty"`
}

// Cors is what browsers are told of a function URL.
type Cors struct {
	AllowCredentials *bool    `json:",omitempty"`
	AllowHeaders     []string `json:",omitempty"`
	AllowMethods     []string `json:",omitempty"`
	AllowOrigins     []string `json:",omitempty"`
	ExposeHeaders    []string `json:",omitempty"`
	MaxAge           *int     `json:",omitempty"` // seconds
}

// orNone is c, or nil if it says nothing.
func (c *Cors) orNone() *Cors {
	if c == nil || c.AllowCredentials == nil && c.MaxAge == nil &&
		len(c.AllowHeaders)+len(c.AllowMethods)+len(c.AllowOrigins)+len(c.ExposeHeaders) == 0 {
		return nil
	}
	return c
}

// URL is the configuration of a function URL.
type URL struct {
	URLSettings
	ID                string // the first label of its host name
	Created, Modified time.Time
	FunctionARN       string `json:"-"`
}

// CreateURL gives a function, or one of its aliases, a URL.
// Errors: ResourceNotFound, ResourceConflict (it has one).
func (s *Service) CreateURL(ctx context.Context, ref Ref, in URLSettings) (URL, error) {
	now := s.config.Now().UTC()
	in.Cors = in.Cors.orNone()
	u, err := attach(ctx, s, ref, kindURL, func(tx store.FunctionTx, before *URL) (*URL, error) {
		if err := exists(tx, ref.Qualifier); isAbsent(err) {
			return nil, errNoURLFunction
		} else if err != nil {
			return nil, err
		}
		if before != nil {
			return nil, fault.New(fault.ResourceConflict,
				"Failed to create function url config for [functionArn = %s]. Error message:  FunctionUrlConfig exists for this Lambda function", s.ARN(ref))
		}
		return &URL{URLSettings: in, ID: strings.ReplaceAll(sandbox.NewRequestID(), "-", ""), Created: now, Modified: now}, nil
	})
	s.urls.forget()
	return s.describeURL(u, ref), err
}

// URL returns a URL's configuration. Errors: ResourceNotFound.
func (s *Service) URL(ctx context.Context, ref Ref) (URL, error) {
	u, err := attached[URL](ctx, s, ref, kindURL)
	if err == nil && u == nil {
		err = errNoURL
	}
	return s.describeURL(u, ref), err
}

// UpdateURL changes what is given. Errors: ResourceNotFound.
func (s *Service) UpdateURL(ctx context.Context, ref Ref, in URLSettings) (URL, error) {
	if !isName(ref.Name) {
		return URL{}, errNoURL
	}
	now := s.config.Now().UTC()
	u, err := attach(ctx, s, ref, kindURL, func(_ store.FunctionTx, before *URL) (*URL, error) {
		if before == nil {
			return nil, errNoURL
		}
		after := *before
		take(&after.AuthType, in.AuthType)
		take(&after.InvokeMode, in.InvokeMode)
		take(&after.Cors, in.Cors)
		after.Cors = after.Cors.orNone() // that is how clients remove it
		after.Modified = now
		return &after, nil
	})
	return s.describeURL(u, ref), err
}

// DeleteURL removes a URL. Errors: ResourceNotFound.
func (s *Service) DeleteURL(ctx context.Context, ref Ref) error {
	if !isName(ref.Name) {
		return errNoURL
	}
	_, err := attach(ctx, s, ref, kindURL, func(_ store.FunctionTx, before *URL) (*URL, error) {
		if before == nil {
			return nil, errNoURL
		}
		return nil, nil
	})
	s.urls.forget()
	return err
}

// URLs lists those of a function and its aliases, after marker by qualifier; at
// most max, and MaxItems if max is 0 or more than that. next is the marker of what
// follows. Errors: ResourceNotFound.
func (s *Service) URLs(ctx context.Context, name, marker string, max int) (all []URL, next string, err error) {
	if err := s.present(ctx, Ref{Name: name}); isAbsent(err) {
		return nil, "", errNoURLFunction
	} else if err != nil {
		return nil, "", s.failure(ctx, Ref{Name: name}, err)
	}
	qualifiers, found, next, err := attachments[URL](ctx, s, name, kindURL, marker, max)
	if err != nil {
		return nil, "", err
	}
	all = make([]URL, len(found))
	for i, u := range found {
		all[i] = s.describeURL(u, Ref{name, qualifiers[i]})
	}
	return all, next, nil
}

var (
	errNoURL         = fault.New(fault.ResourceNotFound, "The resource you requested does not exist.")
	errNoURLFunction = fault.New(fault.ResourceNotFound, "Function does not exist")
)

func (s *Service) describeURL(u *URL, ref Ref) URL {
	if u == nil {
		return URL{}
	}
	out := *u
	out.FunctionARN = s.ARN(ref)
	return out
}
