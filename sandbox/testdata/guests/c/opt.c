// Reactor: reads the files below /opt that the event, a list of paths with spaces
// between them as a JSON string, names, and tries to change one. Every value is
// what was read, or the errno of the step that failed, negated:
//
//	"a.txt d/b.txt" → {"a.txt":"…","d/b.txt":-44,"list":"a.txt d ","write":-69,"unlink":-69,"mkdir":-69}
//
// "list" is what /opt holds, in no order. What the init phase found in
// /opt/init.txt is in "init": an image keeps it.

#include "answer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[65536], event[4096], path[4200];

static struct {
	char text[256];
	long len;
} init;

static long read_file(const char *name, char *to, size_t most)
{
	int fd = open(name, O_RDONLY);
	if (fd < 0)
		return -errno;
	long n = read(fd, to, most);
	n = n < 0 ? -errno : n;
	close(fd);
	return n;
}

static void answer_read(const char *before, const char *text, long n)
{
	if (n < 0)
		answer_number(before, n);
	else
		answer_string(before, text, (uint32_t)n);
}

static void answer_result(const char *before, int result)
{
	answer_number(before, result < 0 ? -errno : result);
}

LAMBENT_EXPORT(lambent_init) int32_t lambent_init(void)
{
	init.len = read_file("/opt/init.txt", init.text, sizeof init.text);
	return 0;
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	int32_t n = lambent_event_read(event, sizeof event - 1, 0);
	if (n >= 2 && event[0] == '"') {
		event[n - 1] = 0;
		const char *before = "{\"";
		for (char *name = event + 1; *name;) {
			size_t len = strcspn(name, " ");
			int last = name[len] == 0;
			name[len] = 0;
			strcpy(path, "/opt/");
			strcat(path, name);
			answer_text(before);
			answer_escaped(name, (uint32_t)len);
			answer_read("\":", buffer, read_file(path, buffer, sizeof buffer));
			before = ",\"";
			name += len + !last;
		}
		answer_text(before);
	} else {
		answer_text("{\"");
	}
	answer_text("list\":\"");
	DIR *dir = opendir("/opt");
	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		answer_escaped(e->d_name, (uint32_t)strlen(e->d_name));
		answer_text(" ");
	}
	if (dir)
		closedir(dir);
	answer_read("\",\"init\":", init.text, init.len);
	answer_result(",\"write\":", open("/opt/new.txt", O_WRONLY | O_CREAT, 0600));
	answer_result(",\"unlink\":", unlink("/opt/a.txt"));
	answer_result(",\"mkdir\":", mkdir("/opt/new", 0700));
	answer_text("}");
	return answer_end();
}
