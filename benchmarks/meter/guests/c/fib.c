// Fibonacci's numbers the slow way: nothing but calls. Both stay calls.
#include "run.h"

__attribute__((noinline, disable_tail_calls)) static uint32_t fib(uint32_t n) {
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

EXPORT uint64_t run(uint32_t n) { return fib(n); }
