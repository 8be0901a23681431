package function

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// LayerARN is the ARN of a layer or, with a Version, of a version of it.
type LayerARN struct {
	Region, Account, Name string
	Version               int64 // 0: of the layer
}

// Layer is the layer's ARN.
func (a LayerARN) Layer() string {
	return "arn:aws:lambda:" + a.Region + ":" + a.Account + ":layer:" + a.Name
}

// String is the ARN.
func (a LayerARN) String() string {
	if a.Version == 0 {
		return a.Layer()
	}
	return a.Layer() + ":" + strconv.FormatInt(a.Version, 10)
}

// Patterns of layers' ARNs, as AWS shows them when it refuses one. An awslayer is one
// of AWS's own; there are none here.
const (
	layerText        = `arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+`
	LayerNameText    = `(` + layerText + `)|[a-zA-Z0-9-_]+`
	LayerVersionText = `(` + layerText + `:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)`
)

// MaxLayerName and MaxLayerARN are the lengths of the longest name of a layer, which
// may be an ARN, and of the longest ARN of a version, in bytes.
const (
	MaxLayerName = 140
	MaxLayerARN  = 2048
)

var layerPattern = regexp.MustCompile(`^(?:` + layerText + `)$`)

// ParseLayerName reads the name of a layer, or its ARN. Of a name there is neither
// account nor region.
func ParseLayerName(text string) (LayerARN, bool) {
	switch {
	case text == "" || len(text) > MaxLayerName:
		return LayerARN{}, false
	case isName(text):
		return LayerARN{Name: text}, true
	case !layerPattern.MatchString(text):
		return LayerARN{}, false
	}
	fields := strings.Split(text, ":") // as many as in the pattern
	return LayerARN{Region: fields[3], Account: fields[4], Name: fields[6]}, true
}

// ParseLayerVersion reads the ARN of a version of a layer. A number that no version
// can have is read as one that none has.
func ParseLayerVersion(text string) (LayerARN, bool) {
	if len(text) > MaxLayerARN {
		return LayerARN{}, false
	}
	i := strings.LastIndexByte(text, ':')
	if i < 0 || !isNumber(text[i+1:]) || !layerPattern.MatchString(text[:i]) {
		return LayerARN{}, false
	}
	fields := strings.Split(text[:i], ":")
	a := LayerARN{Region: fields[3], Account: fields[4], Name: fields[6], Version: noVersion}
	if n, err := strconv.ParseInt(text[i+1:], 10, 64); err == nil && n > 0 {
		a.Version = n
	}
	return a, true
}

// noVersion is a number that no version gets.
const noVersion = 1<<63 - 1

var awsLayerPattern = regexp.MustCompile(`^arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+$`)

// isLayerVersion is LayerVersionText.
func isLayerVersion(text string) bool {
	if len(text) > MaxLayerARN {
		return false
	}
	_, ok := ParseLayerVersion(text)
	return ok || awsLayerPattern.MatchString(text)
}

// shownDigest is how AWS shows a digest.
func shownDigest(d store.Digest) string { return base64.StdEncoding.EncodeToString(d[:]) }
