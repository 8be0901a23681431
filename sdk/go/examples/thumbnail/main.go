// Thumbnail scales a JPEG image down to a width.
//
//	{"image":"<base64>","width":64} → {"image":"<base64>","width":64,"height":48}
package main

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

type request struct {
	Image []byte `json:"image"` // a JPEG; base64 in the JSON
	Width int    `json:"width"` // of the thumbnail, in pixels
}

type response struct {
	Image  []byte `json:"image"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

const (
	// maxPixels bounds what is decoded, whatever a small file claims to hold:
	// 12 megapixels, a phone's photograph. Decoded, a pixel takes at most 4
	// bytes; while a progressive JPEG is decoded, up to 16 more.
	maxPixels = 4096 * 3072

	maxWidth = 2048
	quality  = 85
)

func thumbnail(_ context.Context, in request) (response, error) {
	if in.Width < 1 || in.Width > maxWidth {
		return response{}, fmt.Errorf("width is %d; allowed are 1 to %d", in.Width, maxWidth)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(in.Image))
	if err != nil {
		return response{}, fmt.Errorf("read the image: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return response{}, fmt.Errorf("the image has %d × %d pixels; at most %d are allowed", config.Width, config.Height, maxPixels)
	}
	original, err := jpeg.Decode(bytes.NewReader(in.Image))
	if err != nil {
		return response{}, fmt.Errorf("decode the image: %w", err)
	}
	small := scaleDown(original, in.Width)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
		return response{}, fmt.Errorf("encode the thumbnail: %w", err)
	}
	size := small.Bounds().Size()
	return response{Image: out.Bytes(), Width: size.X, Height: size.Y}, nil
}

func main() { lambent.StartFunc(thumbnail) }
