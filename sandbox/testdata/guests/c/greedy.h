// The deeds of bad.c that take more than they are given:
//
//	flood                  2 MiB of log, of stdout and of stderr, then answers
//	flood-forever          logs without end
//	grow                   memory.grow until it fails; answers {"grown":pages,"pages":all}
//	hugeresponse           response_write until it fails, reports Guest.Refused with bytes and -errno
//	hugeresponse-ignored   goes on writing and returns 0
//	tmpfill                writes one file until that fails; answers {"written":bytes,"errno":N}
//	tmpfiles               makes files in /tmp until that fails; answers {"files":N,"errno":N}
//	openfiles              opens one file until that fails; answers {"open":N,"errno":N}

#ifndef GREEDY_H
#define GREEDY_H

#include "answer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

static char block[65536];

static int32_t flood(int forever)
{
	memset(block, 'x', 1023);
	block[1023] = '\n';
	do
		for (int i = 0; i < 2048; i++) {
			lambent_log(LAMBENT_INFO, block, 1023);
			write(STDOUT_FILENO, block, 1024);
			write(STDERR_FILENO, block, 1024);
		}
	while (forever);
	answer_number("{\"lines\":", 3 * 2048);
	answer_text("}");
	return answer_end();
}

// Growth of ever smaller steps: the exact end, without 65,536 calls.
static int32_t grow(void)
{
	long all = (long)__builtin_wasm_memory_size(0), first = all;
	for (long step = 1024; step; ) {
		if ((long)__builtin_wasm_memory_grow(0, (unsigned long)step) == -1) {
			step /= 2;
			continue;
		}
		all += step;
		*(volatile char *)(all * 65536 - 1) = 1;
	}
	answer_number("{\"grown\":", all - first);
	answer_number(",\"pages\":", (int64_t)__builtin_wasm_memory_size(0));
	answer_text("}");
	return answer_end();
}

static int32_t huge_response(int ignore)
{
	memset(block, '1', sizeof block);
	int64_t written = 0;
	int32_t n;
	while ((n = lambent_response_write(block, sizeof block)) >= 0)
		written += sizeof block;
	for (int i = 0; ignore && i < 100; i++)
		lambent_response_write(block, sizeof block);
	if (ignore)
		return 0;
	// Borrows answer.h's writer: what it wrote becomes the report, not the response.
	answer_number("{\"errorType\":\"Guest.Refused\",\"errorMessage\":\"after ", written);
	answer_number(" bytes: ", n);
	answer_text("\"}");
	lambent_response_error(answer.text, answer.len);
	return 1;
}

static int32_t answer_until_failed(const char *before, int64_t n)
{
	int failed = errno;
	answer_number(before, n);
	answer_number(",\"errno\":", failed);
	answer_text("}");
	return answer_end();
}

static int32_t fill_tmp(void)
{
	int64_t written = 0;
	int fd = open("/tmp/fill", O_CREAT | O_WRONLY, 0600);
	for (ssize_t n; fd >= 0 && (n = write(fd, block, sizeof block)) > 0; )
		written += n;
	return answer_until_failed("{\"written\":", written);
}

static int32_t fill_names(void)
{
	char path[] = "/tmp/000000";
	for (int32_t n = 0;; n++) {
		for (int32_t i = 10, left = n; i > 4; i--, left /= 10)
			path[i] = (char)('0' + left % 10);
		int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
		if (fd < 0)
			return answer_until_failed("{\"files\":", n);
		close(fd);
	}
}

static int32_t fill_descriptors(void)
{
	for (int32_t n = 0;; n++)
		if (open("/tmp/open", O_CREAT | O_WRONLY, 0600) < 0)
			return answer_until_failed("{\"open\":", n);
}

static int32_t greedy(const char *deed)
{
	if (strcmp(deed, "flood") == 0) return flood(0);
	if (strcmp(deed, "flood-forever") == 0) return flood(1);
	if (strcmp(deed, "grow") == 0) return grow();
	if (strcmp(deed, "hugeresponse") == 0) return huge_response(0);
	if (strcmp(deed, "hugeresponse-ignored") == 0) return huge_response(1);
	if (strcmp(deed, "tmpfill") == 0) return fill_tmp();
	if (strcmp(deed, "tmpfiles") == 0) return fill_names();
	if (strcmp(deed, "openfiles") == 0) return fill_descriptors();
	static const char error[] = "{\"errorType\":\"UnknownDeed\",\"errorMessage\":\"see bad.c\"}";
	lambent_response_error(error, sizeof error - 1);
	return 1;
}

#endif
