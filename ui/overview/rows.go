package overview

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/analysis/suspicion"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
	"sqleuth/ui/stages"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what the list is made of: incidents, then the suspects that belong to none.
type data struct {
	theme    *theme.Theme
	snapshot *pipeline.Snapshot // nil before the first
	labels   label.Set
	ranked   label.Set      // that the order knows
	suspects []alike        // of the first of the ranking, that are in no incident
	at       map[uint32]int // rows of suspects, by connection
	widest   map[string]int // cell of a column, in cells
}

// data is that of now. There are no more suspects than suspicion.Shown, so
// this may look at all of them.
func (m *Model) data() data {
	d := data{theme: m.theme, snapshot: m.listed, labels: m.labels, ranked: m.ranked, at: map[uint32]int{}, widest: map[string]int{}}
	if m.listed == nil {
		return d
	}
	d.suspects = m.groups
	for k, x := range d.suspects {
		for _, c := range x.connections {
			d.at[c] = len(m.listed.Incidents) + k
		}
	}
	for _, c := range columns {
		if c.Flex {
			continue
		}
		widest := len(c.Title)
		for row := range d.len() {
			widest = max(widest, ansi.StringWidth(widget.Clip(m.theme, c.Cell(d, row).Text, c.Width)))
		}
		d.widest[c.Title] = widest
	}
	return d
}

// left returns the rows of which the filters leave a connection. The error is that of
// ctx.
func (d data) left(ctx context.Context, f message.Filtered) (message.Rows, error) {
	if len(f.Active) == 0 {
		return message.All(d.len()), nil
	}
	shown := selection.NewBuilder(d.len())
	for row := range d.len() {
		for k, c := range d.connections(row) {
			if k%mostLooked == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if _, left := f.Connections.Find(int(c)); left {
				shown.Add(row)
				break
			}
		}
	}
	return shown.Bits(), nil
}

func (d data) len() int {
	if d.snapshot == nil {
		return 0
	}
	return len(d.snapshot.Incidents) + len(d.suspects)
}

// incident returns the incident of a row, nil for a suspect.
func (d data) incident(row int) *incident.Incident {
	if row < len(d.snapshot.Incidents) {
		return &d.snapshot.Incidents[row]
	}
	return nil
}

// group returns the suspects of a row that is no incident.
func (d data) group(row int) *alike { return &d.suspects[row-len(d.snapshot.Incidents)] }

// suspect returns the suspect of a row that is no incident, the first of those alike.
func (d data) suspect(row int) *suspicion.Suspect {
	return &d.snapshot.Ranking.First()[d.group(row).first]
}

// connections are those of a row, ascending.
func (d data) connections(row int) []uint32 {
	if x := d.incident(row); x != nil {
		return x.Connections
	}
	return d.group(row).connections
}

// name is what a row is called: the letter of an incident, the name of a connection.
func (d data) name(row int) string {
	if d.incident(row) != nil {
		return incident.Letter(row)
	}
	return d.snapshot.Connections.Name(int(d.suspect(row).Connection))
}

// decision is what was decided of an incident; of a suspect it is empty.
func (d data) decision(row int) label.Decision {
	x := d.incident(row)
	if x == nil {
		return label.Decision{}
	}
	decision, _ := d.labels.DecisionOn(x.ID, x.Formerly)
	return decision
}

// dismissed reports whether a row is an incident that was dismissed.
func (d data) dismissed(row int) bool { return d.decision(row).Outcome == label.Dismissed }

// part orders what is listed: incidents that are to be looked at, those that were
// dismissed, suspects.
func (d data) part(row int) int {
	switch {
	case d.incident(row) == nil:
		return 2
	case d.dismissed(row):
		return 1
	}
	return 0
}

// more is how many connections a row has beside its first.
func (d data) more(row int) int {
	if d.incident(row) != nil {
		return 0
	}
	return len(d.connections(row)) - 1
}

