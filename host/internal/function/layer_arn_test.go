package function

import (
	"regexp"
	"testing"
)

var (
	layerNameReference    = regexp.MustCompile(`^(?:` + LayerNameText + `)$`)
	layerVersionReference = regexp.MustCompile(`^(?:` + LayerVersionText + `)$`)
)

// FuzzLayerARN: what is read is what the patterns take that messages show, and comes
// back as it was, but for the partition and zeros.
func FuzzLayerARN(f *testing.F) {
	for _, seed := range []string{
		"", "l", "a:b", "arn:aws:lambda:us-east-1:000000000000:layer:l", "arn:aws:lambda:us-east-1:000000000000:layer:l:1",
		"arn:aws-cn:lambda:us-gov-west-1:000000000000:layer:l-_9:007", "arn::lambda:eusc-de-east-1:000000000000:layer:l:0",
		"arn:aws:lambda:us-east-1:000000000000:layer:l:99999999999999999999", "arn:aws:lambda:::awslayer:x", "arn:aws:lambda:us-east-1:0:layer:l:1\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, ok := ParseLayerName(text)
		if want := layerNameReference.MatchString(text) && len(text) <= MaxLayerName; ok != want {
			t.Errorf("%q is the name of a layer: %t, want %t", text, ok, want)
		}
		if ok && (!isName(name.Name) || (name.Region == "") != (name.Account == "") || name.Region != "" && len(name.Account) != 12) {
			t.Errorf("%q is read as %+v", text, name)
		}
		version, ok := ParseLayerVersion(text)
		if want := layerVersionReference.MatchString(text) && len(text) <= MaxLayerARN; isLayerVersion(text) != want {
			t.Errorf("%q is the ARN of a version: %t, want %t", text, !want, want)
		}
		if !ok {
			return
		}
		again, ok := ParseLayerVersion(version.String())
		if !ok || again != version || !isName(version.Name) || version.Version < 1 {
			t.Errorf("%q is read as %+v, and that as %+v", text, version, again)
		}
	})
}
