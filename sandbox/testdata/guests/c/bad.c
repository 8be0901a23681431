// Reactor: everything a function should not do. The event, a JSON string,
// names the deed; an unknown one is a function error. Deeds that take more
// than they are given are in greedy.h.
//
//	trap oob div0          the traps of those names
//	recurse                until the stack is used up
//	exit0 exit7            proc_exit
//	badexit                returns 42 from lambent_handle
//	error                  reports {"errorType":"Guest.Error",…} and returns 1
//	error-twice            reports another error first
//	silent                 returns 1 without a report
//	badjsonresponse        answers what is not JSON
//	badjsonerror           reports an error that is not JSON
//	badpointer             hands the host ranges outside of memory; answers each result
//	spin                   computes forever
//	sleep                  waits an hour in poll_oneoff; answers its errno
//	keep                   see below

#include "greedy.h"

static volatile int zero;

static int32_t report(const char *json)
{
	lambent_response_error(json, (uint32_t)strlen(json));
	return 1;
}

static int32_t respond(const char *text)
{
	answer_text(text);
	return answer_end();
}

__attribute__((noinline)) static int recurse(int depth)
{
	int below = depth == INT32_MAX ? 0 : recurse(depth + 1);
	return below + zero + 1; // after the call, so that it is not a loop
}

static int32_t sleep_an_hour(void)
{
	__wasi_subscription_t want = { .u.tag = __WASI_EVENTTYPE_CLOCK };
	want.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
	want.u.u.clock.timeout = 3600000000000;
	__wasi_event_t event;
	__wasi_size_t n;
	answer_number("{\"poll_oneoff\":", -__wasi_poll_oneoff(&want, &event, 1, &n));
	return respond("}");
}

static int32_t bad_pointers(void)
{
	char *near = (char *)(__builtin_wasm_memory_size(0) * 65536) - 1, *far = (char *)0xfffffff0;
	answer_number("{\"event_read\":", lambent_event_read(far, 64, 0));
	answer_number(",\"response_write\":", lambent_response_write(near, 2));
	answer_number(",\"log\":", lambent_log(LAMBENT_INFO, far, 64));
	answer_number(",\"ctx_get\":", lambent_ctx_get(near, 10, near, 10));
	return respond("}");
}

// What an earlier event left behind. Answers {"counter":0,"memory":0,"pages":N,
// "tmp":-44} in a pristine instance, then leaves marks in data, in memory that
// it grows, and in /tmp.
static int32_t keep(void)
{
	static int32_t counter;
	static char far[3 * 65536];
	volatile char *canary = &far[2 * 65536];
	answer_number("{\"counter\":", counter++);
	answer_number(",\"memory\":", *canary);
	answer_number(",\"pages\":", (int64_t)__builtin_wasm_memory_size(0));
	int fd = open("/tmp/canary", O_RDONLY);
	answer_number(",\"tmp\":", fd < 0 ? -errno : 0);
	*canary = 1;
	long page = (long)__builtin_wasm_memory_grow(0, 1);
	if (page > 0)
		*(volatile char *)(page * 65536) = 1;
	open("/tmp/canary", O_CREAT | O_WRONLY, 0600); // left open
	return respond("}");
}

static int is(const char *deed, const char *name) { return strcmp(deed, name) == 0; }

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	char event[32] = { 0 }, *deed = event + 1;
	lambent_event_read(event, sizeof event - 1, 0);
	deed[strcspn(deed, "\"")] = 0;

	if (is(deed, "trap")) __builtin_trap();
	if (is(deed, "oob")) return *(volatile int32_t *)0xfffffff0;
	if (is(deed, "div0")) return 7 / zero;
	if (is(deed, "recurse")) return recurse(0);
	if (is(deed, "exit0")) __wasi_proc_exit(0);
	if (is(deed, "exit7")) __wasi_proc_exit(7);
	if (is(deed, "badexit")) return 42;
	if (is(deed, "error-twice")) report("{\"errorType\":\"Guest.First\",\"errorMessage\":\"overtaken\"}");
	if (is(deed, "error") || is(deed, "error-twice"))
		return report("{\"errorType\":\"Guest.Error\",\"errorMessage\":\"as the event asked\",\"stackTrace\":[\"handle\"]}");
	if (is(deed, "silent")) return 1;
	if (is(deed, "badjsonresponse")) return respond("{\"message\":");
	if (is(deed, "badjsonerror")) return report("{\"errorType\":");
	if (is(deed, "badpointer")) return bad_pointers();
	if (is(deed, "spin")) while (!zero);
	if (is(deed, "sleep")) return sleep_an_hour();
	if (is(deed, "keep")) return keep();
	return greedy(deed);
}
