package ui

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// command is one of those that ':' takes.
type command struct {
	name string
	args string // as the help shows them
	what string
	// complete gives the arguments that there are; nil for none.
	complete func(a *app) []string
	do       func(a *app, arg string) (tea.Cmd, error)
}

// commands is the one list of commands; completion and help are made from it.
func commands() []command {
	return []command{
		{"set", "contamination|seed|trees VALUE", "train the models with another parameter",
			func(*app) []string { return []string{"contamination ", "seed ", "trees "} },
			func(a *app, arg string) (tea.Cmd, error) {
				name, value, ok := strings.Cut(arg, " ")
				if !ok {
					return nil, errors.New("write :set NAME VALUE, for example :set contamination 0.02")
				}
				return message.Request(message.SetOption{Name: name, Value: strings.TrimSpace(value)}), nil
			}},
		{"class", "NAME", "add a class; it gets the next digit", nil,
			func(a *app, arg string) (tea.Cmd, error) { return message.Request(message.AddClass{Name: arg}), nil }},
		{"label", "CLASS", "label what is under the cursor, for classes without a digit",
			func(a *app) []string { return a.labels.set.Classes() },
			func(a *app, arg string) (tea.Cmd, error) {
				for _, c := range a.labels.set.Classes() {
					if c == arg {
						return message.Request(message.Label{Target: a.focus().Target, Class: c}), nil
					}
				}
				return nil, fmt.Errorf("there is no class %q; :class NAME adds one", arg)
			}},
		{"filter", "TERM", "add a filter", nil,
			func(a *app, arg string) (tea.Cmd, error) { return a.filters.add(arg) }},
		{"goto", "ENTRY|SCREEN", "go to an entry by its number, or to a screen", (*app).screenNames, (*app).goToNamed},
		{"train", "", "train the models again", nil,
			func(a *app, _ string) (tea.Cmd, error) { return a.runs.train() }},
		{"export", "[all] DIR", "write the evidence into a folder; with all, every file of sqleuth export",
			wholeExport, func(a *app, arg string) (tea.Cmd, error) { return a.exportCommand(arg, false) }},
		{"export!", "[all] DIR", "the same, replacing what an earlier export left",
			wholeExport, func(a *app, arg string) (tea.Cmd, error) { return a.exportCommand(arg, true) }},
		{"q", "", "quit", nil,
			func(a *app, _ string) (tea.Cmd, error) { return message.Request(message.Quit{}), nil }},
	}
}

// line is what the command line begins with for it.
func (c command) line() string {
	if c.args == "" {
		return c.name
	}
	return c.name + " "
}

func wholeExport(*app) []string { return []string{"all "} }

// exportCommand writes the evidence or, where "all" stands before the folder,
// every file.
func (a *app) exportCommand(arg string, force bool) (tea.Cmd, error) {
	if arg == "all" {
		return nil, errors.New("write :export all DIR, or :export ./all for a folder of that name")
	}
	dir, all := strings.CutPrefix(arg, "all ")
	return a.exports.write(order{message.Export{Dir: strings.TrimSpace(dir), Force: force}, all}), nil
}

// command does what was typed behind ':'.
func (a *app) command(text string) (tea.Cmd, error) {
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
		return c.do(a, arg)
	}
	return nil, fmt.Errorf("there is no command %q; ? lists them", name)
}

// completeCommand gives the whole lines that text may become.
func (a *app) completeCommand(text string) []string {
	name, arg, hasArg := strings.Cut(text, " ")
	var out []string
	for _, c := range commands() {
		switch {
		case !hasArg && strings.HasPrefix(c.name, name):
			out = append(out, c.line())
		case hasArg && c.name == name && c.complete != nil:
			for _, choice := range c.complete(a) {
				if strings.HasPrefix(strings.ToLower(choice), strings.ToLower(arg)) {
					out = append(out, name+" "+choice)
				}
			}
		}
	}
	return out
}

func (a *app) screenNames() []string {
	names := make([]string, len(a.screens))
	for i, s := range a.screens {
		names[i] = strings.ToLower(s.Title())
	}
	return names
}

// goToNamed goes to the entry that a report or a file names by its number, or to a
// screen.
func (a *app) goToNamed(place string) (tea.Cmd, error) {
	number := strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(place, "entry ")), ",", "")
	n, err := strconv.Atoi(number)
	if err != nil {
		return a.gotoScreen(place)
	}
	known := 0
	if a.snapshot != nil {
		known = a.snapshot.Len()
	}
	if n < 1 || n > known {
		return nil, fmt.Errorf("there is no entry %s: the log has %s", widget.Count(n), widget.Number(known, "entry", "entries"))
	}
	a.showIndex(message.Entries, n-1)
	return nil, nil
}

func (a *app) gotoScreen(name string) (tea.Cmd, error) {
	for i, n := range a.screenNames() {
		if strings.HasPrefix(n, strings.ToLower(name)) {
			a.visit(message.Screen(i))
			return nil, nil
		}
	}
	return nil, fmt.Errorf("there is no screen %q; an entry is named by its number", name)
}
