package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
)

// commandLine is what ':' takes, and what its commands act on.
type commandLine struct {
	places  *places
	labels  *labelling
	filters *filtering
	runs    *runs
	exports *exports
	follows *following
	theme   *theme.Theme
	command []string // the command that has started the program, without the logs
	logs    []string
	paths   *paths
	handing *handing
	servers *separating
}

// command is one of those that ':' takes.
type command struct {
	name string
	args string // as the help shows them; behind [ they may be left out
	what string
	// complete returns what arguments may become; nil offers none.
	complete func(l *commandLine, arg string) []string
	do       func(l *commandLine, arg string) (tea.Cmd, error)
}

// commands is the one list of commands; completion and help are made from it.
func commands() []command {
	return append(screenCommands(), []command{
		{"set", "contamination|seed|trees|tz VALUE", "train the models with another parameter; show times in another zone",
			oneOf(func(*commandLine) []string { return []string{"contamination ", "seed ", "trees ", "tz "} }),
			func(l *commandLine, arg string) (tea.Cmd, error) {
				name, value, ok := strings.Cut(arg, " ")
				if !ok {
					return nil, errors.New("write :set NAME VALUE, for example :set contamination 0.02")
				}
				return message.Request(message.SetOption{Name: name, Value: strings.TrimSpace(value)}), nil
			}},
		{"class", "NAME", "add a class; it gets the next digit", nil,
			func(l *commandLine, arg string) (tea.Cmd, error) {
				return message.Request(message.AddClass{Name: arg}), nil
			}},
		{"label", "CLASS", "label what is under the cursor, for classes without a digit",
			oneOf(func(l *commandLine) []string { return l.labels.set.Classes() }),
			func(l *commandLine, arg string) (tea.Cmd, error) {
				for _, c := range l.labels.set.Classes() {
					if c == arg {
						return message.Request(message.Label{Target: l.places.focus().Target, Class: c}), nil
					}
				}
				return nil, fmt.Errorf("there is no class %q; :class NAME adds one", arg)
			}},
		{"decide", "accepted|dismissed|open [WHY]", "decide on the incident under the cursor, and say why", oneOf(func(*commandLine) []string { return label.Outcomes() }), (*commandLine).decide},
		{"case", "export|import FILE", "hand labels, notes, decisions, filters and marks to another analyst of this log, or take theirs over (export! replaces a file)",
			func(l *commandLine, arg string) []string { return l.handing.complete(arg) },
			func(l *commandLine, arg string) (tea.Cmd, error) { return l.handing.command(arg) }},
		{"servers", "", "keep files of several servers apart, give these other names, or read all as of one", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) { return l.servers.command() }},
		{"accept", "", "label what is under the cursor, or marked, as the model predicts", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) {
				return message.Request(message.Accept{Target: l.places.focus().Target}), nil
			}},
		{"normal", "digest|account|host [WHY]|list", "declare that this is normal, for all that is alike, and why; list what was declared",
			oneOf(func(*commandLine) []string { return []string{"digest", "account", "host", "list"} }), (*commandLine).normal},
		{"disagree", "", "connections of which labels and what they teach say different things", nil,
			func(*commandLine, string) (tea.Cmd, error) { return message.Request(message.Disagreeing), nil }},
		{"new", "", "what is new against the baseline, or the log's beginning", nil, (*commandLine).novel},
		{"filter", "TERM", "add a filter", (*commandLine).completeTerm,
			func(l *commandLine, arg string) (tea.Cmd, error) { return l.filters.add(arg) }},
		{"goto", "TIME|ENTRY|SCREEN", "go to a time (13:06, 03-12 13:06, 2025-03-12), an entry by its number, a screen, next-hour; 13:06 alone is enough", (*commandLine).completeGoTo, (*commandLine).goTo},
		{"train", "", "train the models again", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) { return l.runs.train() }},
		{"export", "[all] DIR", "write the evidence into a folder; with all, every file of sqleuth export",
			(*commandLine).completeExport, func(l *commandLine, arg string) (tea.Cmd, error) { return l.exports.command(arg, false) }},
		{"export!", "[all] DIR", "the same, replacing what an earlier export left",
			(*commandLine).completeExport, func(l *commandLine, arg string) (tea.Cmd, error) { return l.exports.command(arg, true) }},
		{"follow", "on|off", "follow the log as it is written, or let it be",
			oneOf(func(*commandLine) []string { return []string{"on", "off"} }), (*commandLine).follow},
		{"link", "", "copy the command that shows what is shown", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) { return l.link(), nil }},
		{"write", "FILE", "write the entries that are marked, or else shown, to FILE.csv, .jsonl, or .log as they are in the log",
			(*commandLine).completeFile, func(l *commandLine, arg string) (tea.Cmd, error) { return l.entries(arg, false) }},
		{"write!", "FILE", "the same, replacing a file", (*commandLine).completeFile,
			func(l *commandLine, arg string) (tea.Cmd, error) { return l.entries(arg, true) }},
		{"q", "", "quit", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) { return message.Request(message.Quit{}), nil }},
	}...)
}

