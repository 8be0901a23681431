package toolchain

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// sources are the files by which a language is known: a pattern of path.Match,
// and the language.
var sources = []struct{ pattern, language string }{
	{"*.go", "Go"},
	{"Cargo.toml", "Rust"},
	{"*.rs", "Rust"},
	{"asconfig.json", "AssemblyScript"},
	{"package.json", "JavaScript"},
	{"*.[jt]s", "JavaScript"},
	{"*.[cm]js", "JavaScript"},
	{"*.py", "Python"},
	{"*.c", "C"},
	{"*.cc", "C++"},
	{"*.cpp", "C++"},
	{"*.zig", "Zig"},
	{"*.wasm", "compiled already, needs no building"},
}

// findings are the files of each language in a folder.
type findings map[string][]string

// survey looks at the files of a folder, not at those of folders in it.
func survey(dir string) (findings, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%w: %s is a file; give the folder of its sources", ErrSource, dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSource, err)
	}
	found := findings{}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, s := range sources {
			if ok, _ := path.Match(s.pattern, name); ok { // the patterns are well-formed
				found[s.language] = append(found[s.language], name)
				break
			}
		}
	}
	return found, nil
}

// String names some of the files of each language.
func (f findings) String() string {
	if len(f) == 0 {
		return "it holds no source file of a known language"
	}
	const most = 3
	var parts []string
	for _, language := range slices.Sorted(maps.Keys(f)) {
		names := f[language]
		more := ""
		if len(names) > most {
			names, more = names[:most], ", …"
		}
		parts = append(parts, fmt.Sprintf("%s%s (%s)", strings.Join(names, ", "), more, language))
	}
	return "it holds " + strings.Join(parts, ", ")
}
