package main

import (
	"image"
	"image/draw"
)

// scaleDown returns src at the given width, in its proportions. Each pixel is
// the average of the area that it covers, weighted by how much of each original
// pixel lies in it. An image that is not wider keeps its size.
func scaleDown(src image.Image, width int) *image.RGBA {
	from := src.Bounds()
	width = min(width, from.Dx())
	height := max(1, (from.Dy()*width+from.Dx()/2)/from.Dx())
	dst := image.NewRGBA(image.Rect(0, 0, width, height))

	columns := spans(from.Dx(), width)
	row := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1)) // one row of src at a time: the whole in RGBA would double the memory
	narrow := make([]float64, 4*width)                   // row, scaled horizontally
	sum := make([]float64, 4*width)                      // rows added up for the row of dst
	for y, rows := range spans(from.Dy(), height) {
		clear(sum)
		for i, weight := range rows.weights {
			draw.Draw(row, row.Rect, src, image.Pt(from.Min.X, from.Min.Y+rows.first+i), draw.Src)
			shrinkRow(narrow, row.Pix, columns)
			for j, v := range narrow {
				sum[j] += v * weight
			}
		}
		out := dst.Pix[y*dst.Stride:]
		for j, v := range sum {
			out[j] = uint8(v + 0.5)
		}
	}
	return dst
}

// shrinkRow averages the pixels in src as columns says.
func shrinkRow(dst []float64, src []uint8, columns []span) {
	for x, c := range columns {
		var r, g, b, a float64
		for i, weight := range c.weights {
			p := src[4*(c.first+i):][:4]
			r += weight * float64(p[0])
			g += weight * float64(p[1])
			b += weight * float64(p[2])
			a += weight * float64(p[3])
		}
		copy(dst[4*x:], []float64{r, g, b, a})
	}
}

// span is what one of the new pixels covers: len(weights) of the original ones
// from first on. The weights add up to 1.
type span struct {
	first   int
	weights []float64
}

// spans divides from pixels into to ≤ from equal parts.
func spans(from, to int) []span {
	parts := make([]span, to)
	for i := range parts {
		// Part i reaches from i·from/to to (i+1)·from/to; times to, all of these
		// are whole numbers.
		start, end := i*from, (i+1)*from
		first, last := start/to, (end-1)/to
		weights := make([]float64, last-first+1)
		for p := first; p <= last; p++ {
			covered := min(end, (p+1)*to) - max(start, p*to)
			weights[p-first] = float64(covered) / float64(from)
		}
		parts[i] = span{first, weights}
	}
	return parts
}
