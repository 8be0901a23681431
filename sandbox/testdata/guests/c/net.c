// Reactor: tries to reach the network in every way there is, and answers what
// each came to: a descriptor, 0, or -errno.
//
//	{"http_send":N,"sock_open":N,"connect_loopback":N,"connect_smtp":N,"datagram":N}
//
// "poll", "http_head" and "close" follow http_send if that gave a descriptor;
// sock_connect is tried even if sock_open failed, on a descriptor that does not
// exist.

#include "answer.h"
#include "wait.h"

// The socket functions that WASI preview 1 lacks, shaped as WasmEdge has them.
#define SOCKET_IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

enum { INET4 = 1, DATAGRAM = 1, STREAM = 2 };

struct address {
	const uint8_t *bytes;
	uint32_t len;
};

SOCKET_IMPORT(sock_open) int32_t sock_open(int32_t family, int32_t type, int32_t *fd);
SOCKET_IMPORT(sock_connect) int32_t sock_connect(int32_t fd, const struct address *to, int32_t port);

static void answer_http(void)
{
	static const char head[] = "{\"method\":\"GET\",\"url\":\"http://127.0.0.1:9/\",\"headers\":{}}";
	static char got[4096];
	int32_t fd = lambent_http_send(head, sizeof head - 1, "", 0);
	answer_number("{\"http_send\":", fd);
	if (fd < 0)
		return;
	answer_number(",\"poll\":", -wait_readable(fd));
	answer_number(",\"http_head\":", lambent_http_head(fd, got, sizeof got));
	answer_number(",\"close\":", -__wasi_fd_close(fd));
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	static const uint8_t loopback[4] = { 127, 0, 0, 1 }, documentation[4] = { 192, 0, 2, 1 };
	const struct address near = { loopback, 4 }, far = { documentation, 4 };
	int32_t fd = -1, none = -1;
	answer_http();
	answer_number(",\"sock_open\":", -sock_open(INET4, STREAM, &fd));
	answer_number(",\"connect_loopback\":", -sock_connect(fd, &near, 80));
	answer_number(",\"connect_smtp\":", -sock_connect(fd, &far, 25));
	answer_number(",\"datagram\":", -sock_open(INET4, DATAGRAM, &none));
	answer_text("}");
	return answer_end();
}
