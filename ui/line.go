package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
)

// line is a place in one line of text:
//
//	:entries user:root /heartbeat @13:06
//
// a screen, what it is narrowed to, a text to search for, and where the cursor goes.
type line struct {
	at     message.Screen
	filter filter.Filter
	search string
	cursor string // a time, as goto takes it
	entry  int    // instead: its number; 0 for none
}

// lineArgs is how the help writes what may follow the name of a screen.
const lineArgs = "[FILTER] [/TEXT] [@TIME]"

// CheckLine reports what is wrong with the text of a place.
func CheckLine(text string) error {
	_, err := parseLine(text)
	return err
}

// parseLine reads a place; the colon may be left out.
func parseLine(text string) (line, error) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(text), ":"), " ")
	if at := slices.Index(screenNames(), strings.ToLower(name)); at >= 0 {
		l := line{at: message.Screen(at)}
		return l, l.take(rest)
	}
	return line{}, fmt.Errorf("there is no screen %q: write :SCREEN %s, such as :entries user:root /heartbeat @13:06", name, lineArgs)
}

// screenNames are the screens as lines and goto name them.
var screenNames = sync.OnceValue(func() (names []string) {
	for _, s := range makeScreens(theme.Plain(), nil) {
		names = append(names, strings.ToLower(s.Title()))
	}
	return names
})

// take reads what follows the name of a screen.
func (l *line) take(rest string) error {
	terms, cursor, found := cutWord(rest, func(word string) bool { return strings.HasPrefix(word, "@") })
	if found {
		if l.cursor = strings.TrimSpace(cursor[1:]); l.cursor == "" {
			return errors.New("@ needs a time such as @13:06, or the number of an entry")
		}
		if n, err := strconv.Atoi(strings.ReplaceAll(l.cursor, ",", "")); err == nil && n > 0 {
			if l.cursor, l.entry = "", n; l.at != message.Entries {
				return errors.New("@ and the number of an entry are for :entries")
			}
		}
	}
	// A regular expression is closed, and a filter; /TEXT is not.
	terms, search, found := cutWord(terms, func(word string) bool {
		return strings.HasPrefix(word, "/") && (len(word) == 1 || !strings.HasSuffix(word, "/"))
	})
	if found {
		if l.search = strings.TrimSpace(search[1:]); l.search == "" {
			return errors.New("/ needs a text to search for")
		}
	}
	var err error
	l.filter, err = filter.Parse(terms)
	return err
}

// cutWord cuts a text before the first word that is so; words in quotation marks are
// none.
func cutWord(text string, is func(word string) bool) (before, from string, found bool) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case !quoted && text[i] != ' ' && (i == 0 || text[i-1] == ' '):
			word, _, _ := strings.Cut(text[i:], " ")
			if is(word) {
				return text[:i], text[i:], true
			}
		}
	}
	return text, "", false
}

// goToLine leads to a place in one line.
func (l *commandLine) goToLine(text string) (tea.Cmd, error) {
	to, err := parseLine(text)
	if err != nil {
		return nil, err
	}
	return l.show(to)
}

// show leads to a place.
func (l *commandLine) show(to line) (tea.Cmd, error) {
	if s := l.places.snapshot; s != nil && s.Loaded && to.entry > s.Len() {
		return nil, l.noEntry(to.entry)
	}
	here := l.places.focus().At // before the cursor is among other rows
	return tea.Batch(l.places.goTo(to.place()), l.point(to, here)), nil
}

// point leads the cursor to where a line has it among the rows of its place; it was on a
// time, 0 for none.
func (l *commandLine) point(to line, here int64) tea.Cmd {
	var cmds []tea.Cmd
	if to.cursor != "" {
		cmd, err := l.goToFrom(here, to.cursor)
		if err != nil {
			return failed("go to "+to.cursor, err)
		}
		cmds = append(cmds, cmd)
	}
	if to.search != "" {
		cmds = append(cmds, tell(textAsked{message.Search{Text: to.search, Here: true}}))
	}
	return tea.Batch(cmds...)
}

// place is where a line leads, but for the cursor.
func (l line) place() place {
	to := place{at: l.at, row: l.entry}
	if !l.filter.IsZero() {
		to.here.only = &layer{title: l.filter.String(), filter: l.filter, on: true}
	}
	return to
}

// line is the text of where the analyst is.
func (p *places) line() (string, error) {
	text := ":" + screenNames()[p.at]
	var all filter.Filter
	for _, l := range p.filters.active() {
		if l.pick != nil {
			return "", fmt.Errorf("no filter says %q", l.shown())
		}
		all = all.And(l.filter)
	}
	if !all.IsZero() {
		text += " " + all.String()
	}
	if p.at == message.Entries {
		if row, ok := p.lists(p.at)[0].Row(); ok {
			text += fmt.Sprintf(" @%d", row+1)
		}
	}
	return text, nil
}

// link copies the command that shows what is shown.
func (l *commandLine) link() tea.Cmd {
	text, err := l.places.line()
	if err != nil {
		return failed("copy a command that shows this", err)
	}
	command := ShellQuoted(l.command...) + " --open " + ShellQuoted(text)
	if len(l.logs) > 0 {
		command += " " + ShellQuoted(l.logs...)
	}
	return message.Request(message.Copy{What: command, Text: func(context.Context) (string, error) { return command, nil }})
}

// ShellQuoted writes words for a POSIX shell.
func ShellQuoted(words ...string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w
		if w == "" || strings.IndexFunc(w, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./:,@%", r)
		}) >= 0 {
			out[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}

// opening is the part that leads to the place that the program was started for: its rows
// at once, and its cursor when the whole log is read, unless a key came first.
type opening struct {
	commands       *commandLine
	cursor, search string // of the line, as long as the rows for them may still come
}

// begin leads to a place that CheckLine knows; nothing for none.
func (o *opening) begin(text string) tea.Cmd {
	if text == "" {
		return nil
	}
	to, err := parseLine(text)
	if err != nil {
		return failed("open "+text, err)
	}
	o.cursor, o.search = to.cursor, to.search
	to.cursor, to.search = "", ""
	cmd, err := o.commands.show(to)
	if err != nil {
		return failed("open "+text, err)
	}
	return cmd
}

// touched takes up that the analyst does something else.
func (o *opening) touched() { o.cursor, o.search = "", "" }

// Update puts the cursor to its place.
func (o *opening) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch msg.(type) {
	case message.Snapshot, message.Filtered:
	default:
		return nil, false
	}
	if o.cursor+o.search == "" || !o.commands.filters.allFound() {
		return nil, false
	}
	to := line{cursor: o.cursor, search: o.search}
	o.touched()
	return o.commands.point(to, o.commands.places.focus().At), false
}
