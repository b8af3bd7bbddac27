package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// serverFlag is the flag of what a server wrote.
const serverFlag = "server"

// serverFlags are its values.
type serverFlags []string

func (f *serverFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar((*[]string)(f), serverFlag, nil, "the server that wrote some logs: `NAME=FILE[,FILE...]` (repeatable: ids, runs, accounts and time of each are kept apart); NAME alone is of the other logs")
}

// maxServerName is how many characters the name of a server may have.
const maxServerName = 64

// givenLogs are the logs of a command line.
type givenLogs struct {
	paths   []string
	servers map[string]string // that wrote them, by path
}

// logs returns all logs of a command line, those that flags name too.
func (f serverFlags) logs(plain []string) (givenLogs, error) {
	given := givenLogs{servers: map[string]string{}}
	of := "" // the server of the plain ones
	named := false
	add := func(server, path string) error {
		if other, twice := given.servers[path]; twice {
			return usagef("--server %s=%s: the file is given already, for %s; an entry is of one server", server, path, other)
		}
		given.servers[path] = server
		given.paths = append(given.paths, path)
		return nil
	}
	for _, text := range f {
		name, list, files := strings.Cut(text, "=")
		if err := checkServerName(name, text); err != nil {
			return givenLogs{}, err
		}
		if !files {
			if of != "" && of != name {
				return givenLogs{}, usagef("--server %s: the logs that no flag names are of %s already; give --server NAME=FILE", name, of)
			}
			of = name
			continue
		}
		named = true
		own, err := filesOf(list)
		if err != nil {
			return givenLogs{}, usagef("--server %s: %w", text, err)
		}
		for _, path := range own {
			if err := add(name, path); err != nil {
				return givenLogs{}, err
			}
		}
	}
	switch {
	case of != "" && len(plain) == 0:
		return givenLogs{}, usagef("--server %s: name its logs, --server %s=FILE", of, of)
	case named && of == "" && len(plain) > 0:
		return givenLogs{}, usagef("%s: which server wrote it? give --server NAME=%s", plain[0], plain[0])
	case of == "":
		given.paths = append(given.paths, plain...)
		return given, nil
	}
	for _, path := range plain {
		if err := add(of, path); err != nil {
			return givenLogs{}, err
		}
	}
	return given, nil
}

// several reports whether files are of more than one server.
func several(servers map[string]string) bool {
	for _, a := range servers {
		for _, b := range servers {
			if a != b {
				return true
			}
		}
	}
	return false
}

func checkServerName(name, text string) error {
	switch {
	case name == "":
		return usagef("--server %s: give NAME=FILE, such as --server db1=general.log", text)
	case !utf8.ValidString(name), strings.TrimSpace(name) != name, strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return usagef("--server %s: a name is of characters that can be seen, with no blank around it", text)
	case utf8.RuneCountInString(name) > maxServerName:
		return usagef("--server %s: a name has at most %d characters", text, maxServerName)
	}
	return nil
}

// filesOf returns the files of a list with commas. A part that names no file may be a
// pattern, which a shell leaves alone behind the equals sign.
func filesOf(list string) (paths []string, err error) {
	parts := strings.Split(list, ",")
	if exists(list) {
		parts = []string{list} // a name with a comma
	}
	for _, part := range parts {
		switch found, bad := filepath.Glob(part); {
		case part == "":
			return nil, usagef("name a file behind = and behind each comma")
		case exists(part) || !strings.ContainsAny(part, "*?["):
			paths = append(paths, part)
		case bad != nil:
			return nil, usagef("%s is no pattern: %w", part, bad)
		case len(found) == 0:
			return nil, usagef("no file matches %s", part)
		default:
			paths = append(paths, found...)
		}
	}
	return paths, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// namesLogs reports whether flags of a command name logs.
func namesLogs(cmd *cobra.Command) bool {
	list, err := cmd.Flags().GetStringArray(serverFlag)
	return err == nil && slices.ContainsFunc(list, func(text string) bool { return strings.Contains(text, "=") })
}
