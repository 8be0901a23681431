// Checks what wasi-libc does on top of preview 1. Exits with the line of the
// first thing that is not as it should be, else with 7.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHECK(ok)                                                            \
	do {                                                                     \
		if (!(ok)) {                                                         \
			fprintf(stderr, "line %d: %s, errno %d\n", __LINE__, #ok, errno); \
			exit(1);                                                         \
		}                                                                    \
	} while (0)

static void streams(void) {
	char buf[64];
	int n = 0;
	CHECK(isatty(0) == 0 && isatty(1) == 0 && isatty(2) == 0);
	CHECK(ioctl(0, FIONREAD, &n) == 0 && n == 14);
	CHECK(fgets(buf, sizeof buf, stdin) && strcmp(buf, "standard input") == 0);
	CHECK(getchar() == EOF);
	CHECK(lseek(0, 0, SEEK_CUR) == -1 && errno == ESPIPE);
	CHECK(shutdown(1, SHUT_RD) == -1 && errno == ENOTSOCK);
	CHECK(shutdown(99, SHUT_RD) == -1 && errno == EBADF);
	CHECK(fprintf(stderr, "to stderr\n") > 0);
}

static void files(void) {
	char buf[64];
	FILE *f = fopen("/tmp/file", "w+");
	CHECK(f && fputs("0123456789", f) >= 0 && fseek(f, 3, SEEK_SET) == 0);
	CHECK(fgetc(f) == '3' && ftell(f) == 4 && fclose(f) == 0);
	CHECK(fopen("/tmp/none", "r") == NULL && errno == ENOENT);
	CHECK(fopen("/var/task/main.txt", "w") == NULL && errno == EROFS);

	int fd = open("/tmp/file", O_WRONLY | O_TRUNC | O_APPEND);
	CHECK(fd >= 0 && write(fd, "ab", 2) == 2);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && write(fd, "cd", 2) == 2 && lseek(fd, 0, SEEK_CUR) == 4);
	CHECK(pwrite(fd, "XYZ", 3, 0) == 3 && lseek(fd, 0, SEEK_CUR) == 4);
	CHECK(read(fd, buf, 1) == -1 && (errno == EBADF || errno == ENOTCAPABLE));
	CHECK(close(fd) == 0);

	fd = open("/tmp/file", O_RDWR);
	CHECK(pread(fd, buf, 64, 1) == 3 && memcmp(buf, "YZd", 3) == 0);
	CHECK(ftruncate(fd, 100) == 0 && posix_fallocate(fd, 50, 100) == 0);
	CHECK(posix_fadvise(fd, 0, 10, POSIX_FADV_SEQUENTIAL) == 0 && fsync(fd) == 0 && fdatasync(fd) == 0);
	struct stat a, b;
	CHECK(fstat(fd, &a) == 0 && a.st_size == 150 && S_ISREG(a.st_mode) && a.st_nlink == 1);
	CHECK(stat("/tmp/file", &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino);
	struct timespec times[2] = {{1000000000, 5}, {1000000001, 6}};
	CHECK(futimens(fd, times) == 0 && fstat(fd, &b) == 0);
	CHECK(b.st_atim.tv_sec == 1000000000 && b.st_atim.tv_nsec == 5 && b.st_mtim.tv_sec == 1000000001);
	CHECK(close(fd) == 0 && close(fd) == -1 && errno == EBADF);

	CHECK(link("/tmp/file", "/tmp/link") == -1 && errno == ENOTSUP);
	CHECK(symlink("file", "/tmp/link") == -1 && errno == ENOTSUP);
	CHECK(readlink("/tmp/file", buf, sizeof buf) == -1 && errno == EINVAL);
	CHECK(access("/tmp/file", R_OK) == 0 && access("/tmp/none", F_OK) == -1);
	CHECK(rename("/tmp/file", "/tmp/renamed") == 0 && unlink("/tmp/renamed") == 0);
}

static void folders(void) {
	char path[64];
	CHECK(mkdir("/tmp/d", 0755) == 0 && mkdir("/tmp/d", 0755) == -1 && errno == EEXIST);
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof path, "/tmp/d/%0*d", 3 + i % 30, i);
		int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
		CHECK(fd >= 0 && close(fd) == 0);
	}
	DIR *d = opendir("/tmp/d");
	CHECK(d);
	int n = 0, dots = 0;
	for (struct dirent *e; (e = readdir(d)); n++) {
		if (e->d_name[0] == '.') {
			dots++;
			continue;
		}
		CHECK(e->d_type == DT_REG);
		snprintf(path, sizeof path, "/tmp/d/%s", e->d_name);
		CHECK(unlink(path) == 0);
	}
	CHECK(n == 302 && dots == 2 && closedir(d) == 0);
	CHECK(rmdir("/tmp/d") == 0 && rmdir("/tmp/d") == -1 && errno == ENOENT);
	CHECK(rmdir("/tmp") == -1 && rmdir("/var/task") == -1 && errno == EROFS);
}

static void clocks(void) {
	struct timespec before, after, nap = {0, 10000000};
	CHECK(clock_getres(CLOCK_MONOTONIC, &after) == 0 && after.tv_sec == 0 && after.tv_nsec > 0);
	CHECK(clock_getres(CLOCK_REALTIME, &after) == 0);
	CHECK(clock_gettime(CLOCK_REALTIME, &before) == 0 && before.tv_sec > 1600000000);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0);
	CHECK(nanosleep(&nap, NULL) == 0);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &after) == 0);
	CHECK((after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec >= nap.tv_nsec);
	after.tv_nsec += 1000000;
	if (after.tv_nsec >= 1000000000) {
		after.tv_nsec -= 1000000000;
		after.tv_sec++;
	}
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &after, NULL) == 0);
	CHECK(sched_yield() == 0);
}

// answer reads what the host put at descriptor 4, first too early.
static void answer(void) {
	char buf[64];
	CHECK(read(4, buf, sizeof buf) == -1 && errno == EAGAIN);
	struct pollfd fds[2] = {{.fd = 4, .events = POLLIN}, {.fd = 99, .events = POLLIN}};
	CHECK(poll(fds, 1, 1) == 0);
	CHECK(poll(fds, 2, -1) == 1 && fds[1].revents == POLLNVAL);
	puts("ready for the answer"); // the host waits for it
	fflush(stdout);
	CHECK(poll(fds, 1, -1) == 1 && fds[0].revents == POLLIN);
	CHECK(read(4, buf, 4) == 4 && memcmp(buf, "the ", 4) == 0);
	CHECK(fcntl(4, F_SETFL, 0) == 0 && (fcntl(4, F_GETFL) & O_NONBLOCK) == 0);
	CHECK(read(4, buf, sizeof buf) == 6 && memcmp(buf, "answer", 6) == 0);
	CHECK(read(4, buf, sizeof buf) == 0 && close(4) == 0);
}

int main(int argc, char **argv) {
	unsigned char chance[16] = {0}, none[16] = {0};
	CHECK(argc == 2 && strcmp(argv[0], "program") == 0 && strcmp(argv[1], "an argument") == 0);
	CHECK(getenv("NAME") && strcmp(getenv("NAME"), "value") == 0);
	CHECK(getentropy(chance, sizeof chance) == 0 && memcmp(chance, none, sizeof chance) != 0);
	streams();
	files();
	folders();
	clocks();
	answer();
	puts("done");
	return 7;
}
