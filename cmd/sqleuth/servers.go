package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui"
)

// serverFlag is the flag of what a server wrote.
const serverFlag = "server"

// serverFlags are its values.
type serverFlags []string

func (f *serverFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar((*[]string)(f), serverFlag, nil, "the server that wrote some logs: `NAME=FILE[,FILE...]` (repeatable: ids, runs, accounts and time of each are kept apart); NAME alone is of the other logs")
}

// givenLogs are the logs of a command line.
type givenLogs struct {
	paths   []string
	servers map[string]string // that wrote them, by path
	chosen  bool              // in the terminal, for files of these sizes
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
		if name == "" {
			return givenLogs{}, usagef("--server %s: give NAME=FILE, such as --server db1=general.log", text)
		}
		if err := logfile.CheckServer(name); err != nil {
			return givenLogs{}, usagef("--server %s: %w", text, err)
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

// chosenServers returns the servers that were chosen in the terminal for logs, as flags
// that name all of them; false where nobody chose.
func chosenServers(logs []string) (serverFlags, bool) {
	dir, err := casefile.DefaultDir()
	if err != nil || len(logs) < 2 {
		return nil, false
	}
	var log casefile.Log
	for _, path := range logs {
		info, err := os.Stat(path)
		if err != nil {
			return nil, false // which opening it reports better
		}
		log = append(log, casefile.LogFile{Name: filepath.Base(path), Bytes: info.Size()})
	}
	found, ok := casefile.ChosenServers(dir, log)
	var groups []integrity.Group
	for k, f := range found {
		if f.Server == "" { // one server
			return nil, ok
		}
		groups = integrity.Join(groups, f.Server, logs[k])
	}
	return integrity.ServerFlags(groups), ok
}

// confirmChosen returns an error where the servers of a set that was read were chosen for
// other files, which have the same sizes.
func confirmChosen(set *logfile.Set) error {
	dir, err := casefile.DefaultDir()
	if err != nil {
		return err
	}
	if _, ok := casefile.ChosenServers(dir, logOf(set)); !ok {
		return errors.New("the servers that were chosen in the terminal are those of other files of the same sizes; name the servers of these with --server NAME=FILE")
	}
	return nil
}

// unseparated is a line about logs that seem to be of several servers and were read as
// those of one, with the command line that keeps them apart; empty for others.
func unseparated(cmd *cobra.Command, s *pipeline.Snapshot) string {
	groups := s.Integrity.Servers
	switch {
	case len(groups) == 0:
		return ""
	case !integrity.Separable(groups):
		return fmt.Sprintf("the logs seem to be of %d servers, and are read as those of one; to keep them apart, unpack them and give --server NAME=FILE for each", len(groups))
	}
	words := typed(cmd)
	for _, f := range integrity.ServerFlags(groups) {
		words = append(words, "--server", f)
	}
	return fmt.Sprintf("the logs seem to be of %d servers, and are read as those of one; to keep them apart: %s", len(groups), ui.ShellQuoted(words...))
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
