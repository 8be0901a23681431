package store

import (
	"context"
	"fmt"
	"strings"
)

// Layers is the part of a Store that keeps layers. What is said of a Store's methods
// goes for these.
type Layers interface {
	// PublishLayer adds a version to a layer, which need not be there yet: v with the
	// next number, which it returns. No number is given twice, also after versions
	// were deleted. The code that v names must be there.
	// Errors: ErrNoCode, ErrInvalid.
	PublishLayer(ctx context.Context, v LayerVersion) (number int64, err error)

	// LayerVersion returns one version. Errors: ErrNoLayer.
	LayerVersion(ctx context.Context, key LayerKey, number int64) (LayerVersion, error)

	// UpdateLayerVersion is to versions of layers what UpdateFunction is to functions;
	// neither code nor number may be altered. Errors: ErrNoLayer, ErrInvalid.
	UpdateLayerVersion(ctx context.Context, key LayerKey, number int64, change func(*LayerVersion) error) (LayerVersion, error)

	// DeleteLayerVersion removes a version; functions that name its code keep that.
	// Errors: ErrNoLayer.
	DeleteLayerVersion(ctx context.Context, key LayerKey, number int64) error

	// LayerVersions lists the versions of a layer with lower numbers than before, or
	// all if that is 0, the highest first: those that are for what is asked for; at
	// most limit, which is 1 to MaxPage. Errors: ErrInvalid.
	LayerVersions(ctx context.Context, key LayerKey, before int64, compatible Compatible, limit int) ([]LayerVersion, error)

	// Layers lists the layers of after's account and region whose names follow
	// after.Name, in the byte order of names: of each the highest version that is for
	// what is asked for, if it has one; at most limit, which is 1 to MaxPage.
	// Errors: ErrInvalid.
	Layers(ctx context.Context, after LayerKey, compatible Compatible, limit int) ([]LayerVersion, error)
}

// LayerKey says which layer is meant. Keys are ordered as a FunctionKey's are.
type LayerKey struct {
	Account string // 1 to 140 bytes of UTF-8 without NUL
	Region  string // the same
	Name    string // the same
}

func (k LayerKey) String() string { return k.Account + ":" + k.Region + ":" + k.Name }

// LayerVersion is a version of a layer as stored.
type LayerVersion struct {
	LayerKey
	Number        int64    // 1 or more
	Code          Digest   // of the zip file
	Runtimes      []string // it is for, at most MaxCompatible: 1 to 140 bytes of UTF-8 without NUL and comma each
	Architectures []string // the same
	Configuration []byte   // what the service makes of it; at most MaxConfiguration bytes
	Policy        []byte   // empty: there is none; the same
	Revision      string   // of the policy; 1 to 140 bytes of UTF-8 without NUL
}

// Compatible narrows a list of layers to what is for a runtime and for an
// architecture, each unless it is "".
type Compatible struct{ Runtime, Architecture string }

// MaxCompatible is how many runtimes, or architectures, a layer may be for.
const MaxCompatible = 64

// Check returns ErrInvalid if no store can keep v.
func (v LayerVersion) Check() error {
	if v.Number < 1 {
		return fmt.Errorf("%w: layer's version is %d, allowed are 1 and more", ErrInvalid, v.Number)
	}
	for _, text := range []struct{ field, value string }{
		{"account", v.Account}, {"region", v.Region}, {"name", v.Name}, {"revision", v.Revision},
	} {
		if err := checkText("layer's "+text.field, text.value); err != nil {
			return err
		}
	}
	for field, list := range map[string][]string{"runtimes": v.Runtimes, "architectures": v.Architectures} {
		if n := len(list); n > MaxCompatible {
			return fmt.Errorf("%w: layer has %d %s, allowed are %d", ErrInvalid, n, field, MaxCompatible)
		}
		for _, value := range list {
			if err := checkText("one of the layer's "+field, value); err != nil {
				return err
			}
			if strings.Contains(value, ",") {
				return fmt.Errorf("%w: one of the layer's %s is %q, which has a comma", ErrInvalid, field, value)
			}
		}
	}
	for field, b := range map[string][]byte{"configuration": v.Configuration, "policy": v.Policy} {
		if n := len(b); n > MaxConfiguration {
			return fmt.Errorf("%w: layer's %s has %d bytes, allowed are %d", ErrInvalid, field, n, MaxConfiguration)
		}
	}
	return nil
}

// listed writes a list with a comma before and after each value.
func listed(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return "," + strings.Join(values, ",") + ","
}

// unlisted reads what listed wrote.
func unlisted(text string) []string {
	if text = strings.Trim(text, ","); text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
