package rule

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

//go:embed builtin
var builtin embed.FS

// Sources are where rules are read from beside the built-in ones.
type Sources struct {
	Dirs  []string // folders of rules; a later one replaces what an earlier one has
	Files []string // a site's filters, or single rules
}

// Bounds of a folder, beyond all rules that are published.
const (
	maxFiles  = 5000
	maxFolder = 16 << 20 // bytes
)

// Load reads the built-in rules, those of folders and files, and links them. The
// set holds all that is sound; the problems explain the rest.
func Load(from Sources, opt Options) (*Set, Problems) {
	layer, problems := builtinRules(opt)
	layers := []File{layer}
	var read []Document
	keep := func(layer int, documents []Document) {
		for _, d := range documents {
			read = append(read, Document{layer, d.Name, d.Text})
		}
	}
	for i, dir := range from.Dirs {
		layer, more := ReadDir(os.DirFS(dir), ".", dir, opt)
		layers, problems = append(layers, layer), append(problems, more...)
		keep(i+1, layer.documents)
	}
	var single File
	for _, name := range from.Files {
		dir, base := filepath.Split(name)
		file, more := readFile(os.DirFS(filepath.Clean(dir+".")), base, name, opt)
		single.add(file)
		problems = append(problems, more...)
	}
	keep(0, single.documents)
	set, more := NewSet(append(layers, single)...)
	set.Documents = read
	return set, append(problems, more...).sorted()
}

// LoadDocuments is Load of files that an earlier one has read: the same set.
func LoadDocuments(list []Document, opt Options) (*Set, Problems) {
	layer, problems := builtinRules(opt)
	layers := []File{layer}
	var single File
	for _, d := range list {
		file, more := Parse(d.Name, d.Text, opt)
		problems = append(problems, more...)
		if d.Layer == 0 {
			single.add(file)
			continue
		}
		for len(layers) <= d.Layer && len(layers) <= maxFiles {
			layers = append(layers, File{})
		}
		layers[min(d.Layer, len(layers)-1)].add(file)
	}
	set, more := NewSet(append(layers, single)...)
	set.Documents = list
	return set, append(problems, more...).sorted()
}

// builtinRules reads the rules of the program.
func builtinRules(opt Options) (File, Problems) {
	opt.testsLater = true
	layer, problems := ReadDir(builtin, "builtin", "builtin", opt)
	for _, r := range layer.Rules {
		r.Builtin = true
	}
	return layer, problems
}

// add adds what another file holds.
func (f *File) add(other File) {
	f.Rules, f.Filters, f.documents = append(f.Rules, other.Rules...), append(f.Filters, other.Filters...), append(f.documents, other.documents...)
}

// ReadDir reads the files *.yml and *.yaml of a folder and its folders. Called is
// what the user calls root. Files and folders whose name begins with a dot are
// passed over.
func ReadDir(fsys fs.FS, root, called string, opt Options) (File, Problems) {
	var out File
	var problems Problems
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
			problems.add(called, 0, "more than %d files or %d MiB: the rest is not read", maxFiles, maxFolder>>20)
			return fs.SkipAll
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(name, root), "/")
		if root == "." {
			rel = name
		}
		file, more := readFile(fsys, name, filepath.Join(called, filepath.FromSlash(rel)), opt)
		for _, d := range file.documents {
			bytes += len(d.Text)
		}
		out.add(file)
		problems = append(problems, more...)
		return nil
	})
	if err != nil {
		problems.add(called, 0, "cannot be read: %v", cause(err))
	}
	return out, problems
}

// readFile reads one file.
func readFile(fsys fs.FS, name, called string, opt Options) (file File, problems Problems) {
	text, err := fs.ReadFile(limited{fsys}, name)
	if err != nil {
		problems.add(called, 0, "cannot be read: %v", cause(err))
		return File{}, problems
	}
	file, problems = Parse(called, text, opt)
	file.documents = []Document{{Name: called, Text: text}}
	for _, r := range file.Rules {
		r.fsys, r.folder = fsys, path.Dir(name)
	}
	return file, problems
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

// cause returns an error without the path, which the message has already.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
