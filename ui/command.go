package ui

import (
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

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
	theme   *theme.Theme
}

// command is one of those that ':' takes.
type command struct {
	name string
	args string // as the help shows them
	what string
	// complete gives the arguments that there are; nil for none.
	complete func(l *commandLine) []string
	do       func(l *commandLine, arg string) (tea.Cmd, error)
}

// commands is the one list of commands; completion and help are made from it.
func commands() []command {
	return []command{
		{"set", "contamination|seed|trees VALUE", "train the models with another parameter",
			func(*commandLine) []string { return []string{"contamination ", "seed ", "trees "} },
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
			func(l *commandLine) []string { return l.labels.set.Classes() },
			func(l *commandLine, arg string) (tea.Cmd, error) {
				for _, c := range l.labels.set.Classes() {
					if c == arg {
						return message.Request(message.Label{Target: l.places.focus().Target, Class: c}), nil
					}
				}
				return nil, fmt.Errorf("there is no class %q; :class NAME adds one", arg)
			}},
		{"accept", "", "label what is under the cursor, or marked, as the model predicts", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) {
				return message.Request(message.Accept{Target: l.places.focus().Target}), nil
			}},
		{"normal", "digest|account|host|list", "say that this is normal, for all that is alike; list what was said",
			func(*commandLine) []string { return []string{"digest", "account", "host", "list"} }, (*commandLine).normal},
		{"disagree", "", "connections of which labels and what they teach say different things", nil,
			func(*commandLine, string) (tea.Cmd, error) { return message.Request(message.Disagreeing), nil }},
		{"new", "", "what is new against the baseline, or the log's beginning", nil, (*commandLine).novel},
		{"filter", "TERM", "add a filter", nil,
			func(l *commandLine, arg string) (tea.Cmd, error) { return l.filters.add(arg) }},
		{"goto", "TIME|ENTRY|SCREEN", "go to a time (13:06, 03-12 13:06, 2025-03-12), an entry by its number, a screen, next-hour", (*commandLine).destinations, (*commandLine).goTo},
		{"train", "", "train the models again", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) { return l.runs.train() }},
		{"export", "[all] DIR", "write the evidence into a folder; with all, every file of sqleuth export",
			wholeExport, func(l *commandLine, arg string) (tea.Cmd, error) { return l.exports.command(arg, false) }},
		{"export!", "[all] DIR", "the same, replacing what an earlier export left",
			wholeExport, func(l *commandLine, arg string) (tea.Cmd, error) { return l.exports.command(arg, true) }},
		{"q", "", "quit", nil,
			func(l *commandLine, _ string) (tea.Cmd, error) { return message.Request(message.Quit{}), nil }},
	}
}

// line is what the command line begins with for it.
func (c command) line() string {
	if c.args == "" {
		return c.name
	}
	return c.name + " "
}

func wholeExport(*commandLine) []string { return []string{"all "} }

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
		if c.args != "" && arg == "" {
			return nil, fmt.Errorf("write :%s %s", c.name, c.args)
		}
		return c.do(l, arg)
	}
	return nil, fmt.Errorf("there is no command %q; ? lists them", name)
}

// complete gives the whole lines that text may become.
func (l *commandLine) complete(text string) []string {
	name, arg, hasArg := strings.Cut(text, " ")
	var out []string
	for _, c := range commands() {
		switch {
		case !hasArg && strings.HasPrefix(c.name, name):
			out = append(out, c.line())
		case hasArg && c.name == name && c.complete != nil:
			for _, choice := range c.complete(l) {
				if strings.HasPrefix(strings.ToLower(choice), strings.ToLower(arg)) {
					out = append(out, name+" "+choice)
				}
			}
		}
	}
	return out
}
