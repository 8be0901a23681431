package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// LayerVersion is a version of a layer as AWS describes it.
type LayerVersion struct {
	Name, LayerARN, ARN  string
	Version              int64
	Description, License string
	Runtimes             []string // that it is for
	Architectures        []string
	Created              time.Time
	CodeSHA256           string // base64
	CodeSize             int64
	CodeDigest           string // names the zip file for Service.Code
}

// PublishLayerInput is what PublishLayerVersion takes.
type PublishLayerInput struct {
	Name                    string
	Zip                     []byte
	Object                  *Object // where the zip file is, instead of Zip
	Description, License    *string
	Runtimes, Architectures []string
}

// Compatible narrows lists of layers: see store.Compatible.
type Compatible = store.Compatible

// LayerPage is a part of a list. Next is the marker of the part after it, "" at the
// end.
type LayerPage struct {
	Layers []LayerVersion
	Next   string
}

const (
	maxLicense, maxCompatibleRuntimes, maxCompatibleArchitectures = 512, 15, 2
)

// layerRecord is a version of a layer as the store keeps it; names of fields stay.
type layerRecord struct {
	Description, License string
	Created              time.Time
	CodeSize, Unzipped   int64
}

var errNoLayer = fault.New(fault.ResourceNotFound, "The resource you requested does not exist.")

// PublishLayer makes the next version of a layer, which need not be there yet, of a
// zip file: the checks are those of deployment packages.
//
// Errors: Validation, InvalidParameterValue, RequestEntityTooLarge,
// CodeStorageExceeded, ServiceUnavailable.
func (s *Service) PublishLayer(ctx context.Context, in PublishLayerInput) (LayerVersion, error) {
	if err := s.taking(); err != nil {
		return LayerVersion{}, err
	}
	if err := in.check(); err != nil {
		return LayerVersion{}, err
	}
	if err := s.fetch(ctx, in.Object, &in.Zip); err != nil {
		return LayerVersion{}, err
	}
	unzipped, err := s.checkLayer(ctx, in.Zip, in.Object.limit())
	if err != nil {
		return LayerVersion{}, err
	}
	r := layerRecord{Created: s.config.Now().UTC(), CodeSize: int64(len(in.Zip)), Unzipped: unzipped}
	set(&r.Description, in.Description)
	set(&r.License, in.License)
	content, err := json.Marshal(r)
	if err != nil {
		return LayerVersion{}, s.failure(ctx, Ref{}, err)
	}
	stored, err := s.makeRoom(ctx, r.CodeSize)
	if err != nil {
		return LayerVersion{}, err
	}
	defer stored()
	digest, err := s.config.Store.PutCode(ctx, in.Zip)
	if err != nil {
		return LayerVersion{}, s.failure(ctx, Ref{}, err)
	}
	v := store.LayerVersion{
		LayerKey: s.layerKey(in.Name), Code: digest, Runtimes: in.Runtimes, Architectures: in.Architectures,
		Configuration: content, Revision: sandbox.NewRequestID(),
	}
	if v.Number, err = s.config.Store.PublishLayer(ctx, v); err != nil {
		return LayerVersion{}, s.failure(ctx, Ref{}, err)
	}
	return describeLayer(v)
}

// check refuses what no layer can be.
func (in *PublishLayerInput) check() error {
	var c constraints
	c.length(in.Description, "description", 0, maxDescription)
	c.length(in.License, "licenseInfo", 0, maxLicense)
	show := func(list []string) string { return "[" + strings.Join(list, ", ") + "]" }
	if len(in.Runtimes) > maxCompatibleRuntimes {
		c.refuse(show(in.Runtimes), "compatibleRuntimes", fault.MostLength(maxCompatibleRuntimes))
	}
	if slices.ContainsFunc(in.Runtimes, func(name string) bool { return !isRuntime(name) }) {
		c.refuse(show(in.Runtimes), "compatibleRuntimes", fault.OneOf(runtimes))
	}
	if len(in.Architectures) > maxCompatibleArchitectures {
		c.refuse(show(in.Architectures), "compatibleArchitectures", fault.MostLength(maxCompatibleArchitectures))
	}
	if slices.ContainsFunc(in.Architectures, func(name string) bool { return !slices.Contains(architectures, name) }) {
		c.refuse(show(in.Architectures), "compatibleArchitectures", "Member must satisfy constraint: [%s]", fault.OneOf(architectures))
	}
	return c.err()
}

// architectures are those that a layer can be for.
var architectures = []string{"x86_64", "arm64"}

