package findings

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// The columns leave, in 80 cells, connection, detections and reasons, and class and note
// where there are any.
var spec = list.Spec[data]{
	Start:   "reasons",
	Order:   list.Compare(bySuspicion),
	Top:     true,
	Stay:    relabelled,
	Back:    restored,
	Unit:    [2]string{"connection", "connections"},
	Room:    room,
	About:   about,
	Time:    func(d data, row int) store.Moment { return d.findings[row].First },
	Missing: "no finding that is shown has it",
	Len:     func(d data) int { return len(d.findings) },
	Kept:    "findings",
	Identity: list.Numbered(func(d data, row int) uint32 { return d.findings[row].Connection }, func(d data, connection uint32) (int, bool) {
		at, ok := d.at[connection]
		return at, ok
	}),
	Zone:            func(d data) string { return d.theme.Clock.Zone(d.snapshot.Zone()) },
	Term:            term,
	OpenConnections: term,
	OpenEntries:     term,
	Open: func(d data, row int) tea.Msg {
		return message.OpenConnection{Connection: int(d.findings[row].Connection), At: -1}
	},
	Opens:       "transcript",
	Target:      func(d data, row int) message.Target { return message.One(d.snapshot, int(d.findings[row].Connection)) },
	Connections: func(d data, row int, add func(int)) { add(int(d.findings[row].Connection)) },
	Snapshot:    func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy: func(d data, row int) message.Copy {
		return message.Copy{What: "finding " + d.findings[row].Name, Text: func(context.Context) (string, error) {
			return strings.Join(about(d, row), "\n") + "\n", nil
		}}
	},
	Match: func(d data, re *regexp.Regexp) func(int) bool {
		return func(row int) bool { return re.MatchString(d.verdict(row).Class) || has(&d.findings[row], re) }
	},
	Columns: []list.Column[data]{
		{
			Title: "connection", Width: 10, Right: true,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: d.findings[row].Name, Style: &d.theme.Strong}
			},
			Sort: list.Number(func(d data, row int) uint32 { return d.findings[row].Connection }),
		},
		{
			Title: "class", Width: 14,
			Hidden: unlabelled,
			Cell:   classCell,
			Sort:   list.Compare(byClass),
			Term:   func(d data, row int) string { return filter.Term("label", cmp.Or(d.verdict(row).Class, label.Normal)) },
		},
		{
			Title: "by", Width: 9, Priority: 3,
			Hidden: unlabelled,
			Cell: func(d data, row int) widget.Cell {
				if v := d.verdict(row); v.Class != "" {
					return widget.Cell{Text: v.By()}
				}
				return widget.Cell{}
			},
			Sort: list.Number(func(d data, row int) label.Source { return d.verdict(row).Source }),
		},
		{
			Title: "labelled (UTC)", Width: 19, Priority: 6, // when we labelled, not when the server wrote
			Hidden: unlabelled,
			Cell: func(d data, row int) widget.Cell {
				if at := d.verdict(row).At; !at.IsZero() {
					return widget.Cell{Text: widget.Time(at.UnixMicro())}
				}
				return widget.Cell{}
			},
			Sort: list.Compare(func(d data, a, b int) int { return d.verdict(a).At.Compare(d.verdict(b).At) }),
		},
		{
			Title: "first entry", Zoned: true, Width: 19, Priority: 5,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: d.theme.Clock.Of(d.findings[row].First).Brief()}
			},
			Sort: list.Compare(func(d data, a, b int) int { return d.findings[a].First.Compare(d.findings[b].First) }),
			Term: func(d data, row int) string { return filter.Minute(d.findings[row].First) },
		},
		{
			Title: "user", Width: 12, Priority: 4,
			Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.findings[row].User} },
			Sort: list.Text(func(d data, row int) string { return d.findings[row].User }),
			Term: func(d data, row int) string { return filter.Term("user", d.findings[row].User) },
		},
		{
			Title: "host", Width: 15, Priority: 4,
			Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.findings[row].Host} },
			Sort: list.Text(func(d data, row int) string { return d.findings[row].Host }),
			Term: func(d data, row int) string { return filter.Term("host", d.findings[row].Host) },
		},
		{
			Title: "entries", Width: 8, Priority: 7, Right: true, LargestFirst: true,
			Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: widget.Count(d.findings[row].Entries)} },
			Sort: list.Number(func(d data, row int) int { return d.findings[row].Entries }),
		},
		{
			Title: "detections", Width: 10, Priority: 2, LargestFirst: true,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: strings.Join(d.findings[row].Detections, " ")}
			},
			Sort: list.Compare(func(d data, a, b int) int {
				x, y := d.findings[a].Detections, d.findings[b].Detections
				return cmp.Or(cmp.Compare(len(x), len(y)), slices.Compare(x, y))
			}),
			Term: func(d data, row int) string {
				if rules := d.findings[row].Detections; len(rules) > 0 {
					return filter.Term("detection", rules[0])
				}
				return ""
			},
		},
		{
			Title: "score", Width: 5, Priority: 6, Right: true, LargestFirst: true,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: fmt.Sprintf("%.2f", d.findings[row].Score)}
			},
			Sort: list.Compare(func(d data, a, b int) int { return cmp.Compare(d.findings[a].Score, d.findings[b].Score) }),
		},
		{
			Title: "reasons", Flex: true,
			Fit: func(_ data, window int) int { return list.Share(window) }, // user and host are in it
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: strings.Join(d.findings[row].Reasons, "; ")}
			},
			Sort: list.Compare(func(d data, a, b int) int { return slices.Compare(d.findings[a].Reasons, d.findings[b].Reasons) }),
		},
		{
			Title: "note", Width: 14, Flex: true, Most: 40, Priority: 1,
			Hidden: func(d data) bool { return d.labels.Noted() == 0 },
			Cell: func(d data, row int) widget.Cell {
				note, _ := d.labels.Note(d.ref(row))
				return widget.Cell{Text: note.Text}
			},
			Sort: list.Text(func(d data, row int) string { return d.findings[row].Note.Text }),
		},
	},
}