// screenCommands lead to a screen, and what of it is meant.
func screenCommands() (all []command) {
	for _, name := range screenNames() {
		all = append(all, command{name, lineArgs, "to this screen, narrowed to a filter, with a search, at a time",
			(*commandLine).completeTerm, func(l *commandLine, arg string) (tea.Cmd, error) { return l.goToLine(name + " " + arg) }})
	}
	return all
}

// bare reports whether the arguments may be left out.
func (c command) bare() bool { return strings.HasSuffix(c.args, "]") }

// line is what the command line begins with for it.
func (c command) line() string {
	if c.args == "" {
		return c.name
	}
	return c.name + " "
}

// oneOf completes to one of some arguments.
func oneOf(list func(*commandLine) []string) func(l *commandLine, arg string) []string {
	return func(l *commandLine, arg string) (out []string) {
		for _, choice := range list(l) {
			if strings.HasPrefix(strings.ToLower(choice), strings.ToLower(arg)) {
				out = append(out, choice)
			}
		}
		return out
	}
}

// completeTerm completes a filter.
func (l *commandLine) completeTerm(arg string) []string { return l.filters.complete(arg) }

func (l *commandLine) completeFile(arg string) []string { return l.paths.complete(arg) }

// follow turns following on or off.
func (l *commandLine) follow(arg string) (tea.Cmd, error) {
	if arg != "on" && arg != "off" {
		return nil, errors.New("write :follow on or :follow off")
	}
	return l.follows.turn(arg == "on"), nil
}

// completeExport completes the folder of an export.
func (l *commandLine) completeExport(arg string) (out []string) {
	folder, all := strings.CutPrefix(arg, wholeExport)
	if !all {
		out = oneOf(func(*commandLine) []string { return []string{wholeExport} })(l, arg)
	}
	for _, path := range l.paths.complete(folder) {
		out = append(out, arg[:len(arg)-len(folder)]+path)
	}
	return out
}

// wholeExport is in front of the folder of an export of all files.
const wholeExport = "all "

// edited looks ahead at what a command line may become.
func (l *commandLine) edited(text string) tea.Cmd {
	name, arg, _ := strings.Cut(text, " ")
	switch strings.TrimSuffix(name, "!") {
	case "export":
		return l.paths.want(strings.TrimPrefix(arg, wholeExport))
	case "write":
		return l.paths.want(arg)
	}
	if verb, path, ok := strings.Cut(arg, " "); ok && name == "case" && slices.Contains(verbs, verb+" ") {
		return l.paths.want(path)
	}
	return l.filters.edited(arg)
}

// do does what was typed behind ':'.
func (l *commandLine) do(text string) (tea.Cmd, error) {
	name, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
	arg = strings.TrimSpace(arg)
	if name == "" {
		return nil, nil
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		if c.args != "" && arg == "" && !c.bare() {
			return nil, fmt.Errorf("write :%s %s", c.name, c.args)
		}
		return c.do(l, arg)
	}
	if unicode.IsDigit(rune(name[0])) { // an entry or a time, as pagers take it
		return l.goTo(strings.TrimSpace(text))
	}
	return nil, fmt.Errorf("there is no command %q; ? lists them", name)
}

// complete returns the whole lines that text may become.
func (l *commandLine) complete(text string) []string {
	name, arg, hasArg := strings.Cut(text, " ")
	var out []string
	for _, c := range commands() {
		switch {
		case !hasArg && strings.HasPrefix(c.name, name):
			out = append(out, c.line())
		case hasArg && c.name == name && c.complete != nil:
			for _, choice := range c.complete(l, arg) {
				out = append(out, name+" "+choice)
			}
		}
	}
	return out
}
