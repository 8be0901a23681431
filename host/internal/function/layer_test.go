package function_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// publishLayer publishes a layer that must be accepted.
func publishLayer(t testing.TB, s *function.Service, name string, files ...string) function.LayerVersion {
	t.Helper()
	v, err := s.PublishLayer(t.Context(), function.PublishLayerInput{Name: name, Zip: pack(t, files...)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// layered creates a function that reads what layers hold, and waits for it.
func layered(t testing.TB, s *function.Service, name string, layers ...string) function.Configuration {
	t.Helper()
	in := settings()
	in.Layers = layers
	if _, err := s.Create(t.Context(), function.CreateInput{Name: name, Zip: packGuest(t, "opt"), Settings: in}); err != nil {
		t.Fatal(err)
	}
	return settle(t, s, name)
}

// opt asks a function, or a version of it, for files below /opt.
func opt(t testing.TB, s *function.Service, ref function.Ref, files string) map[string]any {
	t.Helper()
	out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref, Event: []byte(`"` + files + `"`)})
	if err != nil || out.Failed {
		t.Fatalf("%s: %v, %s", ref.Name, err, out.Payload)
	}
	var answer map[string]any
	if err := json.Unmarshal(out.Payload, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func setLayers(t testing.TB, s *function.Service, name string, layers ...string) {
	t.Helper()
	_, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: name}, Settings: function.Settings{Layers: append([]string{}, layers...)}})
	if err != nil {
		t.Fatal(err)
	}
	if c := settle(t, s, name); c.Update.Is != function.Successful {
		t.Fatalf("%+v", c.Update)
	}
}

// TestLayerLife follows layers through functions, versions, deletion and a restart.
func TestLayerLife(t *testing.T) {
	dir := t.TempDir()
	st := openStore(t, dir)
	s := newService(t, function.Config{Store: st})
	one := publishLayer(t, s, "deps", "a.txt", "one", "only.txt", "one", "init.txt", "one")
	two := publishLayer(t, s, "deps", "a.txt", "two", "init.txt", "two")
	over := publishLayer(t, s, "over", "a.txt", "over")
	if one.Version != 1 || two.Version != 2 || two.ARN != "arn:aws:lambda:us-east-1:000000000000:layer:deps:2" || two.LayerARN != strings.TrimSuffix(two.ARN, ":2") {
		t.Errorf("published %+v and %+v", one, two)
	}
	c := layered(t, s, "f", one.ARN, over.ARN)
	if len(c.Layers) != 2 || c.Layers[0].ARN != one.ARN || c.Layers[0].CodeSize != one.CodeSize || c.Layers[1].ARN != over.ARN {
		t.Errorf("layers are %+v", c.Layers)
	}
	latest, first := function.Ref{Name: "f"}, function.Ref{Name: "f", Qualifier: "1"}
	look := func(what string, ref function.Ref, want map[string]any) {
		t.Helper()
		got := opt(t, s, ref, "a.txt only.txt")
		for name, want := range want {
			if got[name] != want {
				t.Errorf("%s: %s is %v, want %v", what, name, got[name], want)
			}
		}
	}
	ones := map[string]any{"a.txt": "over", "only.txt": "one", "init": "one", "write": -69.0, "unlink": -69.0, "mkdir": -69.0}
	twos := map[string]any{"a.txt": "two", "only.txt": -44.0, "init": "two"}
	look("created", latest, ones)
	if _, err := s.Publish(t.Context(), function.PublishInput{Ref: latest}); err != nil {
		t.Fatal(err)
	}
	setLayers(t, s, "f", over.ARN, two.ARN)
	look("updated", latest, twos)
	look("a version from before", first, ones)

	for _, v := range []function.LayerVersion{one, two, over} {
		for range 2 { // the second time it is gone
			if err := s.DeleteLayerVersion(t.Context(), v.Name, v.Version); err != nil {
				t.Fatal(err)
			}
		}
		_, err := s.LayerVersion(t.Context(), v.Name, v.Version)
		wantFault(t, "a deleted layer", err, fault.ResourceNotFound, "The resource you requested does not exist.")
	}
	look("deleted", latest, twos)
	look("a version of deleted", first, ones)
	closeNow(t, s)
	s = newService(t, function.Config{Store: st})
	look("started again", latest, twos)
	look("a version started again", first, ones)

	// Code that is sent later goes with the layers that are there.
	if _, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: latest, Zip: pack(t, "bootstrap", string(guest(t, "opt")), "more", "")}); err != nil {
		t.Fatal(err)
	}
	settle(t, s, "f")
	look("with other code", latest, twos)
	in := function.UpdateConfigurationInput{Ref: latest, Settings: function.Settings{Layers: []string{two.ARN}}}
	_, err := s.UpdateConfiguration(t.Context(), in)
	wantFault(t, "a deleted layer", err, fault.InvalidParameterValue, "Layer version "+two.ARN+" does not exist.")
	setLayers(t, s, "f")
	if c := settle(t, s, "f"); c.Layers != nil {
		t.Errorf("without layers: %+v", c.Layers)
	}
	look("without layers", latest, map[string]any{"a.txt": -44.0, "list": ""})
	if v := publishLayer(t, s, "deps", "a", ""); v.Version != 3 {
		t.Errorf("after versions 1 and 2 were deleted came %d", v.Version)
	}
}

