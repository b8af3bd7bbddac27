package account

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/wording"
)

// Asked is what accounts asked for: statements that were sent, whether or not they
// worked. It is empty for those that never got in.
type Asked struct {
	// Kinds are kinds of tables and files beside those of applications, the gravest
	// first: "accounts", "people", "write script".
	Kinds []string
	// Tables are those that most entries name, as statements write them, the first
	// maxTables; More is how many others there are.
	Tables []string
	More   int
}

const maxTables = 3

// kinds are those of Asked.Kinds that are not of files, the gravest first.
var kinds = []string{"accounts", "privileges", "logs", "code", "people", "foreign", "catalogue"}

// asked joins what pairs asked for in all of the log.
func (a *Accounts) asked(of []*Pair) (out Asked) {
	h := a.history
	if h == nil {
		return out
	}
	entries, files := map[uint32]uint32{}, []string{}
	has := map[string]bool{}
	for _, p := range of {
		number := h.Number(p.User, p.Host)
		account := h.Account(number)
		if account == nil {
			continue
		}
		for _, q := range h.Questions(&account.Profile) {
			if isFile(q) && !has[q] {
				files = append(files, q)
			}
			has[q] = true
		}
		for _, t := range h.Touched(number) {
			entries[t.Table] += t.Entries
		}
	}
	slices.Sort(files)
	out.Kinds = files
	for _, k := range kinds {
		if has[k] {
			out.Kinds = append(out.Kinds, k)
		}
	}
	tables := make([]uint32, 0, len(entries))
	for t := range entries {
		tables = append(tables, t)
	}
	slices.SortFunc(tables, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(entries[y], entries[x]), strings.Compare(h.Table(x), h.Table(y)))
	})
	out.More = max(0, len(tables)-maxTables)
	for _, t := range tables[:len(tables)-out.More] {
		out.Tables = append(out.Tables, h.Table(t))
	}
	return out
}

func isFile(question string) bool {
	return strings.HasPrefix(question, "read ") || strings.HasPrefix(question, "write ")
}

// String returns it on one line: "people: employee, salary and 2 more"; empty for
// nothing.
func (a *Asked) String() string {
	names := make([]string, len(a.Tables))
	for k, t := range a.Tables {
		names[k] = wording.Name(t)
	}
	text := strings.Join(names, ", ")
	if a.More > 0 {
		text += fmt.Sprintf(" and %d more", a.More)
	}
	if len(a.Kinds) == 0 {
		return text
	}
	return strings.TrimSuffix(strings.Join(a.Kinds, ", ")+": "+text, ": ")
}
