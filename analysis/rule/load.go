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
		r.dir(os.DirFS(dir), ".", dir, i+1)
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
	var own reader
	own.dir(builtin, "builtin", "builtin", 0)
	unseen := opt
	unseen.testsLater = true
	first, problems := parseAll(own.documents, unseen)
	for _, r := range first.Rules {
		r.Builtin = true
	}
	layers := []File{first}
	rest := slices.Clone(list)
	last := func(d Document) uint { return uint(d.Layer - 1) } // files of their own
	slices.SortStableFunc(rest, func(a, b Document) int { return cmp.Compare(last(a), last(b)) })
	for len(rest) > 0 {
		n := 1
		for n < len(rest) && rest[n].Layer == rest[0].Layer {
			n++
		}
		layer, more := parseAll(rest[:n], opt)
		layers, problems, rest = append(layers, layer), append(problems, more...), rest[n:]
	}
	set, more := NewSet(layers...)
	set.Documents = list
	return set, append(problems, more...).sorted()
}

// parseAll reads the documents of one layer.
func parseAll(list []Document, opt Options) (all File, problems Problems) {
	for _, d := range list {
		file, more := Parse(d.Name, d.Text, opt)
		for _, r := range file.Rules {
			r.fsys, r.folder = d.fsys, d.folder
		}
		all.Rules, all.Filters = append(all.Rules, file.Rules...), append(all.Filters, file.Filters...)
		problems = append(problems, more...)
	}
	return all, problems
}

// reader reads files of rules.
type reader struct {
	Problems
	documents []Document
}

// dir reads the files *.yml and *.yaml of a folder and its folders. Called is what the
// user calls root. Files and folders whose name begins with a dot are passed over.
func (r *reader) dir(fsys fs.FS, root, called string, layer int) {
	files, bytes := 0, 0
	err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(path.Base(name), ".") && name != root
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
		below := strings.TrimPrefix(strings.TrimPrefix(name, root), "/")
		if root == "." {
			below = name
		}
		bytes += r.file(fsys, name, filepath.Join(called, filepath.FromSlash(below)), layer)
		return nil
	})
	if err != nil {
		r.add(called, 0, "cannot be read: %v", wording.Pathless(err))
	}
}

// file reads one file and returns its length.
func (r *reader) file(fsys fs.FS, name, called string, layer int) int {
	text, err := fs.ReadFile(limited{fsys}, name)
	if err != nil {
		r.add(called, 0, "cannot be read: %v", wording.Pathless(err))
		return 0
	}
	r.documents = append(r.documents, Document{layer, called, text, fsys, path.Dir(name)})
	return len(text)
}

// limited refuses files that are too long, and what is no plain file, before
// reading them.
type limited struct{ fs.FS }

func (l limited) Open(name string) (fs.File, error) {
	info, err := fs.Stat(l.FS, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a plain file")
	case info.Size() > maxFile:
		return nil, errors.New("too long for a file of rules")
	}
	return l.FS.Open(name)
}