// checkLayer refuses a zip file that is no layer, and returns how many bytes come
// out of it. most is how many it may have itself.
func (s *Service) checkLayer(ctx context.Context, zip []byte, most int) (unzipped int64, err error) {
	select {
	case s.checking <- struct{}{}:
		defer func() { <-s.checking }()
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	switch {
	case len(zip) == 0:
		return 0, invalid("Uploaded file must be a non-empty zip")
	case len(zip) > most:
		return 0, errZipped(most)
	}
	layer, err := sandbox.ReadLayer(zip, sandbox.PackageLimits{Zipped: int64(most)})
	if err != nil {
		return 0, refusedZip("be a layer", err)
	}
	if err := sandbox.CheckFiles(nil, layer.Files); err != nil { // what one function alone cannot have
		return 0, invalid("The zip file cannot be a layer: %s", reason(err))
	}
	return layer.Unzipped, nil
}

// LayerVersion describes one. Errors: ResourceNotFound, InvalidParameterValue.
func (s *Service) LayerVersion(ctx context.Context, name string, version int64) (LayerVersion, error) {
	if version < 1 {
		return LayerVersion{}, errLayerNumber
	}
	v, err := s.config.Store.LayerVersion(ctx, s.layerKey(name), version)
	if errors.Is(err, store.ErrNoLayer) {
		return LayerVersion{}, errNoLayer
	}
	if err != nil {
		return LayerVersion{}, s.failure(ctx, Ref{}, err)
	}
	return describeLayer(v)
}

var errLayerNumber = invalid("Layer Version Cannot be less than 1.")

// DeleteLayerVersion removes one. Functions that use it go on doing so. One that is
// not there is removed without an error, as on AWS Lambda.
// Errors: InvalidParameterValue.
func (s *Service) DeleteLayerVersion(ctx context.Context, name string, version int64) error {
	if version < 1 {
		return errLayerNumber
	}
	err := s.config.Store.DeleteLayerVersion(ctx, s.layerKey(name), version)
	if errors.Is(err, store.ErrNoLayer) {
		return nil
	}
	return s.failure(ctx, Ref{}, err)
}

// LayerVersions lists the versions of a layer after marker, the last one first, at
// most max of them; 0 means MaxItems, and so does more. A layer that is not there
// has none. Errors: Validation, InvalidParameterValue (a marker that no page had).
func (s *Service) LayerVersions(ctx context.Context, name string, compatible Compatible, marker string, max int) (LayerPage, error) {
	if err := checkCompatible(compatible); err != nil {
		return LayerPage{}, err
	}
	before, ok := parseVersion(marker)
	if marker != "" && !ok {
		return LayerPage{}, invalid("Marker is %.80q, which is no NextMarker of an answer.", marker)
	}
	return s.layerPage(ctx, max, func(limit int) ([]store.LayerVersion, error) {
		return s.config.Store.LayerVersions(ctx, s.layerKey(name), before, compatible, limit)
	}, func(v store.LayerVersion) string { return versionName(v.Number) })
}

// Layers lists the layers after marker by name, each with its last version, as
// LayerVersions does.
func (s *Service) Layers(ctx context.Context, compatible Compatible, marker string, max int) (LayerPage, error) {
	if err := checkCompatible(compatible); err != nil {
		return LayerPage{}, err
	}
	return s.layerPage(ctx, max, func(limit int) ([]store.LayerVersion, error) {
		return s.config.Store.Layers(ctx, s.layerKey(marker), compatible, limit)
	}, func(v store.LayerVersion) string { return v.Name })
}

func (s *Service) layerPage(ctx context.Context, max int, list func(limit int) ([]store.LayerVersion, error), marker func(store.LayerVersion) string) (LayerPage, error) {
	if max < 1 || max > MaxItems {
		max = MaxItems
	}
	rows, err := list(max + 1)
	if err != nil {
		return LayerPage{}, s.failure(ctx, Ref{}, err)
	}
	page := LayerPage{Layers: []LayerVersion{}}
	for i, row := range rows {
		if i == max {
			page.Next = marker(rows[i-1])
			break
		}
		v, err := describeLayer(row)
		if err != nil {
			return LayerPage{}, err
		}
		page.Layers = append(page.Layers, v)
	}
	return page, nil
}

func checkCompatible(c Compatible) error {
	var bad constraints
	if c.Runtime != "" && !slices.Contains(layerRuntimes, c.Runtime) && !isRuntime(c.Runtime) {
		bad.refuse(c.Runtime, "compatibleRuntime", fault.OneOf(layerRuntimes))
	}
	if c.Architecture != "" {
		bad.oneOf(&c.Architecture, "compatibleArchitecture", architectures...)
	}
	return bad.err()
}

func (s *Service) layerKey(name string) store.LayerKey {
	return store.LayerKey{Account: s.config.Account, Region: s.config.Region, Name: name}
}

// layersSize adds up the zip files of the versions of all layers.
func (s *Service) layersSize(ctx context.Context) (bytes int64, err error) {
	for after := s.layerKey(""); ; {
		layers, err := s.config.Store.Layers(ctx, after, store.Compatible{}, store.MaxPage)
		if err != nil {
			return 0, s.failure(ctx, Ref{}, err)
		}
		for _, layer := range layers {
			after = layer.LayerKey
			for before := int64(0); ; {
				versions, err := s.config.Store.LayerVersions(ctx, after, before, store.Compatible{}, store.MaxPage)
				if err != nil {
					return 0, s.failure(ctx, Ref{}, err)
				}
				for _, v := range versions {
					described, err := describeLayer(v)
					if err != nil {
						return 0, err
					}
					bytes, before = bytes+described.CodeSize, v.Number
				}
				if len(versions) < store.MaxPage {
					break
				}
			}
		}
		if len(layers) < store.MaxPage {
			return bytes, nil
		}
	}
}

func describeLayer(v store.LayerVersion) (LayerVersion, error) {
	var r layerRecord
	if err := json.Unmarshal(v.Configuration, &r); err != nil {
		return LayerVersion{}, &fault.Error{Code: fault.Service, Message: fmt.Sprintf("Version %d of layer %s cannot be read.", v.Number, v.Name), Err: err}
	}
	arn := LayerARN{Region: v.Region, Account: v.Account, Name: v.Name, Version: v.Number}
	return LayerVersion{
		Name: v.Name, LayerARN: arn.Layer(), ARN: arn.String(), Version: v.Number,
		Description: r.Description, License: r.License, Runtimes: v.Runtimes, Architectures: v.Architectures,
		Created: r.Created, CodeSize: r.CodeSize, CodeSHA256: shownDigest(v.Code), CodeDigest: v.Code.String(),
	}, nil
}
