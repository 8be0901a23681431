package function

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// Layer is a version of a layer that a function uses, as it was when the function got
// it: deleting it later changes nothing here.
type Layer struct {
	ARN        string
	CodeSize   int64  // bytes of the zip file
	CodeSHA256 string // base64, of the same
	Unzipped   int64  // bytes of its files
}

// digest returns that of the zip file.
func (l *Layer) digest() (d store.Digest, err error) {
	b, err := base64.StdEncoding.DecodeString(l.CodeSHA256)
	if err != nil || len(b) != len(d) {
		return d, fmt.Errorf("layer %s: its CodeSHA256 is %q, which is not the base64 of %d bytes", l.ARN, l.CodeSHA256, len(d))
	}
	copy(d[:], b)
	return d, nil
}

// layers refuses what cannot be the layers of a function. That they are too many is
// said by itself.
func (c *constraints) layers(arns []string) {
	if len(arns) > maxLayers || !slices.ContainsFunc(arns, func(arn string) bool { return !isLayerVersion(arn) }) {
		return
	}
	c.refuse("["+strings.Join(arns, ", ")+"]", "layers", "Member must satisfy constraint: [%s]", strings.Join([]string{
		fault.MostLength(MaxLayerARN), fault.LeastLength(1), fault.Matches(LayerVersionText), fault.NotNull,
	}, ", "))
}

// findLayers finds the layers that settings name, of this and of other accounts: who
// may use which is the API's to decide, before.
//
// Errors: InvalidParameterValue, ServiceUnavailable.
func (s *Service) findLayers(ctx context.Context, in *Settings) error {
	in.layers = nil
	seen := map[string]string{}
	var unzipped int64
	for _, text := range in.Layers {
		arn, ok := ParseLayerVersion(text)
		if !ok {
			return errNoLayerOf(text) // one of AWS's own
		}
		if arn.Region != s.config.Region {
			return invalid("Layers are not in the same region as the function. Layers are expected to be in region %s.", s.config.Region)
		}
		if other, twice := seen[arn.Layer()]; twice {
			return invalid("Two different versions of the same layer are not allowed to be referenced in the same function. %s and %s are versions of the same layer.", other, text)
		}
		seen[arn.Layer()] = text
		if text != arn.String() { // what policies do not know by that name
			return errNoLayerOf(text)
		}
		v, err := s.config.Store.LayerVersion(ctx, store.LayerKey{Account: arn.Account, Region: arn.Region, Name: arn.Name}, arn.Version)
		if errors.Is(err, store.ErrNoLayer) || errors.Is(err, store.ErrInvalid) {
			return errNoLayerOf(text)
		}
		if err != nil {
			return s.failure(ctx, Ref{}, err)
		}
		var r layerRecord
		if err := json.Unmarshal(v.Configuration, &r); err != nil {
			return &fault.Error{Code: fault.Service, Message: "Layer version " + text + " cannot be read.", Err: err}
		}
		unzipped += r.Unzipped
		in.layers = append(in.layers, Layer{ARN: text, CodeSize: r.CodeSize, CodeSHA256: shownDigest(v.Code), Unzipped: r.Unzipped})
	}
	if unzipped > sandbox.DefaultUnzipped {
		return invalid("Layers consume more than the available size of %d bytes", sandbox.DefaultUnzipped)
	}
	return nil
}

func errNoLayerOf(arn string) error { return invalid("Layer version %s does not exist.", arn) }

// checkSize refuses code that takes too much together with its layers.
func (c *Configuration) checkSize(code int64) error {
	all := code
	for _, l := range c.Layers {
		all += l.Unzipped
	}
	if len(c.Layers) > 0 && all > sandbox.DefaultUnzipped {
		return invalid("Function code combined with layers exceeds the maximum allowed size of %d bytes. The actual size is %d bytes.", sandbox.DefaultUnzipped, all)
	}
	return nil
}

// checkLayers refuses layers that the function's package cannot go with.
func (s *Service) checkLayers(ctx context.Context, c Configuration) error {
	select {
	case s.fetching <- struct{}{}:
		defer func() { <-s.fetching }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	d := deployed{Configuration: c}
	digest, err := d.digest()
	if err != nil {
		return s.failure(ctx, Ref{}, err)
	}
	code, err := s.config.Store.Code(ctx, digest)
	if err != nil {
		return s.failure(ctx, Ref{Name: c.Name}, err)
	}
	return s.checkPackage(ctx, code, sandbox.DefaultUnzipped, c)
}

// named is the code that must stay for a record, beside the package that its row
// names: the layers of what is described and, while an update is in progress, all of
// what answers, which comes back if the update fails.
func (r *record) named() ([]store.Digest, error) {
	named, err := r.layersUsed()
	if err != nil || r.Serving == nil {
		return named, err
	}
	layers, err := r.Serving.layersUsed()
	if err != nil {
		return nil, err
	}
	digest, err := r.Serving.digest()
	return append(append(named, layers...), digest), err
}

// nameLayers says which layers a new function, which has the number 0, or a new
// version uses.
func nameLayers(tx store.FunctionTx, number int64, d *deployed) error {
	used, err := d.layersUsed()
	if err != nil || len(used) == 0 {
		return err
	}
	return tx.NameCode(number, used)
}

func (d *deployed) layersUsed() (used []store.Digest, err error) {
	for i := range d.Configuration.Layers {
		digest, err := d.Configuration.Layers[i].digest()
		if err != nil {
			return nil, err
		}
		used = append(used, digest)
	}
	return used, nil
}
