// Waits for a descriptor of http_send or call.

#ifndef WAIT_H
#define WAIT_H

#include <wasi/api.h>

// Returns 0 when fd has something to read, or the errno of poll_oneoff or of
// its event.
static int32_t wait_readable(int32_t fd)
{
	__wasi_subscription_t want = { .userdata = 1, .u.tag = __WASI_EVENTTYPE_FD_READ };
	want.u.u.fd_read.file_descriptor = fd;
	__wasi_event_t event;
	__wasi_size_t n = 0;
	__wasi_errno_t failed = __wasi_poll_oneoff(&want, &event, 1, &n);
	return failed ? failed : event.error;
}

#endif
