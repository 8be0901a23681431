package compute

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// What the programs of guests/c and guests/assemblyscript compute, in Go. This
// form is the judge of the answers, not a contender.

func mix(sum, value uint64) uint64 { return sum*31 + value }

// lcg is the generator of random numbers that the sorting programs have.
func lcg(random *uint32) uint32 {
	*random = *random*1664525 + 1013904223
	return *random >> 8
}

func nativeSHA256(times uint32) uint64 {
	message := make([]byte, 4096)
	for i := range message {
		message[i] = byte(i * 7)
	}
	for range times {
		digest := sha256.Sum256(message)
		copy(message, digest[:])
	}
	return binary.BigEndian.Uint64(message)
}

func nativeNBody(times uint32) uint64 {
	type body struct{ x, y, z, vx, vy, vz, mass float64 }
	bodies := []body{
		{0, 0, 0, 0, 0, 0, 40},
		{5, -1, 0.25, 0.5, 2.75, -0.0625, 0.0375},
		{8, 4, -0.5, -1, 1.75, 0.03125, 0.0125},
		{13, -15, -0.25, 1, 0.875, -0.015625, 0.00175},
		{-15, 26, 1.5, -1, -0.5, 0.03125, 0.002},
	}
	const dt = 0.0078125
	// The conversions keep products from being fused with sums, which would
	// round differently.
	p := func(a, b float64) float64 { return float64(a * b) }
	for range times {
		for i := range bodies {
			a := &bodies[i]
			for j := i + 1; j < len(bodies); j++ {
				b := &bodies[j]
				dx, dy, dz := a.x-b.x, a.y-b.y, a.z-b.z
				square := p(dx, dx) + p(dy, dy) + p(dz, dz)
				pull := dt / p(square, math.Sqrt(square))
				a.vx, a.vy, a.vz = a.vx-p(p(dx, b.mass), pull), a.vy-p(p(dy, b.mass), pull), a.vz-p(p(dz, b.mass), pull)
				b.vx, b.vy, b.vz = b.vx+p(p(dx, a.mass), pull), b.vy+p(p(dy, a.mass), pull), b.vz+p(p(dz, a.mass), pull)
			}
		}
		for i := range bodies {
			b := &bodies[i]
			b.x, b.y, b.z = b.x+p(dt, b.vx), b.y+p(dt, b.vy), b.z+p(dt, b.vz)
		}
	}
	var sum uint64
	for _, b := range bodies {
		sum = mix(mix(mix(sum, math.Float64bits(b.x)), math.Float64bits(b.y)), math.Float64bits(b.z))
	}
	return sum
}

// nativeMatmul computes with integers: all values of the program are, and small.
func nativeMatmul(times uint32) uint64 {
	const n = 128
	var sum uint64
	for t := range times {
		var a, b [n][n]uint32
		for i := range uint32(n) {
			for j := range uint32(n) {
				a[i][j] = (i*3+j+1)%17 + t%5
				b[i][j] = (i + j*5 + 1) % 13
			}
		}
		for i := range n {
			for j := range n {
				var c uint32
				for k := range n {
					c += a[i][k] * b[k][j]
				}
				sum = mix(sum, uint64(c))
			}
		}
	}
	return sum
}

func nativeSieve(times uint32) uint64 {
	const limit = 200_000
	composite := make([]bool, limit)
	for i := 2; i*i < limit; i++ {
		if !composite[i] {
			for j := i * i; j < limit; j += i {
				composite[j] = true
			}
		}
	}
	below := make([]uint64, limit+1) // how many primes
	for i := range limit {
		below[i+1] = below[i]
		if i >= 2 && !composite[i] {
			below[i+1]++
		}
	}
	var sum uint64
	for t := range times {
		sum = mix(sum, below[limit-t%1000])
	}
	return sum
}

func nativeFib(n uint32) uint64 {
	a, b := uint32(0), uint32(1)
	for range n {
		a, b = b, a+b
	}
	return uint64(a)
}

func nativeQsort(times uint32) uint64 { return nativeSorting(times, 20_000, true) }

func nativeSort(times uint32) uint64 { return nativeSorting(times, 10_000, false) }

// nativeSorting sorts count random numbers so many times, every other time the
// other way round if it alternates.
func nativeSorting(times uint32, count int, alternate bool) uint64 {
	random := uint32(1)
	numbers := make([]uint32, count)
	var sum uint64
	for t := range times {
		for i := range numbers {
			numbers[i] = lcg(&random)
		}
		slices.Sort(numbers)
		if alternate && t%2 == 1 {
			slices.Reverse(numbers)
		}
		for _, n := range numbers {
			sum = mix(sum, uint64(n))
		}
	}
	return sum
}

// nativeJSON does not read what it would write: it writes it.
func nativeJSON(times uint32) uint64 {
	var sum uint64
	for t := range int64(times) {
		sum = mix(sum, '[')
		for i := range int64(64) {
			separator := ","
			if i == 0 {
				separator = ""
			}
			record := fmt.Sprintf(`%s{"id":%d,"name":"record \"%d\" of \\ a\nfew","at":{"x":%d,"y":%d},"tags":["first","second one",null,true,false,[]]}`,
				separator, i*1000003+t, i, -i*77+t, i*131+t)
			for _, c := range []byte(record) {
				sum = mix(sum, uint64(c))
			}
		}
		sum = mix(sum, ']')
	}
	return sum
}
