// Reactor: calls the embedder's function "price.lookup" with the event, waits
// for it, and answers what came back; then calls a name that nobody has.
//
//	{"call":fd,"head":"…","body":"…","close":0,"unregistered":-errno}
//
// Head and body are the host's bytes as strings. A call or a head that fails is
// its -errno; a body that fails half way is followed by "read":-errno.

#include "answer.h"
#include "wait.h"

static char buffer[16384];

static void answer_head(int32_t fd)
{
	int32_t n;
	while ((n = lambent_http_head(fd, buffer, sizeof buffer)) == -__WASI_ERRNO_AGAIN) {
		int32_t failed = wait_readable(fd);
		if (failed) {
			n = -failed;
			break;
		}
	}
	if (n < 0)
		answer_number(",\"head\":", n);
	else
		answer_string(",\"head\":", buffer, n < (int32_t)sizeof buffer ? (uint32_t)n : sizeof buffer);
}

static void answer_body(int32_t fd)
{
	__wasi_errno_t failed;
	__wasi_size_t n = 0;
	answer_text(",\"body\":\"");
	do {
		__wasi_iovec_t to = { (uint8_t *)buffer, sizeof buffer };
		failed = __wasi_fd_read(fd, &to, 1, &n);
		if (failed == 0)
			answer_escaped(buffer, n);
		else if (failed == __WASI_ERRNO_AGAIN)
			failed = (__wasi_errno_t)wait_readable(fd), n = 1;
	} while (failed == 0 && n > 0);
	answer_text("\"");
	if (failed)
		answer_number(",\"read\":", -failed);
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	int32_t len = lambent_event_read(buffer, sizeof buffer, 0);
	int32_t fd = lambent_call("price.lookup", 12, buffer, (uint32_t)len);
	answer_number("{\"call\":", fd);
	if (fd >= 0) {
		answer_head(fd);
		answer_body(fd);
		answer_number(",\"close\":", -__wasi_fd_close(fd));
	}
	answer_number(",\"unregistered\":", lambent_call("no.such.function", 16, "", 0));
	answer_text("}");
	return answer_end();
}
