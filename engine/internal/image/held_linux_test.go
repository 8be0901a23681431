package image

import (
	"os"
	"syscall"
	"testing"
)

// TestHeld compares what an image says that it holds with what the system has
// given to its file.
func TestHeld(t *testing.T) {
	for name, content := range images() {
		for kind, p := range kinds() {
			i, err := freeze(p, content)
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close()
			held := i.Held() - uint64(len(i.data))*8
			want := uint64(len(i.content))
			if i.mapped {
				info, err := i.file.Stat()
				if err != nil {
					t.Fatal(err)
				}
				want = uint64(info.Sys().(*syscall.Stat_t).Blocks) * 512
			}
			// A page of the system may have more than one block.
			if held > want || want > held*uint64(os.Getpagesize()/blockSize) {
				t.Errorf("%s, %s: it says %d bytes, the system %d", name, kind, held, want)
			}
		}
	}
}
