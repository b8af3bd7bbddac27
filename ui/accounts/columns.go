package accounts

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"sqleuth/analysis/account"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what cells are made of.
type data struct {
	theme    *theme.Theme
	snapshot *pipeline.Snapshot
	table    *account.Table // nil until it is counted
	rows     map[string]int32
	actors   map[int32]string
	open     map[string]bool
}

// row returns the row that has a name.
func (d data) row(name string) (int, bool) {
	k, ok := d.rows[name]
	return int(k), ok
}

func (d data) by() account.By {
	if d.table == nil {
		return account.ByUser
	}
	return d.table.By
}

// moment is when an entry was, Unknown for none.
func (d data) moment(entry int) store.Moment {
	if entry < 0 {
		return store.Unknown
	}
	return d.snapshot.Moment(entry)
}

// shown is moment as it is shown.
func (d data) shown(entry int) store.Moment { return d.theme.Clock.Of(d.moment(entry)) }

const nameTitle = "account"

// specs are the lists, by account.By.
var specs = [account.Tables]list.Spec[data]{
	account.ByUser: specOf(account.ByUser, [2]string{"user", "users"}),
	account.ByHost: specOf(account.ByHost, [2]string{"host", "hosts"}),
	account.ByPair: specOf(account.ByPair, [2]string{"account", "accounts"}),
}

func specOf(by account.By, unit [2]string) list.Spec[data] {
	return list.Spec[data]{
		Columns: columns,
		Start:   nameTitle,
		Unit:    unit,
		Kept:    "accounts by " + by.String(),
		Top:     true,
		Room:    room,
		Facts:   facts,
		Missing: "no account that is shown has it in its user, host or words",
		Len: func(d data) int {
			if d.table == nil {
				return 0
			}
			return len(d.table.Rows)
		},
		Zone: func(d data) string { return d.theme.Clock.Zone(d.snapshot.Zone()) },
		Identity: &list.Identity[data]{
			Name: func(d data, row int) string { return name(&d.table.Rows[row]) },
			Row:  func(d data, name string) (int, bool) { return d.row(name) },
		},
		Parent:          func(d data, row int) int { return d.table.Rows[row].Parent },
		Term:            term,
		OpenConnections: term,
		OpenEntries:     term,
		Match: func(d data, re *regexp.Regexp) func(int) bool {
			return func(row int) bool {
				r := &d.table.Rows[row]
				return re.MatchString(r.User) || re.MatchString(r.Host) || re.MatchString(r.Why)
			}
		},
		Copy: func(d data, row int) message.Copy {
			return message.Copy{
				What: d.table.Rows[row].Name(),
				Text: func(context.Context) (string, error) { return strings.Join(facts(d, row), ", "), nil },
			}
		},
	}
}

// The columns leave, in 80 cells, the name, the figures, when it first got in and the
// beginning of the words.
var columns = []list.Column[data]{
	{
		Title: nameTitle, Name: func(d data) string { return [...]string{"user, its hosts", "host, its users", "account"}[d.by()] },
		Fit: func(_ data, window int) int { return max(18, min(24, window/5)) }, Flex: true, Most: 28,
		Cell: nameCell,
		Sort: list.Text(func(d data, row int) string { return d.table.Rows[row].User + "@" + d.table.Rows[row].Host }),
	},
	{
		Title: "under", Name: func(d data) string { return [...]string{"hosts", "users", ""}[d.by()] }, Width: 12, LargestFirst: true, Priority: 4,
		Hidden: func(d data) bool { return d.by() == account.ByPair },
		Cell: func(d data, row int) widget.Cell {
			switch r := &d.table.Rows[row]; {
			case r.Parent >= 0:
				return widget.Cell{}
			case r.Under == 1: // by its name, since it cannot be opened
				only := &d.table.Rows[row+1]
				if d.by() == account.ByHost {
					return widget.Cell{Text: only.User}
				}
				return widget.Cell{Text: only.Host}
			default:
				return widget.Cell{Text: widget.Count(r.Under)}
			}
		},
		Sort: list.Number(func(d data, row int) int { return d.table.Rows[row].Under }),
	},
	{
		Title: "server", Priority: 2, Sort: list.Number(func(d data, row int) int { return d.table.Rows[row].Server }),
		Hidden: func(d data) bool { return d.snapshot == nil || !d.snapshot.SeveralServers() },
		Fit:    func(d data, _ int) int { return max(len("server"), min(16, d.snapshot.LongestServer())) },
		Cell: func(d data, row int) widget.Cell {
			return widget.Cell{Text: d.snapshot.ServerName(d.table.Rows[row].Server)}
		},
		Term: func(d data, row int) string {
			return filter.Term("server", d.snapshot.ServerName(d.table.Rows[row].Server))
		},
	},
	figure("tries", 6, 1, func(f *account.Figures) int { return f.Tries }),
	figure("refused", 7, 0, func(f *account.Figures) int { return f.Refused }),
	figure("in", 6, 0, func(f *account.Figures) int { return f.In }),
	{
		Title: "first in", Width: len(shortTime), Priority: 3,
		Cell: func(d data, row int) widget.Cell {
			r := &d.table.Rows[row]
			switch m := d.shown(r.FirstIn); {
			case r.Ins > 1: // when is of little use: each has its own time
				return widget.Cell{Text: widget.Count(r.Ins) + " " + [...]string{"hosts", "users", ""}[d.by()]}
			case m.Known():
				return widget.Cell{Text: m.Format(shortTime)}
			}
			return widget.None(d.theme)
		},
		Sort: when(func(f *account.Figures) int { return f.FirstIn }),
		Term: minute(func(f *account.Figures) int { return f.FirstIn }),
	},
	{
		Title: "why here, or why not", Flex: true,
		Fit: func(_ data, window int) int {
			if window < list.Wide {
				return 24
			}
			return 44
		},
		Cell: whyCell,
		// Rows lie in that order.
		Sort: list.Number(func(_ data, row int) int { return row }),
	},
	{
		Title: "asked for", Width: 20, Flex: true, Priority: 5,
		Cell: func(d data, row int) widget.Cell {
			return widget.OrNone(d.theme, d.table.Rows[row].Asked.String())
		},
	},
	moment("first", 6, func(f *account.Figures) int { return f.First }),
	moment("last", 7, func(f *account.Figures) int { return f.Last }),
}