// unlabelled reports that there is nothing for the columns about labels.
func unlabelled(d data) bool { return d.labels.Labelled() == 0 }

func term(d data, row int) string { return filter.Term("id", d.findings[row].Name) }

func classCell(d data, row int) widget.Cell {
	switch v := d.verdict(row); v.Class {
	case "":
		return widget.None(d.theme)
	case label.Normal:
		return widget.Cell{Text: v.Class, Style: &d.theme.Good}
	default:
		return widget.Cell{Text: v.Class, Style: &d.theme.Bad}
	}
}

// bySuspicion puts first what the analyst takes away, then what is not labelled,
// then what is normal; of each the most suspicious first. In order of the log the
// nightly backup would come before the attack.
func bySuspicion(d data, a, b int) int {
	group := func(row int) int {
		switch d.verdict(row).Class {
		case "":
			return 1
		case label.Normal:
			return 2
		}
		return 0
	}
	return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(d.findings[b].Score, d.findings[a].Score))
}

// byClass puts what is not labelled first, then the classes in order of their keys.
func byClass(d data, a, b int) int {
	classes := d.labels.Classes()
	return cmp.Compare(slices.Index(classes, d.verdict(a).Class), slices.Index(classes, d.verdict(b).Class))
}

// has reports whether anything that is known of a finding matches.
func has(f *finding.Finding, re *regexp.Regexp) bool {
	for _, text := range []string{f.Name, f.User, f.Host, f.Database, f.Outcome, f.Note.Text} {
		if re.MatchString(text) {
			return true
		}
	}
	for _, list := range [][]string{f.Reasons, f.Detections, f.Techniques, f.Actions, f.Tables} {
		if slices.ContainsFunc(list, re.MatchString) {
			return true
		}
	}
	return false
}
