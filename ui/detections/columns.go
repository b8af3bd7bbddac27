package detections

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// The columns leave, in 80 cells, time, severity, rule and the beginning of the
// summary; the pane has all of it.
var spec = list.Spec[data]{
	Start:   "summary",
	Many:    true,
	Unit:    [2]string{"row", "rows"},
	Room:    room,
	Missing: "nothing that is shown here has it",
	Time:    func(d data, k int) store.Moment { return d.rows[k].time() },
	Len:     func(d data) int { return len(d.rows) },
	Kept:    "detections",
	Identity: &list.Identity[data]{
		Name: func(d data, k int) string { return d.rows[k].name },
		Row: func(d data, name string) (int, bool) {
			k, ok := d.at[name]
			return k, ok
		},
	},
	About:  func(d data, k int) []string { return d.rows[k].paragraphs(d.snapshot, d.theme.Clock) },
	Zone:   func(d data) string { return d.theme.Clock.Zone(d.snapshot.Zone()) },
	Term:   func(d data, k int) string { return d.rows[k].term },
	Open:   func(d data, k int) tea.Msg { return d.rows[k].evidence() },
	Opens:  "evidence",
	Target: target,
	Connections: func(d data, k int, add func(int)) {
		for _, c := range d.rows[k].connections() {
			add(int(c))
		}
	},
	Snapshot: func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy: func(d data, k int) message.Copy {
		return message.Copy{What: d.rows[k].title(), Text: func(context.Context) (string, error) {
			return strings.Join(d.rows[k].paragraphs(d.snapshot, d.theme.Clock), "\n") + "\n", nil
		}}
	},
	Match: func(d data, re *regexp.Regexp) func(int) bool {
		return func(k int) bool {
			return slices.ContainsFunc(d.rows[k].paragraphs(d.snapshot, d.theme.Clock), re.MatchString)
		}
	},
	Columns: []list.Column[data]{
		{
			Title: "time", Zoned: true, Width: 19, Priority: 1,
			Cell: func(d data, k int) widget.Cell {
				if r := d.rows[k]; r.finding != nil && r.finding.First < 0 {
					return widget.Cell{Text: "no entry", Style: &d.theme.Faint}
				}
				return widget.Cell{Text: d.theme.Clock.Of(d.rows[k].time()).Brief()}
			},
			Sort: list.Compare(func(d data, a, b int) int { return d.rows[a].time().Compare(d.rows[b].time()) }),
			Term: func(d data, k int) string { return filter.Minute(d.rows[k].time()) },
		},
		{
			Title: "severity", Width: 12, LargestFirst: true,
			Cell: func(d data, k int) widget.Cell {
				s := d.rows[k].severity()
				if r := d.rows[k]; r.detection != nil && r.detection.Site != nil {
					return widget.Cell{Text: asideSign + " " + s.String(), Style: &d.theme.Faint}
				}
				return widget.Cell{Text: severitySign[s] + " " + s.String(), Style: severityStyle(d.theme, s)}
			},
			Sort: list.Number(func(d data, k int) rule.Severity { return d.rows[k].severity() }),
		},
		{
			Title: "in", Width: 3, Priority: 4,
			Cell: func(d data, k int) widget.Cell { return widget.Cell{Text: d.rows[k].incident, Style: &d.theme.Faint} },
			Sort: list.Text(func(d data, k int) string { return d.rows[k].incident }),
			Term: func(d data, k int) string {
				if in := d.rows[k].incident; in != "" {
					return filter.Term("incident", in)
				}
				return ""
			},
		},
		{
			Title: "rule", Width: 25,
			Cell: ruleCell,
			Sort: list.Compare(func(d data, a, b int) int {
				x, y := d.rows[a].rule(), d.rows[b].rule()
				return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
			}),
			Term: func(d data, k int) string {
				if r := d.rows[k]; r.detection != nil {
					return filter.Term("detection", r.detection.Rule.Name)
				}
				return ""
			},
		},
		{
			Title: "ATT&CK", Width: 22, Priority: 5,
			Cell: func(d data, k int) widget.Cell {
				switch r := d.rows[k]; {
				case r.finding != nil && r.severity() == rule.Context:
					return widget.Cell{}
				case r.finding != nil:
					return widget.Cell{Text: ids(r.integrity, 2)}
				default:
					return widget.Cell{Text: ids(r.detection.Rule, 2)}
				}
			},
		},
		{
			Title: "who", Width: 24, Priority: 6,
			Cell: func(d data, k int) widget.Cell { return widget.Cell{Text: d.rows[k].who()} },
			Sort: list.Text(func(d data, k int) string { return d.rows[k].who() }),
			Term: func(d data, k int) string {
				switch r := d.rows[k]; {
				case r.detection != nil && r.detection.Host != "":
					return filter.Term("host", r.detection.Host)
				case r.detection != nil && r.detection.User != "":
					return filter.Term("user", r.detection.User)
				}
				return ""
			},
		},
		{
			Title: "conns", Width: 7, Priority: 3, Right: true, LargestFirst: true,
			Cell: func(d data, k int) widget.Cell {
				if d.rows[k].finding != nil {
					return widget.Cell{}
				}
				return widget.Cell{Text: widget.Count(len(d.rows[k].connections()))}
			},
			Sort: list.Number(func(d data, k int) int { return len(d.rows[k].connections()) }),
		},
		{
			Title: "summary", Width: 18, Flex: true, Priority: 2,
			Cell: func(d data, k int) widget.Cell { return widget.Cell{Text: d.rows[k].summary()} },
			Sort: list.Text(func(d data, k int) string { return d.rows[k].summary() }),
		},
	},
}

