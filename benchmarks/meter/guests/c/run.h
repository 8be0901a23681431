// What every program exports: run does its work so many times and returns a
// checksum of all it computed.
#include <stdint.h>

#ifdef __wasm__
#define EXPORT __attribute__((export_name("run")))
#else
#define EXPORT // of a library of native code: all that is not static is
#endif

// mix adds a value to a checksum; the order of values matters.
static inline uint64_t mix(uint64_t sum, uint64_t value) { return sum * 31 + value; }