// TestSameCodeOtherLayers: two functions with the same name in a row, and two beside
// each other, with the same code and settings share no image if their layers differ,
// and one of which the layers are the same to the last byte finds it.
func TestSameCodeOtherLayers(t *testing.T) {
	images := newCountingImages(t)
	s := newService(t, function.Config{Images: images})
	one, two := publishLayer(t, s, "l", "init.txt", "one"), publishLayer(t, s, "l", "init.txt", "two")
	again := publishLayer(t, s, "l", "init.txt", "one")
	if again.CodeSHA256 != one.CodeSHA256 {
		t.Fatal("the same files do not make the same zip file")
	}
	for _, c := range []struct {
		arn, want string
		kept      int64
	}{{one.ARN, "one", 1}, {two.ARN, "two", 2}, {again.ARN, "one", 2}} {
		layered(t, s, "f", c.arn)
		if got := opt(t, s, function.Ref{Name: "f"}, "")["init"]; got != c.want {
			t.Errorf("%s: the init phase saw %v, want %s", c.arn, got, c.want)
		}
		if n := images.written.Load(); n != c.kept {
			t.Errorf("%s: %d images were kept, want %d", c.arn, n, c.kept)
		}
		if err := s.Delete(t.Context(), function.Ref{Name: "f"}); err != nil {
			t.Fatal(err)
		}
	}
	layered(t, s, "f", one.ARN)
	layered(t, s, "g", two.ARN)
	for name, want := range map[string]string{"f": "one", "g": "two"} {
		if got := opt(t, s, function.Ref{Name: name}, "")["init"]; got != want {
			t.Errorf("%s: the init phase saw %v, want %s", name, got, want)
		}
	}
}

// TestLayersAreReadOnce: functions have a layer's content in common, and starting one
// whose record says what is in it reads none.
func TestLayersAreReadOnce(t *testing.T) {
	st := &shaky{Store: openStore(t, t.TempDir())}
	s := newService(t, function.Config{Store: st, Images: newCountingImages(t)})
	many := []string{"big.txt", strings.Repeat("x", 50_000)}
	for i := range 100 { // more than a record lists
		many = append(many, fmt.Sprintf("d/%d", i), "")
	}
	for name, files := range map[string][]string{"few": {"big.txt", strings.Repeat("x", 50_000)}, "many": many} {
		arn := publishLayer(t, s, name, files...).ARN
		for i := range 3 {
			layered(t, s, fmt.Sprintf("%s%d", name, i), arn)
		}
		before := st.loads.Load()
		for i := range 3 {
			got := opt(t, s, function.Ref{Name: fmt.Sprintf("%s%d", name, i)}, "big.txt")["big.txt"]
			if got != strings.Repeat("x", 50_000) {
				t.Errorf("%s%d read %.20v…", name, i, got)
			}
		}
		if n := st.loads.Load() - before; n > 1 {
			t.Errorf("%s: three functions read the layer %d times", name, n)
		}
	}
}

