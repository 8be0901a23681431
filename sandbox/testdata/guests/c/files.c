// Reactor: what a program may do with files, through libc. Every value is a
// result, or the errno of the step that failed, negated:
//
//	{"write":5,"append":5,"read":"helloworld","stat":0,"size":10,"mkdir":0,"list":"a.txt d ","rename":0,
//	 "nonempty":-55,"unlink":0,"rmdir":0,"left":"","missing":-44,"task":"…","task_write":-69,"outside":-N}
//
// The list is sorted by nobody: a test must not rely on its order.

#include "answer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[16384];

static long write_file(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | flags, 0600);
	if (fd < 0)
		return -errno;
	long n = write(fd, text, strlen(text));
	n = n < 0 ? -errno : n;
	return close(fd) < 0 ? -errno : n;
}

static void answer_file(const char *before, const char *path)
{
	int fd = open(path, O_RDONLY);
	long n = fd < 0 ? -errno : read(fd, buffer, sizeof buffer);
	if (fd >= 0 && n < 0)
		n = -errno;
	if (fd >= 0)
		close(fd);
	if (n < 0)
		answer_number(before, n);
	else
		answer_string(before, buffer, (uint32_t)n);
}

// Every name but . and .., each followed by a space.
static void answer_names(const char *before, const char *path)
{
	DIR *dir = opendir(path);
	if (!dir) {
		answer_number(before, -errno);
		return;
	}
	answer_text(before);
	answer_text("\"");
	for (struct dirent *e; (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		answer_escaped(e->d_name, (uint32_t)strlen(e->d_name));
		answer_text(" ");
	}
	answer_text("\"");
	closedir(dir);
}

static void answer_result(const char *before, int result)
{
	answer_number(before, result < 0 ? -errno : result);
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	struct stat st = { 0 };
	answer_number("{\"write\":", write_file("/tmp/a.txt", O_CREAT | O_TRUNC, "hello"));
	answer_number(",\"append\":", write_file("/tmp/a.txt", O_APPEND, "world"));
	answer_file(",\"read\":", "/tmp/a.txt");
	answer_result(",\"stat\":", stat("/tmp/a.txt", &st));
	answer_number(",\"size\":", st.st_size);
	answer_result(",\"mkdir\":", mkdir("/tmp/d", 0700));
	answer_names(",\"list\":", "/tmp");
	answer_result(",\"rename\":", rename("/tmp/a.txt", "/tmp/d/b.txt"));
	answer_result(",\"nonempty\":", rmdir("/tmp/d"));
	answer_result(",\"unlink\":", unlink("/tmp/d/b.txt"));
	answer_result(",\"rmdir\":", rmdir("/tmp/d"));
	answer_names(",\"left\":", "/tmp");
	answer_file(",\"missing\":", "/tmp/a.txt");
	answer_file(",\"task\":", "/var/task/hello.txt");
	answer_number(",\"task_write\":", write_file("/var/task/new.txt", O_CREAT, "no"));
	answer_file(",\"outside\":", "/tmp/../../etc/shadow");
	answer_text("}");
	return answer_end();
}