// first is when a row begins.
func (d data) first(row int) store.Moment {
	if x := d.incident(row); x != nil {
		return x.First
	}
	return d.snapshot.Moment(int(d.snapshot.Connections.Peek(int(d.connections(row)[0])).First))
}

// through is whom a row came through.
func (d data) through(row int) string {
	if x := d.incident(row); x != nil {
		return x.Through
	}
	c := d.snapshot.Connections.Peek(int(d.suspect(row).Connection))
	return d.snapshot.Connections.Text(c.User) + "@" + d.snapshot.Connections.Text(c.Host)
}

// asked is what was asked for in a row, or why a connection is suspected.
func (d data) asked(row int) string {
	if x := d.incident(row); x != nil {
		return x.Asked
	}
	reasons := d.suspect(row).Reasons
	parts := make([]string, len(reasons))
	for k, r := range reasons {
		parts[k] = words(r)
	}
	text := strings.Join(parts, "; ")
	if n := d.more(row); n > 0 {
		text = widget.Count(1+n) + " alike: " + text
	}
	return text
}

// severity orders rows: incidents by their severity, before all suspects by score.
func (d data) severity(row int) float64 {
	if x := d.incident(row); x != nil {
		return 2 + float64(x.Severity)
	}
	return d.suspect(row).Score
}

// decidedSince reports whether a suspect has been given a class since an older order, or all
// that its account does was declared normal, or an incident was dismissed. Snapshots between
// two rankings know the class already. Labels move no incident.
func decidedSince(old, now data, row int) bool {
	if x := old.incident(row); x != nil {
		decision, _ := now.labels.DecisionOn(x.ID, x.Formerly)
		return decision.Outcome == label.Dismissed && !old.dismissed(row)
	}
	ref := old.ref(row)
	return old.ranked.Given(ref) != now.ranked.Given(ref) || old.usual(row, old.ranked) != old.usual(row, now.ranked)
}

// restored returns the first row that has lost a label or a dismissal since an older order, or
// is an incident again that had been declared normal: an undo leads back to what it undoes.
func restored(old, now data) (int, bool) {
	if old.snapshot == nil || now.snapshot == nil {
		return 0, false
	}
	for row := range now.snapshot.Incidents {
		x := &now.snapshot.Incidents[row]
		before := slices.IndexFunc(old.snapshot.Incidents, func(o incident.Incident) bool { return x.Is(o.ID) })
		if before < 0 && len(now.ranked.Usual()) < len(old.ranked.Usual()) || before >= 0 && old.dismissed(before) && !now.dismissed(row) {
			return row, true
		}
	}
	for k := range now.suspects {
		row := len(now.snapshot.Incidents) + k
		ref := now.ref(row)
		if old.ranked.Given(ref) != "" && now.ranked.Given(ref) == "" || now.usual(row, old.ranked) && !now.usual(row, now.ranked) {
			return row, true
		}
	}
	return 0, false
}

// ref is the connection of a suspect.
func (d data) ref(row int) label.Ref {
	return d.snapshot.Connections.Ref(int(d.suspect(row).Connection))
}

// usual reports whether all that the account of a suspect does is normal by some labels.
func (d data) usual(row int, labels label.Set) bool {
	x, v := d.snapshot.Connections.Peek(int(d.suspect(row).Connection)), &d.snapshot.Connections
	user, host := v.Text(x.User), v.Text(x.Host)
	return slices.ContainsFunc(labels.Usual(), func(u label.Usual) bool {
		return u.Digest == "" && u.Host == host && (u.User == "" || u.User == user)
	})
}

// fitting makes a column no wider than what is in it, so that the reasons have
// room in a narrow window.
func fitting(c list.Column[data]) list.Column[data] {
	title := c.Title
	c.Fit = func(d data, _ int) int { return d.widest[title] }
	return c
}

// incidentMark is in front of the ids of incidents where rows are named.
const incidentMark = "incident "

