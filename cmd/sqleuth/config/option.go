// Package config finds the options that hold: those of flags over those of the
// environment over those of a file.
//
//	config.toml --(file.go)--> keys, values, lines --+
//	SQLEUTH_NAME ------------------------------------+--(settings.go)--> flags set, Settings
//	--name ------------------------------------------+
//
// Which options there are, and what is right for each, is the caller's table. An
// option is a flag with a name; in the file it is a key of that name, in the
// environment a variable.
package config

import "strings"

// Kind is what an option takes.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota
	Switch      // true or false
	Paths       // a list that a stronger source replaces as a whole; in the file they are relative to its folder
	Table       // lists by name, each from its own source
)

// Option is one of the options that a file may have.
type Option struct {
	Name string // of the flag, and of the key
	Kind Kind
	// Entries are the names of a Table, in the order in which they are printed.
	Entries []string
	// Default is what holds where no source has the option: of a Table, by the
	// name of the entry. Of others it is the flag's.
	Default map[string][]string
	// Check returns what to write instead of a wrong value of the option, or of an entry of a
	// Table; nil takes everything.
	Check func(entry string, values []string) error
	// Together does the same for all entries of a Table, of which one is wrong.
	Together func(all map[string][]string) (entry string, err error)
}

// Variable is the option's name in the environment: SQLEUTH_SHOW_TZ for show-tz.
func (o *Option) Variable() string {
	return "SQLEUTH_" + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// entry is a name of a Table with its list, as flags and variables write it:
// NAME=VALUE,VALUE.
func (o *Option) entry(text string) (name string, values []string, ok bool) {
	name, list, ok := strings.Cut(text, "=")
	return strings.TrimSpace(name), split(list, ","), ok
}

// split parts a text, without blanks around the parts and without empty ones.
func split(text, by string) (parts []string) {
	for part := range strings.SplitSeq(text, by) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
