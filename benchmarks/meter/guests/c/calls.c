// What it takes to leave the guest and come back, by a function of the host that
// does next to nothing; and to enter it, for a function that does nothing.
#include "run.h"

__attribute__((import_module("bench"), import_name("next"))) uint32_t next(uint32_t);

__attribute__((export_name("nothing"))) void nothing(void) {}

EXPORT uint64_t run(uint32_t times) {
	uint32_t n = 0;
	for (; times > 0; times--) n = next(n);
	return n;
}
