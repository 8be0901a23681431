package memfs

// What a step costs that has no bytes to count, in bytes.
const (
	lookupWork = 1024 // finding a name in a folder
	parentWork = 64   // going from a folder to the one that it is in
)

// OnWork has pay called for work that grows with what is asked for and is not
// the bytes that are read or written: names that are looked up, pages that are
// made, tables of pages and entries that are gone through or moved. bytes is
// about how many bytes could be copied meanwhile. It is called before memory is
// taken, and again for each page, so that a long Allocate can be ended: pay need
// not return. Handles can only be closed then.
func (f *FS) OnWork(pay func(bytes int)) { f.account.pay = pay }

func (a *account) work(bytes int) {
	if a.pay != nil && bytes > 0 {
		a.pay(bytes)
	}
}
