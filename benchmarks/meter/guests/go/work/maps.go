package work

import "strconv"

// Maps fills, reads and empties maps, so many times. It returns a checksum that
// does not depend on the order in which maps are walked.
func Maps(times uint32) uint64 {
	var sum uint64
	names := make([]string, 2000)
	for i := range names {
		names[i] = "name-" + strconv.Itoa(i*7)
	}
	random := uint32(1)
	for range times {
		numbers, counts := map[uint32]uint64{}, map[string]uint64{}
		for range 5000 {
			random = random*1664525 + 1013904223
			numbers[random>>20] += uint64(random & 0xff)
			counts[names[(random>>8)%uint32(len(names))]]++
		}
		for i := range uint32(2000) {
			delete(numbers, i)
		}
		for k, v := range numbers {
			sum += uint64(k) * v
		}
		for _, name := range names {
			sum = sum*31 + counts[name]
		}
	}
	return sum
}