func TestPublishLayerRefused(t *testing.T) {
	s := newService(t, function.Config{})
	long := ptr(strings.Repeat("x", 600))
	for name, c := range map[string]struct {
		in   function.PublishLayerInput
		code fault.Code
		want string
	}{
		"nothing":  {function.PublishLayerInput{}, fault.InvalidParameterValue, "Uploaded file must be a non-empty zip"},
		"no zip":   {function.PublishLayerInput{Zip: []byte("PK")}, fault.InvalidParameterValue, "Could not unzip uploaded file. Please check your file, then try to upload again."},
		"outside":  {function.PublishLayerInput{Zip: pack(t, "../a", "")}, fault.InvalidParameterValue, "The zip file cannot be a layer: invalid package: \"../a\" leads out of the package"},
		"a name":   {function.PublishLayerInput{Zip: pack(t, strings.Repeat("n", 300), "")}, fault.InvalidParameterValue, "The zip file cannot be a layer: "},
		"S3":       {function.PublishLayerInput{Object: &function.Object{Bucket: "b", Key: "k"}}, fault.InvalidParameterValue, "no store of objects"},
		"texts":    {function.PublishLayerInput{Description: long, License: long}, fault.Validation, "2 validation errors detected: "},
		"runtimes": {function.PublishLayerInput{Runtimes: []string{"a", "b"}, Architectures: []string{"c"}}, fault.Validation, "2 validation errors detected: Value '[a, b]' at 'compatibleRuntimes' failed to satisfy constraint: Member must satisfy enum value set: [nodejs20.x, "},
		"architectures": {function.PublishLayerInput{Architectures: []string{"c"}}, fault.Validation,
			"1 validation error detected: Value '[c]' at 'compatibleArchitectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64]]"},
		"many": {function.PublishLayerInput{Runtimes: make([]string, 16)}, fault.Validation, "Member must have length less than or equal to 15"},
	} {
		c.in.Name = "l"
		_, err := s.PublishLayer(t.Context(), c.in)
		wantFault(t, name, err, c.code, c.want)
	}
	if v := publishLayer(t, s, "l", "a", ""); v.Version != 1 {
		t.Errorf("what was refused took numbers: %d", v.Version)
	}
}

