package ui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/list"
	"sqleuth/ui/theme"
	"sqleuth/ui/timeline"
)

// keymap is the keys that the analyst chose for what others mean. It is between
// the terminal and the bindings, which know nothing of it; what is typed into a prompt
// does not pass it.
type keymap struct {
	means map[string]string   // by the key that is pressed
	given map[string][]string // to the meaning of a key: those that are pressed instead
	names map[string]string   // of what a key is no more
}

// NamedKeys returns the names of what a key may be chosen for, in the order of the
// help, and the keys that each has at first.
func NamedKeys() (names []string, keys map[string][]string) {
	keys = map[string][]string{}
	for _, n := range namedKeys() {
		names = append(names, n.name)
		for _, k := range n.binding.Keys() {
			keys[n.name] = append(keys[n.name], written(k))
		}
	}
	return names, keys
}

// namedKey is a binding with its name in the configuration.
type namedKey struct {
	name    string
	binding key.Binding
}

// screenKeys are the names of keys that mean something on single screens or the timeline
// only. A key that two of them have keeps one name.
var screenKeys = [...]struct{ name, key string }{
	{"timeline", "t"}, {"previous-hour", "["}, {"next-hour", "]"}, {"previous-day", "{"}, {"next-day", "}"},
	{"previous-gap", "("}, {"next-gap", ")"}, {"wider-bins", "<"}, {"narrower-bins", ">"},
	{"disagree", "D"}, {"unsure", "U"}, {"whole-log", "W"}, {"limits", "w"},
}

// namedKeys are the global keys and those of lists, named after their fields, then those of
// single screens. Keys that are a run, for screens and classes, have no other.
func namedKeys() (all []namedKey) {
	var add func(v reflect.Value)
	add = func(v reflect.Value) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch b := v.Field(i).Interface().(type) {
			case key.Binding:
				if f.Name != "Jump" && f.Name != "Label" {
					all = append(all, namedKey{dashed(f.Name), b})
				}
			default:
				add(v.Field(i))
			}
		}
	}
	add(reflect.ValueOf(globalKeys))
	add(reflect.ValueOf(list.Keys()))
	means := map[string]string{} // what a key does on which screens
	for _, b := range ownKeys() {
		for _, k := range b.Keys() {
			if what := b.Help().Desc; means[k] == "" {
				means[k] = what
			} else if !strings.Contains(means[k], what) {
				means[k] += ", " + what
			}
		}
	}
	for _, s := range screenKeys {
		all = append(all, namedKey{s.name, key.NewBinding(key.WithKeys(s.key), key.WithHelp(written(s.key), means[s.key]))})
	}
	return all
}

// ownKeys are the keys of the screens and the timeline, those of lists among them.
var ownKeys = sync.OnceValue(func() (all []key.Binding) {
	for _, s := range makeScreens(theme.Plain(), nil) {
		for _, group := range s.FullHelp() {
			all = append(all, group...)
		}
	}
	return append(all, timeline.All()...)
})

// dashed writes FilterList as filter-list.
func dashed(name string) string {
	var b strings.Builder
	for k, r := range name {
		if unicode.IsUpper(r) && k > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Keys that lists of keys could not hold are named.
var keyWords = map[string]string{" ": "space", ",": "comma", ";": "semicolon", "=": "equals"}

// written is a key as the configuration writes it.
func written(k string) string {
	if word, ok := keyWords[k]; ok {
		return word
	}
	return k
}

// pressed is the key that the configuration writes so; false where there is none.
func pressed(text string) (string, bool) {
	for k, word := range keyWords {
		if word == text {
			return k, true
		}
	}
	if r, size := utf8.DecodeRuneInString(text); size == len(text) && unicode.IsPrint(r) && r != utf8.RuneError {
		return text, true
	}
	_, known := keyTypes[text]
	return text, known
}

// CheckKeys reports what is wrong with the keys for one name.
func CheckKeys(keys []string) error {
	if len(keys) == 0 {
		return fmt.Errorf("give it a key, such as %q or %q", "ctrl+s", "K")
	}
	for _, k := range keys {
		if _, ok := pressed(k); !ok {
			return fmt.Errorf("there is no key %q; write one character, or a name such as ctrl+s, f9, pgdown, space", k)
		}
	}
	return nil
}

// CheckKeymap reports which name has a key that has a meaning already.
func CheckKeymap(chosen map[string][]string) (name string, err error) {
	taken := map[string]string{} // by key
	for _, b := range allKeys() {
		for _, k := range b.Keys() {
			taken[k] = b.Help().Desc
		}
	}
	named := namedKeys()
	for _, n := range named {
		if _, ok := chosen[n.name]; ok {
			for _, k := range n.binding.Keys() {
				delete(taken, k)
			}
		}
	}
	for _, n := range named {
		for _, text := range chosen[n.name] {
			k, _ := pressed(text)
			if other, ok := taken[k]; ok {
				return n.name, fmt.Errorf("%s is %q already; choose another key, or give that one another first", text, other)
			}
			taken[k] = n.binding.Help().Desc
		}
	}
	return "", nil
}

// allKeys are the keys that mean something on some screen.
func allKeys() (all []key.Binding) {
	for _, t := range globalKeys.topics() {
		all = append(all, t.keys...)
	}
	all = append(all, ownKeys()...)
	for _, n := range namedKeys() {
		all = append(all, n.binding)
	}
	return all
}

// newKeymap makes the keymap of what was chosen, which was checked.
func newKeymap(chosen map[string][]string) keymap {
	m := keymap{map[string]string{}, map[string][]string{}, map[string]string{}}
	for _, n := range namedKeys() {
		instead, ok := chosen[n.name]
		if !ok {
			continue
		}
		for _, k := range n.binding.Keys() {
			m.given[k], m.names[k] = instead, n.binding.Help().Desc
		}
		for _, text := range instead {
			k, _ := pressed(text)
			m.means[k] = n.binding.Keys()[0]
		}
	}
	return m
}

// translate returns the key that the bindings know; instead explains which key does now
// what this one did, and that it does nothing more.
func (m keymap) translate(k tea.KeyMsg) (meant tea.KeyMsg, instead string) {
	name := k.String()
	if to, ok := m.means[name]; ok {
		return keyOf(to), ""
	}
	if given, ok := m.given[name]; ok && !k.Paste {
		return k, fmt.Sprintf("%s does nothing: %s is %s now", written(name), m.names[name], strings.Join(given, ", "))
	}
	return k, ""
}

// help is what the help calls the keys of a binding.
func (m keymap) help(b key.Binding) string {
	if at := slices.IndexFunc(b.Keys(), func(k string) bool { return m.given[k] != nil }); at >= 0 {
		return strings.Join(m.given[b.Keys()[at]], "/")
	}
	return b.Help().Key
}
