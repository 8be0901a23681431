package main

import (
	"bytes"
	"fmt"
	"html"
	"math"
)

// The plot's measures, in pixels.
const (
	plotWidth, plotHeight = 880, 460
	plotLeft, plotRight   = 64, 176 // margins; the right one has the legend
	plotTop, plotBottom   = 44, 56
	plotPoints            = 400 // of one curve
)

// plotColours tell curves apart, also to eyes that see red and green alike.
var plotColours = [...]string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"}

// plot draws the distribution of latencies as an SVG: for each series which part
// of the events took no longer than that, over a logarithmic axis.
func (r *benchReport) plot() []byte {
	var curves []plotCurve
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range r.Series {
		sorted := s.sorted(func(s *benchSample) int64 { return max(1, s.Latency) })
		if s.Name == benchPhased || len(sorted) == 0 {
			continue
		}
		curves = append(curves, plotCurve{s.Name, sorted})
		low, high = min(low, math.Log10(float64(sorted[0]))), max(high, math.Log10(float64(sorted[len(sorted)-1])))
	}
	if len(curves) == 0 { // every event failed
		low, high = 3, 4
	}
	p := plotter{low: math.Floor(low), high: math.Floor(high) + 1}
	p.frame(fmt.Sprintf("%s: latency of an event", r.Function))
	for i, c := range curves {
		p.curve(i, c)
	}
	p.WriteString("</svg>\n")
	return p.Bytes()
}

// plotCurve is a series' latencies, ascending.
type plotCurve struct {
	name   string
	sorted []int64
}

// plotter writes an SVG whose horizontal axis goes from 10^low to 10^high ns.
type plotter struct {
	bytes.Buffer
	low, high float64
}

func (p *plotter) x(ns float64) float64 {
	return plotLeft + (math.Log10(ns)-p.low)/(p.high-p.low)*(plotWidth-plotLeft-plotRight)
}

func (p *plotter) y(part float64) float64 {
	return plotHeight - plotBottom - part*(plotHeight-plotTop-plotBottom)
}

// frame draws what does not depend on the latencies.
func (p *plotter) frame(title string) {
	fmt.Fprintf(p, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12" fill="#333">`+"\n",
		plotWidth, plotHeight, plotWidth, plotHeight)
	fmt.Fprintf(p, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", html.EscapeString(title))
	fmt.Fprintf(p, "<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>\n", plotLeft, html.EscapeString(title))
	const right, bottom = plotWidth - plotRight, plotHeight - plotBottom
	for _, percent := range []float64{0, 25, 50, 75, 90, 99, 100} {
		y := p.y(percent / 100)
		fmt.Fprintf(p, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>\n", plotLeft, y, right)
		if percent != 99 { // no room beside 100
			fmt.Fprintf(p, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f %%</text>\n", plotLeft-8, y+4, percent)
		}
	}
	for decade := p.low; decade <= p.high; decade++ {
		x := p.x(math.Pow(10, decade))
		fmt.Fprintf(p, "<path d=\"M%.1f %dV%d\" stroke=\"#ddd\"/>\n", x, plotTop, bottom)
		fmt.Fprintf(p, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x, bottom+18, decadeName(int(decade)))
	}
	fmt.Fprintf(p, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">latency; the curve shows how many events took no longer</text>\n", (plotLeft+right)/2, bottom+42)
}

// decadeName is 10^n ns.
func decadeName(n int) string {
	units := [...]string{"ns", "µs", "ms", "s"}
	unit := min(max(n/3, 0), len(units)-1)
	return fmt.Sprintf("%.0f %s", math.Pow(10, float64(n-3*unit)), units[unit])
}

// curve draws a series and its line of the legend.
func (p *plotter) curve(i int, c plotCurve) {
	colour := plotColours[i%len(plotColours)]
	fmt.Fprintf(p, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"M%.1f %.1f", colour, p.x(float64(c.sorted[0])), p.y(0))
	points := min(len(c.sorted), plotPoints)
	for k := 1; k <= points; k++ {
		part := float64(k) / float64(points)
		fmt.Fprintf(p, "H%.1fV%.1f", p.x(float64(quantile(c.sorted, part))), p.y(part))
	}
	x, y := plotWidth-plotRight+16, plotTop+14+i*38
	fmt.Fprintf(p, "\"/>\n<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"3\"/>\n", x, y-4, colour)
	fmt.Fprintf(p, "<text x=\"%d\" y=\"%d\">%s</text>\n", x+24, y, html.EscapeString(c.name))
	fmt.Fprintf(p, "<text x=\"%d\" y=\"%d\" fill=\"#777\">median %s</text>\n", x+24, y+15, duration(quantile(c.sorted, 0.5)))
}
