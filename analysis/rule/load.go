package rule

import (
	"cmp"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sqleuth/analysis/parallel"
	"sqleuth/analysis/wording"
)

//go:embed builtin
var builtin embed.FS

// Sources are where rules are read from beside the built-in ones.
type Sources struct {
	Dirs  []string // folders of rules; a later one replaces what an earlier one has
	Files []string // a site's filters, or single rules
}

// Document is a file of rules as it was read.
type Document struct {
	// Layer counts the folders of Sources from 1; 0 is a file of its own.
	Layer int
	Name  string // as the user would name it
	Text  []byte

	fsys   fs.FS  // where it was read, for the logs of tests; nil where that is not known
	folder string // in fsys
}

// builtinLayer is that of the built-in rules, which come first.
const builtinLayer = -1

// Bounds of a folder, beyond all rules that are published.
const (
	maxFiles  = 5000
	maxFolder = 16 << 20 // bytes
)

// Load reads the built-in rules, those of folders and files, and links them. The
// set holds all that is sound; the problems explain the rest.
func Load(from Sources, opt Options) (*Set, Problems) {
	var r reader
	for i, dir := range from.Dirs {
		r.dir(os.DirFS(dir), dir, i+1)
	}
	for _, name := range from.Files {
		dir, base := filepath.Split(name)
		r.file(os.DirFS(filepath.Clean(dir+".")), base, name, 0)
	}
	set, problems := LoadDocuments(r.documents, opt)
	return set, append(r.Problems, problems...).sorted()
}

// LoadDocuments is Load of files that an earlier one has read: the same set.
func LoadDocuments(list []Document, opt Options) (*Set, Problems) {
	ordered := slices.Clone(list)
	for i := range ordered {
		ordered[i].Layer = max(ordered[i].Layer, 0) // none is built in
	}
	last := func(d Document) uint { return uint(d.Layer - 1) } // files of their own
	slices.SortStableFunc(ordered, func(a, b Document) int { return cmp.Compare(last(a), last(b)) })
	layers, problems := parseAll(append(builtinDocuments(), ordered...), opt)
	set, more := NewSet(layers...)
	set.Documents = list
	return set, append(problems, more...).sorted()
}

// builtinDocuments returns the files of the built-in rules.
func builtinDocuments() []Document {
	var r reader
	files, err := fs.Sub(builtin, "builtin")
	if err != nil {
		panic(err) // the name is a path
	}
	r.dir(files, "builtin", builtinLayer)
	return r.documents
}

// parseAll reads documents, those of one layer after those of the other.
func parseAll(list []Document, opt Options) (layers []File, problems Problems) {
	files, wrong := make([]File, len(list)), make([]Problems, len(list))
	workers := parallel.Workers()
	parallel.Do(workers, func(w int) {
		for i := w; i < len(list); i += workers {
			files[i], wrong[i] = list[i].Parse(opt)
		}
	})
	for i, d := range list {
		if i == 0 || d.Layer != list[i-1].Layer {
			layers = append(layers, File{})
		}
		layers[len(layers)-1].add(files[i])
		problems = append(problems, wrong[i]...)
	}
	return layers, problems
}

// reader reads files of rules.
type reader struct {
	Problems
	documents []Document
}

// dir reads the files *.yml and *.yaml of a folder, which the user calls called, and
// its folders. Files and folders whose name begins with a dot are passed over.
func (r *reader) dir(fsys fs.FS, called string, layer int) {
	files, bytes := 0, 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(path.Base(name), ".") && name != "."
		switch {
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir(), hidden, path.Ext(name) != ".yml" && path.Ext(name) != ".yaml":
			return nil
		}
		if files++; files > maxFiles || bytes > maxFolder {
			r.add(called, 0, "more than %d files or %d MiB: the rest is not read", maxFiles, maxFolder>>20)
			return fs.SkipAll
		}
		bytes += r.file(fsys, name, filepath.Join(called, filepath.FromSlash(name)), layer)
		return nil
	})
	if err != nil {
		r.add(called, 0, "cannot be read: %v", wording.Pathless(err))
	}
}

// file reads one file and returns its length.
func (r *reader) file(fsys fs.FS, name, called string, layer int) int {
	text, err := readFile(fsys, name)
	if err != nil {
		r.add(called, 0, "cannot be read: %v", wording.Pathless(err))
		return 0
	}
	r.documents = append(r.documents, Document{layer, called, text, fsys, path.Dir(name)})
	return len(text)
}

// readFile reads a file unless it is too long or no plain file.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a plain file")
	case info.Size() > maxFile:
		return nil, errors.New("too long for a file of rules")
	}
	return fs.ReadFile(fsys, name)
}