func ruleCell(d data, k int) widget.Cell {
	switch r := d.rows[k]; {
	case r.finding != nil:
		return widget.Cell{Text: r.title(), Style: &d.theme.Strong}
	default:
		return widget.Cell{Text: r.detection.Rule.Name + " " + r.detection.Rule.Title, Style: &d.theme.Strong}
	}
}

// target is the connections of a row.
func target(d data, k int) message.Target {
	r := d.rows[k]
	list := r.connections()
	switch len(list) {
	case 0:
		return message.Target{}
	case 1:
		one := message.One(d.snapshot, int(list[0]))
		one.Source = label.ByRule
		return one
	}
	text := "all " + widget.Number(len(list), "connection", "connections") + " of " + r.title()
	all := message.Taken(d.snapshot, text, func(_ context.Context, add func(connection int)) error {
		for _, c := range list {
			add(int(c))
		}
		return nil
	})
	all.Source = label.ByRule
	return all
}

// time of a finding about no entry comes before everything.
func (r row) time() store.Moment {
	if r.detection != nil {
		return r.detection.Time
	}
	return r.finding.Time
}

func (r row) severity() rule.Severity {
	if r.finding != nil {
		return r.finding.Severity
	}
	return r.detection.Severity
}

func (r row) rule() string {
	if r.finding != nil {
		return r.integrity.Name
	}
	return r.detection.Rule.Name
}

func (r row) summary() string {
	if r.finding != nil {
		return r.finding.Summary
	}
	return r.detection.Summary
}

// severitySign says a severity by more than its colour and its word.
var severitySign = [...]string{rule.Context: "   ", rule.Low: ".  ", rule.Medium: "!  ", rule.High: "!! ", rule.Critical: "!!!"}

// asideSign is that of a detection which a filter of the site sets aside.
const asideSign = "~  "

func severityStyle(t *theme.Theme, s rule.Severity) *lipgloss.Style {
	switch s {
	case rule.Critical, rule.High:
		return &t.Bad
	case rule.Medium:
		return &t.Warn
	case rule.Low:
		return &t.Text
	}
	return &t.Faint
}