var spec = list.Spec[data]{
	Columns: columns,
	Start:   "asked for",
	Order:   list.Number(data.part),
	Few:     true,
	Stay:    decidedSince,
	Back:    restored,
	Many:    true,
	Unit:    [2]string{"row", "rows"},
	Time:    data.first,
	Missing: "no row that is shown has it; the other screens search the log",
	Len:     data.len,
	Kept:    "suspects",
	Identity: &list.Identity[data]{
		Name: func(d data, row int) string {
			if x := d.incident(row); x != nil {
				return incidentMark + x.ID
			}
			return strconv.FormatUint(uint64(d.suspect(row).Connection), 10)
		},
		Row: func(d data, name string) (int, bool) {
			if id, ok := strings.CutPrefix(name, incidentMark); ok {
				row := slices.IndexFunc(d.snapshot.Incidents, func(x incident.Incident) bool { return x.Is(id) })
				return row, row >= 0
			}
			n, err := strconv.ParseUint(name, 10, 32)
			row, ok := d.at[uint32(n)]
			return row, ok && err == nil
		},
	},
	Term:            term,
	OpenEntries:     term,
	OpenConnections: term,
	Open: func(d data, row int) tea.Msg {
		if d.incident(row) != nil {
			return nil // the screen opens it
		}
		if d.more(row) > 0 {
			return message.OpenConnections{Title: about(d, row), Term: term(d, row)}
		}
		return message.OpenConnection{Connection: int(d.suspect(row).Connection), At: -1}
	},
	Opens:  "open",
	Target: target,
	Connections: func(d data, row int, add func(int)) {
		for _, c := range d.connections(row) {
			add(int(c))
		}
	},
	Snapshot: func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy: func(d data, row int) message.Copy {
		return message.Copy{What: about(d, row), Text: func(context.Context) (string, error) {
			return stages.Text(paneLines(d, row)), nil
		}}
	},
	Match: func(d data, re *regexp.Regexp) func(int) bool {
		return func(row int) bool {
			for _, c := range columns {
				if !c.Flex && re.MatchString(c.Cell(d, row).Text) {
					return true
				}
			}
			return slices.ContainsFunc(paneLines(d, row), func(l stages.Line) bool { return re.MatchString(l.Text) })
		}
	},
}

