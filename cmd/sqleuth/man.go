package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newMan is what make dist writes the manual page with; a user has it installed, or
// asks for help.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Print the manual page", Args: noArgs, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var page bytes.Buffer
			manual(&page, cmd.Root())
			_, err := page.WriteTo(cmd.OutOrStdout())
			return err
		},
	}
}

// manual writes the page in the man macros of roff. It has no date: the same
// program gives the same page.
func manual(w io.Writer, root *cobra.Command) {
	fmt.Fprintf(w, ".TH SQLEUTH 1 \"\" \"sqleuth %s\" \"User Commands\"\n", roff(version))
	fmt.Fprintf(w, ".SH NAME\nsqleuth \\- %s\n", roff(root.Short))
	fmt.Fprint(w, ".SH SYNOPSIS\n")
	for k, c := range append([]*cobra.Command{root}, commands(root)...) {
		if k > 0 {
			fmt.Fprint(w, ".br\n")
		}
		fmt.Fprintf(w, "%s\n", roff(c.UseLine()))
	}
	fmt.Fprintf(w, ".SH DESCRIPTION\n%s", paragraphs(root.Long))
	fmt.Fprint(w, ".SH OPTIONS\n")
	flagList(w, root.NonInheritedFlags())
	fmt.Fprint(w, ".SH COMMANDS\n")
	for _, c := range commands(root) {
		fmt.Fprintf(w, ".SS %s\n%s", roff(strings.TrimPrefix(c.CommandPath(), root.Name()+" ")), paragraphs(c.Short+"."))
		if c.Long != "" {
			fmt.Fprintf(w, ".PP\n%s", paragraphs(c.Long))
		}
		flagList(w, c.NonInheritedFlags())
	}
	fmt.Fprintf(w, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(root.Example))
}

// commands lists the commands below one that do something, and those below them.
func commands(c *cobra.Command) (list []*cobra.Command) {
	for _, sub := range c.Commands() {
		if sub.Hidden || sub.Name() == "help" || sub.Name() == "completion" {
			continue
		}
		if sub.Runnable() {
			list = append(list, sub)
		}
		list = append(list, commands(sub)...)
	}
	return list
}

func flagList(w io.Writer, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		switch {
		case name != "" && f.NoOptDefVal != "":
			name = "[=" + name + "]"
		case name != "":
			name = "=" + name
		}
		switch f.DefValue {
		case "", "false", "0", "[]":
		default:
			usage += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(w, ".TP\n.B \\-\\-%s%s\n%s", roff(f.Name), roff(name), paragraphs(usage))
	})
}

// paragraphs writes text whose paragraphs are parted by empty lines.
func paragraphs(text string) string {
	return strings.ReplaceAll(roff(strings.TrimSpace(text)), "\n\n", "\n.PP\n") + "\n"
}

// roff writes text so that nothing in it is a request or an escape.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for k, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[k] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
