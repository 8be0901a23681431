package record

import "testing"

func TestQuantile(t *testing.T) {
	hundred := make([]int, 100) // 100 to 1
	for i := range hundred {
		hundred[i] = 100 - i
	}
	for _, test := range []struct {
		values []int
		q      float64
		want   int
	}{
		{nil, 0.5, 0},
		{[]int{7}, 0.99, 7},
		{[]int{3, 1, 2}, 0.5, 2},
		{[]int{4, 1, 3, 2}, 0.5, 2},
		{hundred, 0, 1},
		{hundred, 0.5, 50},
		{hundred, 0.99, 99},
		{hundred, 1, 100},
	} {
		if got := Quantile(test.values, test.q); got != test.want {
			t.Errorf("Quantile %v of %v is %d, want %d", test.q, test.values, got, test.want)
		}
	}
	if hundred[0] != 100 {
		t.Error("Quantile reordered its argument")
	}
}

func TestSpread(t *testing.T) {
	if got := Spread("%.1f", []float64{3, 1, 2}); got != "2.0 (1.0–3.0)" {
		t.Error(got)
	}
}
