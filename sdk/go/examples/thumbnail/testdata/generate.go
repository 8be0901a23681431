// Generate draws scene.jpg, the image of the tests: a sun over hills.
//
//	go run testdata/generate.go
package main

import (
	"image"
	"image/color"
	"image/jpeg"
	"log"
	"math"
	"os"
)

func main() {
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			img.SetRGBA(x, y, scene(float64(x), float64(y)))
		}
	}
	f, err := os.Create("testdata/scene.jpg")
	if err != nil {
		log.Fatal(err)
	}
	if err := jpeg.Encode(f, img, &jpeg.Options{Quality: 80}); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}

func scene(x, y float64) color.RGBA {
	switch hill := 170 + 25*math.Sin(x/40) + 10*math.Sin(x/13); {
	case y > hill:
		return color.RGBA{40, uint8(150 - (y-hill)/2), 60, 255}
	case math.Hypot(x-230, y-70) < 35:
		return color.RGBA{255, 220, 80, 255}
	default:
		return color.RGBA{uint8(90 + y/2), uint8(150 + y/3), 235, 255}
	}
}