var columns = []list.Column[data]{
	fitting(list.Column[data]{
		Title: "id", Width: 12,
		Cell: func(d data, row int) widget.Cell {
			return widget.Cell{Text: d.name(row) + d.decision(row).Sign(), Style: &d.theme.Strong}
		},
		Sort: list.Number(func(d data, row int) int { return row }),
	}),
	fitting(list.Column[data]{
		Title: "sev", Width: 4, LargestFirst: true,
		Cell: func(d data, row int) widget.Cell {
			x := d.incident(row)
			if x == nil {
				return widget.Cell{Text: fmt.Sprintf("%.2f", d.suspect(row).Score)}
			}
			sign, style := widget.Severity(d.theme, x.Severity)
			if d.dismissed(row) {
				style = &d.theme.Faint
			}
			return widget.Cell{Text: sign, Style: style}
		},
		Sort: list.Compare(func(d data, a, b int) int { return cmp.Compare(d.severity(a), d.severity(b)) }),
	}),
	fitting(list.Column[data]{
		Title: "first seen", Width: 11, Priority: 3,
		Cell: func(d data, row int) widget.Cell {
			return widget.Cell{Text: d.theme.Clock.Of(d.first(row)).Format("01-02 15:04")}
		},
		Sort: list.Compare(func(d data, a, b int) int { return d.first(a).Compare(d.first(b)) }),
		Term: func(d data, row int) string { return filter.Minute(d.first(row)) },
	}),
	{
		Title: "asked for", Flex: true,
		Fit: func(d data, _ int) int {
			if d.snapshot != nil && d.snapshot.SeveralServers() {
				return 25 // each row names one
			}
			return 30
		},
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.asked(row)} },
	},
	fitting(list.Column[data]{
		Title: "how", Width: 40, Priority: 5,
		Hidden: func(d data) bool { return d.snapshot == nil || len(d.snapshot.Incidents) == 0 },
		Cell: func(d data, row int) widget.Cell {
			if x := d.incident(row); x != nil {
				return widget.Cell{Text: x.How}
			}
			if beside := d.group(row).beside; beside != "" {
				return widget.Cell{Text: "not joined to " + beside, Style: &d.theme.Faint}
			}
			return widget.Cell{}
		},
	}),
	fitting(list.Column[data]{
		Title: "through", Width: 28, Priority: 2, // an account at one of several servers
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.through(row)} },
		Sort: list.Text(data.through),
		Term: func(d data, row int) string {
			if x := d.incident(row); x != nil && len(x.Actor.Hosts) != 1 {
				return term(d, row)
			}
			c := d.snapshot.Connections.Peek(int(d.connections(row)[0]))
			return filter.Term("host", d.snapshot.Connections.Text(c.Host))
		},
	}),
	fitting(list.Column[data]{
		Title: "class", Width: 14, Priority: 4,
		Hidden: func(d data) bool { return d.labels.Labelled() == 0 },
		Cell:   classCell,
		Sort:   list.Text(func(d data, row int) string { return classCell(d, row).Text }),
		Term: func(d data, row int) string {
			if d.incident(row) != nil {
				return term(d, row)
			}
			return filter.Term("label", d.labels.Class(d.ref(row)))
		},
	}),
}

func term(d data, row int) string {
	if x := d.incident(row); x != nil {
		return filter.Term("incident", x.ID)
	}
	var names []string
	for _, c := range d.connections(row) {
		names = append(names, d.snapshot.Connections.Name(int(c)))
	}
	return filter.Term("id", strings.Join(names, ","))
}

// about names a row in a sentence.
func about(d data, row int) string {
	if d.incident(row) != nil {
		return "incident " + d.name(row)
	}
	if n := d.more(row); n > 0 {
		return "connection " + d.name(row) + " and " + widget.Number(n, "other", "others") + " alike"
	}
	return "connection " + d.name(row)
}

// target is all connections of an incident, or a suspect's one.
func target(d data, row int) message.Target {
	if d.incident(row) == nil {
		if d.more(row) == 0 {
			return message.One(d.snapshot, int(d.suspect(row).Connection))
		}
		connections := d.connections(row)
		t := message.Taken(d.snapshot, about(d, row), func(_ context.Context, add func(connection int)) error {
			for _, c := range connections {
				add(int(c))
			}
			return nil
		})
		t.Brief, t.Named = fmt.Sprintf("%s and %s alike", d.name(row), widget.Count(d.more(row))), int(d.suspect(row).Connection)+1
		return t
	}
	return stages.Target(d.snapshot, d.connections(row), about(d, row))
}

// mostLooked is how many connections are looked at for a frame.
const mostLooked = 4096

// classCell draws a label, of an incident that of all its connections, unless they
// are too many to look at. Labelled as normal is not the same as not looked at.
func classCell(d data, row int) widget.Cell {
	t := d.theme
	class, some := "", false
	connections := d.connections(row)
	if len(connections) > mostLooked {
		return widget.Cell{}
	}
	for k, c := range connections {
		v, ok := d.labels.Verdict(d.snapshot.Connections.Ref(int(c)))
		if k == 0 {
			class, some = v.Class, ok
		} else if ok != some || v.Class != class {
			return widget.Cell{Text: "several", Style: &t.Warn}
		}
	}
	switch {
	case !some:
		return widget.None(t)
	case class == label.Normal:
		return widget.Cell{Text: class, Style: &t.Good}
	}
	return widget.Cell{Text: class, Style: &t.Bad}
}