const shortTime = "01-02 15:04"

func nameCell(d data, row int) widget.Cell {
	r := &d.table.Rows[row]
	switch {
	case d.by() == account.ByPair:
		return widget.Cell{Text: r.User + "@" + r.Host, Style: &d.theme.Strong}
	case r.Parent >= 0 && d.by() == account.ByUser:
		return widget.Cell{Text: "   " + r.Host}
	case r.Parent >= 0:
		return widget.Cell{Text: "   " + r.User}
	}
	sign := " "
	switch {
	case d.open[name(r)]:
		sign = d.theme.Glyph.Opened
	case r.Under > 1:
		sign = d.theme.Glyph.Closed
	}
	return widget.Cell{Spans: []widget.Span{{Text: sign, Style: &d.theme.Faint}, {Text: r.User + r.Host, Style: &d.theme.Strong}}}
}

func whyCell(d data, row int) widget.Cell {
	r := &d.table.Rows[row]
	switch r.Level.Sign() {
	case "!":
		return widget.Cell{Spans: []widget.Span{{Text: "! ", Style: &d.theme.Bad}, {Text: r.Why}}}
	case ".":
		return widget.Cell{Spans: []widget.Span{{Text: ". ", Style: &d.theme.Warn}, {Text: r.Why}}}
	}
	return widget.Cell{Spans: []widget.Span{{Text: "  "}, {Text: r.Why, Style: &d.theme.Faint}}}
}

func figure(title string, width, priority int, of func(*account.Figures) int) list.Column[data] {
	return list.Column[data]{
		Title: title, Width: width, Priority: priority, Right: true, LargestFirst: true,
		Cell: func(d data, row int) widget.Cell {
			return widget.Cell{Text: widget.Count(of(&d.table.Rows[row].Figures))}
		},
		Sort: list.Number(func(d data, row int) int { return of(&d.table.Rows[row].Figures) }),
	}
}

func moment(title string, priority int, of func(*account.Figures) int) list.Column[data] {
	return list.Column[data]{
		Title: title, Zoned: true, Width: len(time.DateTime), Priority: priority,
		Cell: func(d data, row int) widget.Cell {
			return widget.Cell{Text: d.shown(of(&d.table.Rows[row].Figures)).Brief()}
		},
		Sort: when(of),
		Term: minute(of),
	}
}

func when(of func(*account.Figures) int) list.Sort[data] {
	return list.Number(func(d data, row int) int64 { return d.moment(of(&d.table.Rows[row].Figures)).Micros })
}

func minute(of func(*account.Figures) int) func(d data, row int) string {
	return func(d data, row int) string {
		if m := d.moment(of(&d.table.Rows[row].Figures)); m.Dated() {
			return filter.Minute(m)
		}
		return ""
	}
}

// term selects the connections of a row.
func term(d data, row int) string {
	r := &d.table.Rows[row]
	var terms []string
	if r.User != "" {
		terms = append(terms, filter.Term("user", r.User))
	}
	if r.Host != "" {
		terms = append(terms, filter.Term("host", r.Host))
	}
	if s := d.snapshot; s.SeveralServers() {
		terms = append(terms, filter.Term("server", s.ServerName(r.Server)))
	}
	return strings.Join(terms, " ")
}

// facts is everything about a row, whose cells may be cut or not be shown.
func facts(d data, row int) []string {
	r := &d.table.Rows[row]
	parts := []string{r.Name() + ": " + r.Why}
	if actors := d.actors[int32(row)]; actors != "" {
		parts = append(parts, actors)
	}
	figures := fmt.Sprintf("%s, %s refused, %s in", widget.Number(r.Tries, "try", "tries"), widget.Count(r.Refused), widget.Count(r.In))
	if r.Silent > 0 {
		figures += ", " + widget.Count(r.Silent) + " without an outcome"
	}
	parts = append(parts, figures)
	if r.FirstIn >= 0 {
		parts = append(parts, "first in "+d.shown(r.FirstIn).Format(time.DateTime))
	}
	parts = append(parts, d.shown(r.First).Format(time.DateTime)+" to "+d.shown(r.Last).Format(time.DateTime)+" "+d.theme.Clock.Zone(d.snapshot.Zone()))
	if asked := r.Asked.String(); asked != "" {
		parts = append(parts, "asked for, in all of the log: "+asked)
	}
	return parts
}
