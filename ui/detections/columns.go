package detections

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// fitting is the width of a column in a wide list, where days have their year, severities
// their sign and rules their title, and in others.
func fitting(wide, narrow int) func(data, int) int {
	return func(_ data, window int) int {
		if window < list.Wide {
			return narrow
		}
		return wide
	}
}

const (
	dated   = len(time.DateTime)
	undated = len("before 15:04:05") // or dayAndTime
	signed  = len("!!! critical")
	titled  = 25 // "D6 Accounts, people read"

	dayAndTime = "01-02 15:04:05"
)

// The columns leave, in 80 cells, time, severity, incident, the rule's name and the
// beginning of the summary; the pane has all of it.
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
			Title: "time", Zoned: true, Fit: fitting(dated, undated), Priority: 1,
			Bar: func(d data, k, width int) widget.Cell {
				at := d.theme.Clock.Of(d.rows[k].time())
				switch r := d.rows[k]; {
				case r.finding != nil && r.finding.First < 0:
					return widget.Cell{Text: "no entry", Style: &d.theme.Faint}
				case width < dated && !at.Before:
					return widget.Cell{Text: at.Format(dayAndTime)}
				}
				return widget.Cell{Text: at.Brief()}
			},
			Sort: list.Compare(func(d data, a, b int) int { return d.rows[a].time().Compare(d.rows[b].time()) }),
			Term: func(d data, k int) string { return filter.Minute(d.rows[k].time()) },
		},
		{
			Title: "severity", Fit: fitting(signed, len("critical")), LargestFirst: true,
			Bar: func(d data, k, width int) widget.Cell {
				s := d.rows[k].severity()
				sign, style := widget.Severity(d.theme, s)
				if r := d.rows[k]; r.detection != nil && r.detection.Site != nil {
					if sign, style = asideSign, &d.theme.Faint; width < signed {
						return widget.Cell{Text: asideSign + s.String(), Style: style}
					}
				}
				if width < signed {
					return widget.Cell{Text: s.String(), Style: style}
				}
				return widget.Cell{Text: fmt.Sprintf("%-*s %s", widget.SeverityWidth, sign, s), Style: style}
			},
			Sort: list.Number(func(d data, k int) rule.Severity { return d.rows[k].severity() }),
		},
		{
			Title: "in", Width: 3, Priority: 3,
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
			Title: "rule", Fit: fitting(titled, len("D18-attempt")),
			Bar: ruleBar,
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
			Title: "conns", Width: 7, Priority: 4, Right: true, LargestFirst: true,
			Cell: func(d data, k int) widget.Cell {
				if d.rows[k].finding != nil {
					return widget.Cell{}
				}
				return widget.Cell{Text: widget.Count(len(d.rows[k].connections()))}
			},
			Sort: list.Number(func(d data, k int) int { return len(d.rows[k].connections()) }),
		},
		{
			Title: "summary", Flex: true, Priority: 2,
			Fit:  func(_ data, window int) int { return list.Share(window) },
			Cell: func(d data, k int) widget.Cell { return widget.Cell{Text: d.rows[k].summary()} },
			Sort: list.Text(func(d data, k int) string { return d.rows[k].summary() }),
		},
	},
}

// ruleBar is the rule of a row, with its title where there is room.
func ruleBar(d data, k, width int) widget.Cell {
	text := d.rows[k].rule()
	switch r := d.rows[k]; {
	case r.finding != nil && width >= titled:
		text = r.title()
	case width >= titled:
		text += " " + r.detection.Rule.Title
	}
	return widget.Cell{Text: text, Style: &d.theme.Strong}
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
	all.Brief, all.Source = "all "+widget.Count(len(list))+" of "+r.rule(), label.ByRule
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

// asideSign is that of a detection which a filter of the site sets aside.
const asideSign = "~"
