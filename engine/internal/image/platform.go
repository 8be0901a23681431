package image

import (
	"os"
	"strings"
)

// platform is what the system offers. Tests take away from it.
type platform struct {
	methods Methods

	file func() (*os.File, error) // a new file for an image; nil if there are none
	seal func(*os.File) error     // makes it immutable

	// smallPages makes every page of b fault on its own first write.
	smallPages func(b []byte) error
	// faults returns how many page faults this thread has seen.
	faults func() (uint64, error)
	// scan looks for private pages at the addresses [from, to). It returns how
	// many runs of them it found and where it stopped looking.
	scan func(s *scanner, from, to uint64) (n int, end uint64, err error)
	// drop gives the private pages of b back: files and zeros show again.
	drop func(b []byte) error
	// present returns, for every page of b, whether it is in the page table or
	// swapped out. It touches none of them.
	present func(b []byte, pages []bool) error
}

// span is a run of pages, as the kernel reports it (struct page_region).
type span struct {
	from, to   uint64
	categories uint64
}

// zero says whether nothing but the system's page of zeros is mapped there.
func (s span) zero() bool { return s.categories&pageIsZero != 0 }

// pageIsZero is PAGE_IS_PFNZERO.
const pageIsZero = 1 << 5

// scanner has room for what one scan finds.
type scanner struct {
	spans [128]span
}

// Methods says by what means memories are restored on this system.
type Methods struct {
	Mapped bool // linear memory is mapped and grows in place
	Image  bool // images are sealed files, memories copy-on-write mappings of them
	Gate   bool // page faults of a thread are counted
	Scan   bool // the page table can be searched for private pages
	Drop   bool // private pages can be given back
}

// Supported returns what the self-test found out. It runs once in a process and
// takes half a millisecond.
func Supported() Methods { return detect().methods }

// String lists the methods by which memories are restored, best first.
func (m Methods) String() string {
	var list []string
	for _, method := range []struct {
		on   bool
		name string
	}{{m.Gate, "fault gate"}, {m.Scan, "page scan"}, {m.Drop, "drop"}} {
		if method.on {
			list = append(list, method.name)
		}
	}
	return strings.Join(append(list, "copy"), ", ")
}
