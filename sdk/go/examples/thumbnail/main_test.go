package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"strings"
	"testing"
)

//go:generate go run testdata/generate.go

func scene(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/scene.jpg")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestThumbnail(t *testing.T) {
	// Through JSON, as an event arrives.
	event, err := json.Marshal(map[string]any{"image": scene(t), "width": 64})
	if err != nil {
		t.Fatal(err)
	}
	var in request
	if err := json.Unmarshal(event, &in); err != nil {
		t.Fatal(err)
	}
	out, err := thumbnail(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	small, err := jpeg.Decode(bytes.NewReader(out.Image))
	if err != nil {
		t.Fatal(err)
	}
	if size := small.Bounds().Size(); size != image.Pt(64, 48) || out.Width != 64 || out.Height != 48 {
		t.Errorf("size %v, said to be %d × %d; want 64 × 48", size, out.Width, out.Height)
	}
	// The middle of the sun, and a meadow.
	near(t, small.At(46, 14), color.RGBA{255, 220, 80, 255})
	near(t, small.At(10, 46), color.RGBA{40, 125, 60, 255})
}

func near(t *testing.T, got color.Color, want color.RGBA) {
	t.Helper()
	r, g, b, _ := got.RGBA()
	for _, d := range []float64{float64(r>>8) - float64(want.R), float64(g>>8) - float64(want.G), float64(b>>8) - float64(want.B)} {
		if math.Abs(d) > 16 {
			t.Errorf("color %v; want about %v", got, want)
			return
		}
	}
}

func TestThumbnailIsNeverLarger(t *testing.T) {
	out, err := thumbnail(t.Context(), request{Image: scene(t), Width: maxWidth})
	if err != nil || out.Width != 320 || out.Height != 240 {
		t.Errorf("%d × %d, %v; want 320 × 240", out.Width, out.Height, err)
	}
}

func TestWrongRequests(t *testing.T) {
	for name, test := range map[string]struct {
		in   request
		want string
	}{
		"no width":   {request{Image: scene(t)}, "width is 0"},
		"wide":       {request{Image: scene(t), Width: maxWidth + 1}, "width is 2049"},
		"no image":   {request{Width: 64}, "read the image"},
		"not a JPEG": {request{Image: []byte("GIF89a"), Width: 64}, "read the image: invalid JPEG"},
		"cut short":  {request{Image: scene(t)[:2000], Width: 64}, "decode the image"},
		"huge":       {request{Image: claim(t, 65535, 65535), Width: 64}, "has 65535 × 65535 pixels"},
	} {
		if _, err := thumbnail(t.Context(), test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v; want one that says %q", name, err, test.want)
		}
	}
}

// claim returns the scene with other dimensions in its header.
func claim(t *testing.T, width, height uint16) []byte {
	b := scene(t)
	i := bytes.Index(b, []byte{0xff, 0xc0}) // marker, length (2), precision, height (2), width (2)
	if i < 0 {
		t.Fatal("no frame header")
	}
	copy(b[i+5:], []byte{byte(height >> 8), byte(height), byte(width >> 8), byte(width)})
	return b
}

func TestScaleAverages(t *testing.T) {
	src := image.NewGray(image.Rect(5, 7, 8, 9)) // 3 × 2, not at the origin
	copy(src.Pix, []uint8{0, 90, 180, 60, 150, 240})
	got := scaleDown(src, 2)
	// Each half covers one and a half columns: (0 + 90/2)/1.5 = 30 and
	// (90/2 + 180)/1.5 = 150 above, 90 and 210 below; the height is 1.
	if got.Rect != image.Rect(0, 0, 2, 1) || got.Pix[0] != 60 || got.Pix[4] != 180 {
		t.Errorf("%v %v", got.Rect, got.Pix)
	}
}

func TestScaleKeepsAColor(t *testing.T) {
	src := image.NewUniform(color.RGBA{10, 20, 30, 255})
	for _, size := range []image.Point{{1, 1}, {7, 5}, {640, 1}, {3, 500}} {
		got := scaleDown(bounded{src, image.Rectangle{Max: size}}, 3)
		for i := 0; i < len(got.Pix); i += 4 {
			if p := [4]uint8(got.Pix[i:]); p != [4]uint8{10, 20, 30, 255} {
				t.Fatalf("%v: pixel %d is %v", size, i/4, p)
			}
		}
	}
}

// bounded is a uniform image with a size.
type bounded struct {
	*image.Uniform
	rect image.Rectangle
}

func (b bounded) Bounds() image.Rectangle { return b.rect }
