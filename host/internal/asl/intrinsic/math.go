package intrinsic

import "math"

// integer rounds an argument as AWS does and refuses what is outside 32 bits.
func (c *Call) integer(values []any, i int) (float64, error) {
	n := round(values[i].(float64))
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, c.fail("argument %d must be between %d and %d", i+1, math.MinInt32, math.MaxInt32)
	}
	return n, nil
}

// round gives the nearest integer; of two the larger one, as in Java: -1.5 is
// rounded to -1.
func round(x float64) float64 {
	n := math.Round(x)
	if x-n == 0.5 {
		n++
	}
	return n
}

func mathAdd(c *Call, _ Env, values []any) (any, error) {
	a, err := c.integer(values, 0)
	if err != nil {
		return nil, err
	}
	b, err := c.integer(values, 1)
	if err != nil {
		return nil, err
	}
	return a + b, nil
}

// mathRandom gives an integer from the first argument up to, but not, the
// second. With a seed the result is always the same.
func mathRandom(c *Call, env Env, values []any) (any, error) {
	from, err := c.integer(values, 0)
	if err != nil {
		return nil, err
	}
	to, err := c.integer(values, 1)
	if err != nil {
		return nil, err
	}
	if from >= to {
		return nil, c.fail("the start, %v, must be less than the end, %v", from, to)
	}
	var fraction float64
	if len(values) == 3 {
		fraction = seeded(math.Float64bits(values[2].(float64)))
	} else {
		fraction = env.Random()
	}
	return from + math.Floor(fraction*(to-from)), nil
}

// seeded makes a number, 0 ≤ n < 1, of a seed: the splitmix64 mix.
func seeded(seed uint64) float64 {
	z := seed + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return float64(z>>11) / (1 << 53)
}
