package function_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestCodeStorage fills an account's quota to the last byte.
func TestCodeStorage(t *testing.T) {
	zip := packGuest(t, "tiny")
	size := int64(len(zip))
	larger := pack(t, "bootstrap", string(guest(t, "tiny")), "more", "x")
	dir := t.TempDir()
	kept := openStore(t, dir)
	s, ctx := newService(t, function.Config{Store: kept, CodeStorage: 3 * size}), t.Context()
	full := func(what string, err error) {
		t.Helper()
		wantFault(t, what, err, fault.CodeStorageExceeded, "Code storage limit exceeded.")
	}
	uses := func(want int64) {
		t.Helper()
		if u, err := s.AccountUsage(ctx); err != nil || u.CodeSize != want || u.CodeStorage != 3*size {
			t.Errorf("%+v, %v; want %d bytes of %d", u, err, want, 3*size)
		}
	}
	active(t, s, "f", zip)
	in := function.CreateInput{Name: "g", Zip: zip, Settings: settings(), Publish: true}
	if _, err := s.Create(ctx, in); err != nil {
		t.Fatal(err)
	}
	settle(t, s, "g")
	uses(3 * size)
	_, err := s.Create(ctx, function.CreateInput{Name: "h", Zip: zip, Settings: settings()})
	full("one more function", err)
	_, err = s.Publish(ctx, function.PublishInput{Ref: ref("f", "")})
	full("one more version", err)
	_, err = s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: larger})
	full("a larger package", err)
	_, err = s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: zip, Publish: true})
	full("a version of a new package", err)
	if v, err := s.Publish(ctx, function.PublishInput{Ref: ref("g", "")}); err != nil || v.Version != "1" {
		t.Errorf("the version that is there: %+v, %v", v, err)
	}
	if _, err := s.UpdateCode(ctx, function.UpdateCodeInput{Ref: ref("f", ""), Zip: zip}); err != nil {
		t.Errorf("a package of the same size: %v", err)
	}
	settle(t, s, "f")
	uses(3 * size)

	// What is removed makes room.
	if err := s.Delete(ctx, ref("g", "1")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(ctx, function.PublishInput{Ref: ref("f", "")}); err != nil {
		t.Errorf("after a version was removed: %v", err)
	}
	uses(3 * size)
	if err := s.Delete(ctx, ref("f", "")); err != nil {
		t.Fatal(err)
	}
	create(t, s, "h", zip)
	settle(t, s, "h")
	uses(2 * size)

	// What failed has taken nothing, and another Service finds what is there.
	closeNow(t, s)
	s = newService(t, function.Config{Store: kept, CodeStorage: 3 * size})
	for range 5 {
		_, err := s.Create(ctx, function.CreateInput{Name: "h", Zip: zip, Settings: settings()})
		wantFault(t, "a name that is taken", err, fault.ResourceConflict, "Function already exist")
	}
	create(t, s, "i", zip)
	settle(t, s, "i")
	uses(3 * size)
	_, err = s.Create(ctx, function.CreateInput{Name: "j", Zip: zip, Settings: settings()})
	full("one more", err)
}

// TestCodeStorageSideBySide: functions that are created at once never take more than
// there is.
func TestCodeStorageSideBySide(t *testing.T) {
	zip := packGuest(t, "tiny")
	s := newService(t, function.Config{CodeStorage: 5 * int64(len(zip))})
	var (
		group sync.WaitGroup
		made  atomic.Int64
	)
	for i := range 20 {
		group.Go(func() {
			_, err := s.Create(t.Context(), function.CreateInput{Name: "f" + string(rune('a'+i)), Zip: zip, Settings: settings()})
			if err == nil {
				made.Add(1)
				return
			}
			wantFault(t, "one more", err, fault.CodeStorageExceeded, "")
		})
	}
	group.Wait()
	if n := made.Load(); n < 1 || n > 5 {
		t.Errorf("%d functions were created, there is room for 5", n)
	}
}