func TestLayersOfFunctionRefused(t *testing.T) {
	s := newService(t, function.Config{})
	v1, v2 := publishLayer(t, s, "l", "a", ""), publishLayer(t, s, "l", "b", "")
	big := publishLayer(t, s, "big", "zeros", strings.Repeat("\x00", 200<<20))
	bigger := publishLayer(t, s, "bigger", "zeros", strings.Repeat("\x00", 100<<20))
	create(t, s, "f", packGuest(t, "opt"))
	settle(t, s, "f")
	large := pack(t, "bootstrap", string(guest(t, "opt")), "zeros", strings.Repeat("\x00", 100<<20))
	pattern := "failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: (arn:(aws"
	for name, c := range map[string]struct {
		layers []string
		zip    []byte
		code   fault.Code
		want   string
	}{
		"no ARN":  {[]string{v1.ARN, "l:1"}, nil, fault.Validation, "1 validation error detected: Value '[" + v1.ARN + ", l:1]' at 'layers' " + pattern},
		"a layer": {[]string{v1.LayerARN}, nil, fault.Validation, pattern},
		"region":  {[]string{strings.Replace(v1.ARN, "us-east-1", "eu-west-1", 1)}, nil, fault.InvalidParameterValue, "Layers are not in the same region as the function. Layers are expected to be in region us-east-1."},
		"unknown": {[]string{"arn:aws:lambda:us-east-1:000000000000:layer:l:99999999999999999999"}, nil, fault.InvalidParameterValue, "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:99999999999999999999 does not exist."},
		"zeros":   {[]string{v1.LayerARN + ":01"}, nil, fault.InvalidParameterValue, "Layer version " + v1.LayerARN + ":01 does not exist."},
		"of AWS":  {[]string{"arn:aws:lambda:::awslayer:x"}, nil, fault.InvalidParameterValue, "does not exist"},
		"other":   {[]string{strings.Replace(v1.ARN, "000000000000", "111111111111", 1)}, nil, fault.InvalidParameterValue, "does not exist"},
		"twice":   {[]string{v1.ARN, v2.ARN}, nil, fault.InvalidParameterValue, "Two different versions of the same layer are not allowed to be referenced in the same function. " + v1.ARN + " and " + v2.ARN + " are versions of the same layer."},
		"six":     {[]string{v1.ARN, v1.ARN, v1.ARN, v1.ARN, v1.ARN, v1.ARN}, nil, fault.InvalidParameterValue, "Cannot reference more than 5 layers."},
		"size":    {[]string{big.ARN, bigger.ARN}, nil, fault.InvalidParameterValue, "Layers consume more than the available size of 262144000 bytes"},
		"code":    {[]string{big.ARN}, large, fault.InvalidParameterValue, "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is "},
	} {
		in := settings()
		in.Layers = c.layers
		zip := c.zip
		if zip == nil {
			zip = packGuest(t, "opt")
		}
		_, err := s.Create(t.Context(), function.CreateInput{Name: "new", Zip: zip, Settings: in})
		wantFault(t, name+": create", err, c.code, c.want)
		if c.zip == nil {
			_, err = s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "f"}, Settings: function.Settings{Layers: c.layers}})
			wantFault(t, name+": update", err, c.code, c.want)
		}
	}
	_, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "none"}, Settings: function.Settings{Layers: []string{v1.LayerARN + ":9"}}})
	wantFault(t, "neither function nor layer", err, fault.ResourceNotFound, "Function not found")
	setLayers(t, s, "f", big.ARN)
	_, err = s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: large})
	wantFault(t, "code that is too large with its layers", err, fault.InvalidParameterValue, "Function code combined with layers exceeds")
	if _, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: packGuest(t, "opt")}); err != nil {
		t.Error(err)
	}
	settle(t, s, "f")
	create(t, s, "g", large)
	settle(t, s, "g")
	_, err = s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "g"}, Settings: function.Settings{Layers: []string{big.ARN}}})
	wantFault(t, "layers that are too large with the code", err, fault.InvalidParameterValue, "Function code combined with layers exceeds")
}

