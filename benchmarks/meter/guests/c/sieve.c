// The primes below 200,000 by the sieve of Eratosthenes: the tightest of loops,
// a store and an addition.
#include "run.h"

enum { LIMIT = 200000 };

static uint8_t composite[LIMIT];

static uint32_t primes(uint32_t limit) {
	for (uint32_t i = 0; i < limit; i++) composite[i] = 0;
	uint32_t found = 0;
	for (uint32_t i = 2; i < limit; i++) {
		if (composite[i]) continue;
		found++;
		for (uint64_t j = (uint64_t)i * i; j < limit; j += i) composite[j] = 1;
	}
	return found;
}

EXPORT uint64_t run(uint32_t times) {
	uint64_t sum = 0;
	for (uint32_t t = 0; t < times; t++) sum = mix(sum, primes(LIMIT - t % 1000));
	return sum;
}
