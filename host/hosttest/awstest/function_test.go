package awstest

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/sdk/toolchain"
)

const (
	root  = "../../.." // of the repository
	role  = "arn:aws:iam::000000000000:role/test"
	width = 64 // of the thumbnails
)

// packages are deployment packages, each made once, as "lambent build" does.
var packages sync.Map // example → func() ([]byte, error)

func zipOf(t *testing.T, example string) []byte {
	t.Helper()
	build, _ := packages.LoadOrStore(example, sync.OnceValues(func() ([]byte, error) {
		result, err := toolchain.Build(t.Context(), toolchain.Options{Dir: filepath.Join(root, "sdk/go/examples", example)})
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = toolchain.Zip(&b, toolchain.Package{Module: result.Wasm})
		return b.Bytes(), err
	}))
	zip, err := build.(func() ([]byte, error))()
	if err != nil {
		t.Fatal(err)
	}
	return zip
}

// event asks for a thumbnail of the example's photograph.
func event(t *testing.T) []byte {
	t.Helper()
	photograph, err := os.ReadFile(filepath.Join(root, "sdk/go/examples/thumbnail/testdata/scene.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"image": photograph, "width": width})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// checkThumbnail wants what the function answered to be a JPEG of that width.
func checkThumbnail(t *testing.T, payload []byte) {
	t.Helper()
	var answer struct {
		Image         []byte
		Width, Height int
	}
	if err := json.Unmarshal(payload, &answer); err != nil {
		t.Fatalf("%v: %.200s", err, payload)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(answer.Image))
	if err != nil || config.Width != width || answer.Width != width || config.Height != answer.Height {
		t.Errorf("the thumbnail is %+v, answered as %d × %d: %v", config, answer.Width, answer.Height, err)
	}
}

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
