package memfs

import "testing"

// A few numbers of the specification, spread over the list, pin all of them.
func TestErrnoNumbers(t *testing.T) {
	for e, number := range map[Errno]uint16{
		Success: 0, EACCES: 2, EBADF: 8, EEXIST: 20, EINVAL: 28, EISDIR: 31,
		ENAMETOOLONG: 37, ENOENT: 44, ENOSPC: 51, ENOTDIR: 54, ENOTSUP: 58,
		EPERM: 63, EROFS: 69, EXDEV: 75, ENOTCAPABLE: 76,
	} {
		if uint16(e) != number {
			t.Errorf("%v is %d, want %d", e, uint16(e), number)
		}
	}
}

func TestErrnoText(t *testing.T) {
	for e, text := range map[Errno]string{
		ENOENT:      "ENOENT: no such file or directory",
		ENOTCAPABLE: "ENOTCAPABLE: capabilities insufficient",
		77:          "errno 77",
		65535:       "errno 65535",
	} {
		if e.Error() != text {
			t.Errorf("%d reads %q, want %q", uint16(e), e.Error(), text)
		}
	}
}
