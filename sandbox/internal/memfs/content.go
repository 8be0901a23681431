package memfs

import "math/bits"

const (
	pageBits  = 16
	pageSize  = 1 << pageBits
	pageMin   = 512 // the first page of a file is as small as this
	pageEntry = 24  // what a page costs in the table of pages
)

// content is the bytes of a file in /tmp.
//
//	size      0 ........................................ size
//	pages     [ 64 KiB ][ 64 KiB ][  nil  ][ 64 KiB ]       (no page: zeros)
//
// The first page has a power of two of bytes, from 512 to 64 KiB, as small
// files need no more; every other is whole. The table ends with the last page
// that was written. Bytes in a page beyond size are zero, so that extending the
// file touches no page.
type content struct {
	account *account
	size    uint64
	pages   [][]byte
}

// readAt copies from off into p, which ends where the file does at the latest.
func (c *content) readAt(p []byte, off uint64) int {
	if off >= c.size {
		return 0
	}
	p = p[:min(uint64(len(p)), c.size-off)]
	for done := 0; done < len(p); {
		i, at := (off+uint64(done))>>pageBits, int((off+uint64(done))%pageSize)
		part := p[done:min(len(p), done+pageSize-at)]
		n := 0
		if i < uint64(len(c.pages)) && at < len(c.pages[i]) {
			n = copy(part, c.pages[i][at:])
		}
		clear(part[n:])
		done += len(part)
	}
	return len(p)
}

// writeAt copies p to off, as much as fits.
func (c *content) writeAt(p []byte, off uint64) (int, Errno) {
	if len(p) == 0 {
		return 0, Success
	}
	largest := c.account.largest()
	if off >= largest {
		return 0, EFBIG
	}
	p = p[:min(uint64(len(p)), largest-off)]
	done := 0
	for done < len(p) {
		i, at := (off+uint64(done))>>pageBits, int((off+uint64(done))%pageSize)
		part := p[done:min(len(p), done+pageSize-at)]
		page := c.page(i, at+len(part))
		if page == nil {
			break
		}
		copy(page[at:], part)
		done += len(part)
	}
	if done == 0 {
		return 0, ENOSPC
	}
	c.size = max(c.size, off+uint64(done))
	return done, Success
}

// truncate sets the size, giving back the pages beyond it.
func (c *content) truncate(size uint64) Errno {
	if size > c.account.largest() {
		return EFBIG
	}
	if size < c.size {
		keep := (size + pageSize - 1) >> pageBits
		c.account.work(pageEntry * (len(c.pages) - int(min(keep, uint64(len(c.pages))))))
		for i := keep; i < uint64(len(c.pages)); i++ {
			c.account.give(int64(len(c.pages[i])))
			c.pages[i] = nil
		}
		c.pages = c.pages[:min(keep, uint64(len(c.pages)))]
		if at := size % pageSize; at > 0 && keep == uint64(len(c.pages)) {
			if last := c.pages[keep-1]; at < uint64(len(last)) {
				clear(last[at:])
			}
		}
	}
	if size == 0 {
		c.account.give(pageEntry * int64(cap(c.pages)))
		c.pages = nil
	}
	c.size = size
	return Success
}

// allocate gives pages to the n bytes at off and extends the file to hold them.
func (c *content) allocate(off, n uint64) Errno {
	if n == 0 {
		return EINVAL
	}
	largest := c.account.largest()
	if off >= largest || n > largest-off {
		return EFBIG
	}
	end := off + n
	first, last := off>>pageBits, (end-1)>>pageBits
	c.account.work(pageEntry * int(last-first+1))
	need := c.tableCost(last + 1)
	for i := first; i <= last; i++ {
		need += int64(pageLen(i, int(min(end-i<<pageBits, pageSize))) - c.pageLen(i))
		if need > c.account.room() {
			return ENOSPC
		}
	}
	for i := first; i <= last; i++ {
		c.page(i, int(min(end-i<<pageBits, pageSize)))
	}
	c.size = max(c.size, end)
	return Success
}

// page returns page i with at least its first need bytes, nil if there is no
// room for them.
func (c *content) page(i uint64, need int) []byte {
	if have := c.pageLen(i); have >= need {
		return c.pages[i]
	}
	if i >= uint64(len(c.pages)) && !c.extend(i+1) {
		return nil
	}
	old := c.pages[i]
	size := pageLen(i, need)
	c.account.work(size)
	if !c.account.take(int64(size - len(old))) {
		return nil
	}
	page := make([]byte, size)
	copy(page, old)
	c.pages[i] = page
	return page
}

// pageLen returns how many bytes page i has.
func (c *content) pageLen(i uint64) int {
	if i >= uint64(len(c.pages)) {
		return 0
	}
	return len(c.pages[i])
}

// pageLen returns how many bytes page i gets when need of them are wanted.
func pageLen(i uint64, need int) int {
	if i > 0 {
		return pageSize
	}
	return max(pageMin, 1<<bits.Len(uint(need-1)))
}

// extend makes the table n pages long.
func (c *content) extend(n uint64) bool {
	if n <= uint64(cap(c.pages)) {
		c.pages = c.pages[:n]
		return true
	}
	c.account.work(pageEntry * int(c.tableCap(n)))
	if !c.account.take(c.tableCost(n)) {
		return false
	}
	pages := make([][]byte, n, c.tableCap(n))
	copy(pages, c.pages)
	c.pages = pages
	return true
}

// tableCap returns the capacity the table gets to be n pages long: a quarter
// more than it had, so that appending page after page copies it rarely.
func (c *content) tableCap(n uint64) uint64 {
	have := uint64(cap(c.pages))
	if n <= have {
		return have
	}
	return max(n, have+have/4)
}

// tableCost returns what extending the table to n pages takes.
func (c *content) tableCost(n uint64) int64 {
	return pageEntry * int64(c.tableCap(n)-uint64(cap(c.pages)))
}
