package function

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// packageOf makes a package of these files and a module.
func packageOf(t *testing.T, files ...string) *sandbox.Package {
	t.Helper()
	module, err := os.ReadFile("../../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range append(files, "bootstrap") {
		entry, err := w.Create(name)
		if err == nil && name == "bootstrap" {
			_, err = entry.Write(module)
		} else if err == nil && name[len(name)-1] != '/' {
			_, err = entry.Write([]byte("this is " + name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	pkg, err := sandbox.ReadPackage(b.Bytes(), sandbox.PackageLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// seen is everything that a function could see of files.
func seen(t *testing.T, files fs.FS) (all []string) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var content []byte
		if !d.IsDir() {
			content, err = fs.ReadFile(files, name)
		}
		all = append(all, fmt.Sprint(name, d.Name(), d.IsDir(), d.Type(), info.Size(), info.ModTime().UnixNano(), content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestListing: a record's list of files shows what is in the package, and reads
// that once, when a file is wanted.
func TestListing(t *testing.T) {
	pkg := packageOf(t, "a/b/deep.txt", "empty/", "z.txt")
	c, err := contentsOf(pkg)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var stored contents
	if err := json.Unmarshal(b, &stored); err != nil {
		t.Fatal(err)
	}
	read := 0
	var fails error = errors.New("no disk")
	l := newListing(stored.Files, func() (*sandbox.Package, error) { read++; return pkg, fails })
	if _, err := fs.ReadDir(l, "a/b"); err != nil || read != 0 {
		t.Errorf("listing: %v, the package was read %d times", err, read)
	}
	if _, err := fs.ReadDir(l, "nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := l.Open("z.txt"); !errors.Is(err, fails) {
		t.Errorf("when the package cannot be read: %v", err)
	}
	fails = nil
	if got, want := seen(t, l), seen(t, pkg.Files); !reflect.DeepEqual(got, want) || len(want) != 6 {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if read != 2 {
		t.Errorf("the package was read %d times", read)
	}
}

// TestManyFilesAreNotListed keeps records small.
func TestManyFilesAreNotListed(t *testing.T) {
	var names []string
	for i := range maxListed {
		names = append(names, fmt.Sprint("file", i))
	}
	if c, err := contentsOf(packageOf(t, names[1:]...)); err != nil || c == nil || len(c.Files) != maxListed {
		t.Errorf("%d files: %v, %v", maxListed, c, err)
	}
	if c, err := contentsOf(packageOf(t, names...)); err != nil || c != nil {
		t.Errorf("%d files: %v, %v", maxListed+1, c, err)
	}
	long := strings.Repeat(strings.Repeat("d", 200)+"/", 2) // in two folders, as many files as fit beside them
	for names = nil; len(names) < maxListedPaths/len(long+"00")-1; {
		names = append(names, fmt.Sprintf("%s%02d", long, len(names)))
	}
	if c, err := contentsOf(packageOf(t, names[1:]...)); err != nil || c == nil || pathBytes(c.Files) > maxListedPaths {
		t.Errorf("long paths: %v, %v", c, err)
	}
	names = append(names, long+strings.Repeat("f", 250), long+strings.Repeat("g", 250))
	if c, err := contentsOf(packageOf(t, names...)); err != nil || c != nil {
		t.Errorf("long paths of more than %d bytes: %v, %v", maxListedPaths, c, err)
	}
}

// torn is files of which one folder cannot be read.
type torn struct {
	fs.FS
	folder string
}

func (f torn) Open(name string) (fs.File, error) {
	if name == f.folder {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.FS.Open(name)
}

// TestTornFilesAreNotListed: that paths are long hides no error.
func TestTornFilesAreNotListed(t *testing.T) {
	var names []string
	for i := range maxListed / 2 {
		names = append(names, fmt.Sprint(strings.Repeat(strings.Repeat("f", 200)+"/", 3), i))
	}
	pkg := packageOf(t, append(names, "torn/")...)
	pkg.Files = torn{pkg.Files, "torn"}
	if _, err := contentsOf(pkg); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v, want that a folder cannot be read", err)
	}
}
