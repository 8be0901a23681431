package image

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSelfTest tries methods that do not do what they should, as on systems that
// imitate a kernel: each must be off, and nothing that relies on it on.
func TestSelfTest(t *testing.T) {
	sound := detect()
	all := Methods{Mapped: true, Image: true, Gate: true, Scan: true, Drop: true}
	if sound.methods != all {
		t.Skipf("here is only: %+v", sound.methods)
	}
	count := uint64(0)
	for name, test := range map[string]struct {
		change func(p *platform)
		want   Methods
	}{
		"sound":        {func(*platform) {}, all},
		"no faults":    {func(p *platform) { p.faults = func() (uint64, error) { return 0, nil } }, Methods{true, true, false, true, true}},
		"major faults": {func(p *platform) { p.faults = majorFaults }, Methods{true, true, false, true, true}},
		"half faults": {func(p *platform) {
			p.faults = func() (uint64, error) { count++; return count / 3, nil }
		}, Methods{true, true, false, true, true}},
		"failing faults": {func(p *platform) {
			p.faults = func() (uint64, error) { count++; return count, errors.New("no") }
		}, Methods{true, true, false, true, true}},
		"huge pages": {func(p *platform) {
			p.smallPages = func([]byte) error { return errors.New("no") }
		}, Methods{true, true, false, true, true}},
		"no scan": {func(p *platform) {
			p.scan = func(*scanner, uint64, uint64) (int, uint64, error) { return 0, 0, errors.New("no") }
		}, Methods{true, true, true, false, true}},
		"blind scan": {func(p *platform) {
			p.scan = func(_ *scanner, _, to uint64) (int, uint64, error) { return 0, to, nil }
		}, Methods{true, true, true, false, true}},
		"short scan": {func(p *platform) {
			p.scan = func(s *scanner, from, to uint64) (int, uint64, error) {
				n, _, err := sound.scan(s, from, to)
				return n, from, err
			}
		}, Methods{true, true, true, false, true}},
		"scan of the image only": {func(p *platform) {
			p.scan = func(s *scanner, from, to uint64) (int, uint64, error) {
				n, end, err := sound.scan(s, from, to)
				return n - 1, end, err
			}
		}, Methods{true, true, true, false, true}},
		"no pagemap": {func(p *platform) { p.scan, p.present = nil, nil }, Methods{true, true, true, false, true}},
		"drop of nothing": {func(p *platform) {
			p.drop = func([]byte) error { return nil }
		}, Methods{true, true, false, false, false}},
		"drop that fails": {func(p *platform) {
			p.drop = func([]byte) error { return errors.New("no") }
		}, Methods{true, true, false, false, false}},
		"no file": {func(p *platform) {
			p.file = func() (*os.File, error) { return nil, errors.New("no") }
		}, Methods{true, false, true, true, true}},
		"file that is not sealed": {func(p *platform) {
			p.seal = func(*os.File) error { return nil }
		}, Methods{true, false, true, true, true}},
		"file that can shrink": {func(p *platform) {
			p.seal = func(f *os.File) error {
				_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE)
				return err
			}
		}, Methods{true, false, true, true, true}},
		"file that cannot be sealed": {func(p *platform) {
			p.seal = func(*os.File) error { return errors.New("no") }
		}, Methods{true, false, true, true, true}},
	} {
		p := without(test.change)
		p.test()
		if p.methods != test.want {
			t.Errorf("%s: %+v, want %+v", name, p.methods, test.want)
		}
		if (p.file != nil) != p.methods.Image || (p.faults != nil) != p.methods.Gate || (p.scan != nil) != p.methods.Scan || (p.drop != nil) != p.methods.Drop {
			t.Errorf("%s: what is off is still there", name)
		}
	}
}

func TestMethodsAreNamed(t *testing.T) {
	for m, want := range map[Methods]string{
		{Gate: true, Scan: true, Drop: true}: "fault gate, page scan, drop, copy",
		{Drop: true, Mapped: true}:           "drop, copy",
		{}:                                   "copy",
	} {
		if got := m.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