func TestLayerPages(t *testing.T) {
	s := newService(t, function.Config{})
	zip := pack(t, "a", "")
	for i, name := range []string{"a", "a", "a", "b", "c"} {
		in := function.PublishLayerInput{Name: name, Zip: zip, Description: ptr(fmt.Sprint(i)), License: ptr("MIT"), Architectures: []string{"arm64"}}
		if i%2 == 0 {
			in.Runtimes = []string{"python3.12"}
		}
		if _, err := s.PublishLayer(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	python := function.Compatible{Runtime: "python3.12"}
	for _, c := range []struct {
		list func(marker string) (function.LayerPage, error)
		want string
	}{
		{func(m string) (function.LayerPage, error) { return s.Layers(t.Context(), function.Compatible{}, m, 2) }, "a:3 b:1 c:1"},
		{func(m string) (function.LayerPage, error) { return s.Layers(t.Context(), python, m, 1) }, "a:3 c:1"},
		{func(m string) (function.LayerPage, error) {
			return s.LayerVersions(t.Context(), "a", function.Compatible{Architecture: "arm64"}, m, 2)
		}, "a:3 a:2 a:1"},
		{func(m string) (function.LayerPage, error) { return s.LayerVersions(t.Context(), "a", python, m, 1) }, "a:3 a:1"},
		{func(m string) (function.LayerPage, error) {
			return s.LayerVersions(t.Context(), "none", function.Compatible{}, m, 0)
		}, ""},
	} {
		var got []string
		for marker := ""; ; {
			page, err := c.list(marker)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Layers {
				got = append(got, fmt.Sprintf("%s:%d", v.Name, v.Version))
			}
			if marker = page.Next; marker == "" {
				break
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("listed %s, want %s", got, c.want)
		}
	}
	_, err := s.Layers(t.Context(), function.Compatible{Runtime: "x", Architecture: "y"}, "", 0)
	wantFault(t, "a filter", err, fault.Validation, "2 validation errors detected: Value 'x' at 'compatibleRuntime' failed to satisfy constraint: Member must satisfy enum value set: [ruby2.6, ")
	_, err = s.LayerVersions(t.Context(), "a", function.Compatible{}, "x", 0)
	wantFault(t, "a marker", err, fault.InvalidParameterValue, "Marker")
	got, err := s.LayerVersion(t.Context(), "b", 1)
	if err != nil || got.Description != "3" || got.License != "MIT" || got.Runtimes != nil || !reflect.DeepEqual(got.Architectures, []string{"arm64"}) || got.CodeSize != int64(len(zip)) {
		t.Errorf("got %+v, %v", got, err)
	}
	if code, err := s.Code(t.Context(), got.CodeDigest); err != nil || !bytes.Equal(code, zip) {
		t.Errorf("its code is %d bytes, %v", len(code), err)
	}
	_, err = s.LayerVersion(t.Context(), "b", 0)
	wantFault(t, "version 0", err, fault.InvalidParameterValue, "Layer Version Cannot be less than 1")
}

// TestSweepKeepsLayers: what a function uses stays when the layer was deleted, and
// goes with the last function.
func TestSweepKeepsLayers(t *testing.T) {
	sweeper := &sweepable{}
	s := newService(t, function.Config{Store: sweeper.open(t)})
	v := publishLayer(t, s, "l", "a.txt", "text")
	layered(t, s, "f", v.ARN)
	if err := s.DeleteLayerVersion(t.Context(), "l", 1); err != nil {
		t.Fatal(err)
	}
	digest, err := store.ParseDigest(v.CodeDigest)
	if err != nil {
		t.Fatal(err)
	}
	if sweeper.sweep(t); !sweeper.has(t, digest) {
		t.Error("a layer that is in use was removed")
	}
	if _, err := s.Publish(t.Context(), function.PublishInput{Ref: function.Ref{Name: "f"}}); err != nil {
		t.Fatal(err)
	}
	setLayers(t, s, "f")
	if sweeper.sweep(t); !sweeper.has(t, digest) {
		t.Error("a layer that a version uses was removed")
	}
	if err := s.Delete(t.Context(), function.Ref{Name: "f", Qualifier: "1"}); err != nil {
		t.Fatal(err)
	}
	if sweeper.sweep(t); sweeper.has(t, digest) {
		t.Error("a layer that nothing uses is still there")
	}
}

// TestLayersTakeStorage: versions of layers count as packages do, until they are
// deleted.
func TestLayersTakeStorage(t *testing.T) {
	zip := pack(t, "a", "")
	s := newService(t, function.Config{CodeStorage: 2 * int64(len(zip))})
	in := function.PublishLayerInput{Name: "l", Zip: zip}
	for range 2 {
		if _, err := s.PublishLayer(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.PublishLayer(t.Context(), in)
	wantFault(t, "a third", err, fault.CodeStorageExceeded, "Code storage limit exceeded.")
	if err := s.DeleteLayerVersion(t.Context(), "l", 1); err != nil {
		t.Fatal(err)
	}
	if v, err := s.PublishLayer(t.Context(), in); err != nil || v.Version != 3 {
		t.Errorf("after one was deleted: %+v, %v", v, err)
	}
}
