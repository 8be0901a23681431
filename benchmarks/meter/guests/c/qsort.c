// Sorting 20,000 numbers with a comparison that is passed as a function:
// indirect calls in loops, branches that depend on the data.
#include "run.h"

typedef int (*comparison)(const uint32_t *, const uint32_t *);

static void swap(uint32_t *a, uint32_t *b) {
	uint32_t t = *a;
	*a = *b, *b = t;
}

// sort sorts from first to last: quicksort with the median of three, and by
// insertion what is short.
static void sort(uint32_t *first, uint32_t *last, comparison compare) {
	while (last - first > 12) {
		uint32_t *middle = first + (last - first) / 2;
		if (compare(middle, first) < 0) swap(middle, first);
		if (compare(last, first) < 0) swap(last, first);
		if (compare(last, middle) < 0) swap(last, middle);
		uint32_t pivot = *middle, *i = first, *j = last;
		while (i <= j) {
			while (compare(i, &pivot) < 0) i++;
			while (compare(&pivot, j) < 0) j--;
			if (i <= j) swap(i++, j--);
		}
		if (j - first < last - i) {
			sort(first, j, compare);
			first = i;
		} else {
			sort(i, last, compare);
			last = j;
		}
	}
	for (uint32_t *i = first + 1; i <= last; i++) {
		uint32_t value = *i, *j = i;
		for (; j > first && compare(&value, j - 1) < 0; j--) *j = j[-1];
		*j = value;
	}
}

static int ascending(const uint32_t *a, const uint32_t *b) { return (*a > *b) - (*a < *b); }
static int descending(const uint32_t *a, const uint32_t *b) { return (*a < *b) - (*a > *b); }

// Which one is not known before run time.
static comparison volatile orders[2] = {ascending, descending};

enum { COUNT = 20000 };

static uint32_t numbers[COUNT];

EXPORT uint64_t run(uint32_t times) {
	uint32_t random = 1;
	uint64_t sum = 0;
	for (uint32_t t = 0; t < times; t++) {
		for (int i = 0; i < COUNT; i++) {
			random = random * 1664525 + 1013904223;
			numbers[i] = random >> 8;
		}
		sort(numbers, numbers + COUNT - 1, orders[t % 2]);
		for (int i = 0; i < COUNT; i++) sum = mix(sum, numbers[i]);
	}
	return sum;
}
