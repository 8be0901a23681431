// Five bodies that attract each other, in steps of time: floating point, square
// roots, short loops in loops. The checksum is the bits of all positions.
#include "run.h"

enum { BODIES = 5 };

typedef struct {
	double x, y, z, vx, vy, vz, mass;
} body;

static const body first[BODIES] = {
	{0, 0, 0, 0, 0, 0, 40},
	{5, -1, 0.25, 0.5, 2.75, -0.0625, 0.0375},
	{8, 4, -0.5, -1, 1.75, 0.03125, 0.0125},
	{13, -15, -0.25, 1, 0.875, -0.015625, 0.00175},
	{-15, 26, 1.5, -1, -0.5, 0.03125, 0.002},
};

static body bodies[BODIES];

static void advance(double dt) {
	for (int i = 0; i < BODIES; i++) {
		body *a = &bodies[i];
		for (int j = i + 1; j < BODIES; j++) {
			body *b = &bodies[j];
			double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
			double square = dx * dx + dy * dy + dz * dz;
			double pull = dt / (square * __builtin_sqrt(square));
			a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
			b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
		}
	}
	for (int i = 0; i < BODIES; i++) {
		body *b = &bodies[i];
		b->x += dt * b->vx, b->y += dt * b->vy, b->z += dt * b->vz;
	}
}

static uint64_t bits(double v) {
	union { double v; uint64_t bits; } u = {v};
	return u.bits;
}

EXPORT uint64_t run(uint32_t times) {
	for (int i = 0; i < BODIES; i++) bodies[i] = first[i];
	for (; times > 0; times--) advance(0.0078125);
	uint64_t sum = 0;
	for (int i = 0; i < BODIES; i++) sum = mix(mix(mix(sum, bits(bodies[i].x)), bits(bodies[i].y)), bits(bodies[i].z));
	return sum;
}
