// The product of two matrices of 128 × 128 doubles, by definition: three loops,
// the innermost a few operations long.
#include "run.h"

enum { N = 128 };

static double a[N][N], b[N][N], c[N][N];

static void multiply(void) {
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			double sum = 0;
			for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
			c[i][j] = sum;
		}
	}
}

EXPORT uint64_t run(uint32_t times) {
	uint64_t sum = 0;
	for (uint32_t t = 0; t < times; t++) {
		for (int i = 0; i < N; i++) {
			for (int j = 0; j < N; j++) {
				a[i][j] = (double)((uint32_t)(i * 3 + j + 1) % 17 + t % 5);
				b[i][j] = (double)((uint32_t)(i + j * 5 + 1) % 13);
			}
		}
		multiply();
		for (int i = 0; i < N; i++) {
			for (int j = 0; j < N; j++) sum = mix(sum, (uint32_t)c[i][j]);
		}
	}
	return sum;
}
