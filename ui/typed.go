package ui

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/wholefile"
	"sqleuth/ui/screen"
)

// typedLines is the part that keeps what was typed into prompts, by the name of the
// prompt, for later runs too. The file has a line of JSON for each, in the order of
// time; several programs may add to it at once.
type typedLines struct {
	file   string // empty where nothing is kept
	lines  map[string][]string
	failed bool // it was reported that lines cannot be kept
}

// typedLine is a line as the file has it.
type typedLine struct {
	Prompt string `json:"prompt"`
	Text   string `json:"text"`
}

// What is kept: notes are about a case, and in its file.
var keptPrompts = []string{"search", "filter", "command", "export"}

// Bounds of the file.
const (
	mostTyped     = 200     // lines of one prompt
	mostTypedFile = 1 << 20 // bytes that are read, the last ones
	fullTypedFile = 1 << 18 // bytes from which on it is written anew with what is kept
)

// Messages of the part to itself.
type (
	typedRead struct {
		lines map[string][]string
		err   error
	}
	typedKept struct{ err error }
)

// begin reads what earlier runs have kept.
func (k *typedLines) begin() tea.Cmd {
	if k.file == "" {
		return nil
	}
	file := k.file
	return screen.Work(func() tea.Msg {
		lines, err := readTyped(file)
		return typedRead{lines, err}
	})
}

// Update takes over what was read: what was typed meanwhile is later.
func (k *typedLines) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case typedRead:
		for name, lines := range m.lines {
			k.lines[name] = append(lines, k.lines[name]...)
		}
		return k.report("read", m.err), true
	case typedKept:
		return k.report("keep", m.err), true
	}
	return nil, false
}

// report reports once that the file cannot be used.
func (k *typedLines) report(what string, err error) tea.Cmd {
	if err == nil || k.failed {
		return nil
	}
	k.failed = true
	return failed(what+" what was typed into prompts", err)
}

// add keeps a line, unless it is the last one already.
func (k *typedLines) add(name, text string) tea.Cmd {
	have := k.lines[name]
	if text == "" || len(have) > 0 && have[len(have)-1] == text {
		return nil
	}
	k.lines[name] = append(slices.Clip(have), text)
	if k.file == "" || !slices.Contains(keptPrompts, name) {
		return nil
	}
	file := k.file
	return screen.Work(func() tea.Msg { return typedKept{appendTyped(file, typedLine{name, text})} })
}

// appendTyped adds a line in one write, which mixes with that of no other program.
func appendTyped(file string, l typedLine) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	return errors.Join(err, f.Close())
}

// readTyped reads the lines of each prompt, and shortens a file that has grown long. What
// is no line of ours is passed over.
func readTyped(file string) (map[string][]string, error) {
	text, err := tail(file, mostTypedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines := map[string][]string{}
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, mostTypedFile)
	for scanner.Scan() {
		var l typedLine
		if json.Unmarshal(scanner.Bytes(), &l) != nil || !slices.Contains(keptPrompts, l.Prompt) || l.Text == "" {
			continue
		}
		of := slices.DeleteFunc(lines[l.Prompt], func(have string) bool { return have == l.Text })
		lines[l.Prompt] = append(of[max(0, len(of)-mostTyped+1):], l.Text)
	}
	if len(text) > fullTypedFile {
		err = writeTyped(file, lines)
	}
	return lines, err
}

func tail(file string, most int64) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", file)
	}
	if _, err := f.Seek(max(0, info.Size()-most), io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, most))
}

// writeTyped replaces the file by the lines of each prompt.
func writeTyped(file string, lines map[string][]string) error {
	return wholefile.Target{Path: file, Force: true}.Write(func(w io.Writer) (err error) {
		to := json.NewEncoder(w)
		for _, name := range keptPrompts {
			for _, text := range lines[name] {
				err = errors.Join(err, to.Encode(typedLine{name, text}))
			}
		}
		return err
	})
}
