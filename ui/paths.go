package ui

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen"
)

// paths completes names of files. Folders are read in the background, once for each
// prompt: one may be on a slow disk.
type paths struct {
	known map[string][]string // by folder as it is typed, ascending; those of folders end in a slash
}

// pathsRead is what is in a folder.
type pathsRead struct {
	folder string
	names  []string
}

// mostPaths bounds the names of a folder.
const mostPaths = 10_000

// forget lets folders be read again.
func (p *paths) forget() { p.known = map[string][]string{} }

// want reads the folder of what is typed, unless it is known.
func (p *paths) want(typed string) tea.Cmd {
	folder, _ := filepath.Split(typed)
	if _, ok := p.known[folder]; ok {
		return nil
	}
	p.known[folder] = nil
	return screen.Work(func() tea.Msg { return pathsRead{folder, namesIn(folder)} })
}

// namesIn returns what is in a folder, but for names that cannot be typed into one line.
func namesIn(folder string) (names []string) {
	if folder = atHome(folder); folder == "" {
		folder = "."
	}
	f, err := os.Open(folder)
	if err != nil {
		return nil // there is nothing to offer
	}
	defer f.Close()
	entries, err := f.ReadDir(mostPaths)
	if err != nil && err != io.EOF {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) {
			continue
		}
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// atHome returns a path with the user's folder in the place of a leading ~, as shells do.
func atHome(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return home + rest
}

// complete returns the paths that a text may become; hidden ones where it begins
// so.
func (p *paths) complete(typed string) (out []string) {
	folder, begin := filepath.Split(typed)
	for _, name := range p.known[folder] {
		if strings.HasPrefix(name, begin) && (begin != "" || name[0] != '.') && name != begin {
			out = append(out, folder+name)
		}
	}
	return out
}

// hostFile is where in the text of a filter the name of a file begins that its last word
// has: host:@office.txt.
func hostFile(text string) (at int, ok bool) {
	word := strings.LastIndexAny(text, " (") + 1
	at = strings.Index(text[word:], "host:@")
	if at < 0 || strings.ContainsAny(text[word:], `"`) {
		return 0, false
	}
	at += word + len("host:@")
	return at, !strings.ContainsAny(text[at:], ",~")
}
