package templates

import (
	"context"
	"runtime"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/count"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// usage is who sends templates and when. What is not known yet is nil.
type usage struct {
	*activity
	anomalous []int // by template, entries of connections labelled as anomalies; nil without such labels
}

// activity is the part of usage that does not depend on labels.
type activity struct {
	timeline    *count.Timeline // what spark lines span
	connections []int32         // by template
	spark       [][sparkCells]uint32
}

// sparkCells is the width of a spark line.
const sparkCells = 16

// class is in which connections a template occurs.
type class uint8

const (
	unknown class = iota
	onlyNormal
	mixed
	onlyAnomalous
)

var classText = [...]string{unknown: "", onlyNormal: "normal", mixed: "mixed", onlyAnomalous: "anomalous"}

func (c class) String() string { return classText[c] }

// connectionsOf returns how many connections sent a template, -1 for not known.
func (u usage) connectionsOf(t int) int {
	if u.activity == nil || t >= len(u.connections) {
		return -1
	}
	return int(u.connections[t])
}

// sparkOf returns the entries of a template over time.
func (u usage) sparkOf(t int) []int {
	if u.activity == nil || t >= len(u.spark) {
		return nil
	}
	out := make([]int, sparkCells)
	for i, n := range u.spark[t] {
		out[i] = int(n)
	}
	return out
}

// classOf returns the class of a template that has count entries.
func (u usage) classOf(t, count int) class {
	switch {
	case t >= len(u.anomalous):
		return unknown
	case u.anomalous[t] == 0:
		return onlyNormal
	case u.anomalous[t] < count:
		return mixed
	}
	return onlyAnomalous
}

// question is what usage depends on.
type question struct {
	timeline *count.Timeline
	truth    *model.Truth
}

// measured is the answer.
type measured struct {
	job   int
	usage usage
	err   error // cancelled
}

// measure finds out the usage of templates as soon as, and whenever, it can have
// changed.
func (m Model) measure() (Model, tea.Cmd) {
	s, u := m.snapshot, m.usage
	if s.Timeline == nil || m.asked == (question{s.Timeline, s.Truth}) {
		return m, nil
	}
	m.asked = question{s.Timeline, s.Truth}
	if u.activity != nil && u.timeline != s.Timeline {
		u.activity = nil
	}
	var ctx context.Context
	m.usages, ctx = m.usages.Start()
	number := m.usages.Number
	return m, screen.Work(func() tea.Msg {
		var err error
		if u.activity == nil {
			if u.activity, err = findActivity(ctx, s, message.Filtered{}); err != nil {
				return measured{job: number, err: err}
			}
		}
		u.anomalous, err = findAnomalous(ctx, s, message.Filtered{})
		return measured{number, u, err}
	})
}

func (m Model) takeUsage(msg measured) (screen.Screen, tea.Cmd) {
	if msg.job != m.usages.Number || msg.err != nil {
		return m, nil
	}
	m.usages = m.usages.Stop()
	m.usage = msg.usage
	d := m.list.Data()
	d.whole = m.usage
	m.list.SetData(d)
	return m.arrange()
}

// left returns which entries the filters leave, nil for all.
func left(f message.Filtered) func(i int) bool {
	if len(f.Active) == 0 {
		return nil
	}
	return func(i int) bool { _, ok := f.Entries.Find(i); return ok }
}

// findActivity passes over what the filters leave of the log, connection by
// connection.
func findActivity(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered) (*activity, error) {
	shown := left(filtered)
	a := &activity{timeline: s.Timeline, connections: make([]int32, len(s.Templates)), spark: make([][sparkCells]uint32, len(s.Templates))}
	template := make([]int32, len(s.Rows)) // by distinct row
	for r, row := range s.Rows {
		template[r] = s.TemplateOf[row.Cluster]
	}
	last := make([]int, len(s.Templates)) // the last connection that sent it, plus one
	done := 0
	var connections message.Rows = message.All(s.ByConnection.Len())
	if shown != nil {
		connections = filtered.Connections
	}
	for k := range connections.Len() {
		c := connections.At(k)
		if c >= s.ByConnection.Len() {
			break // the filters know of connections that came after this snapshot
		}
		for _, i := range s.ByConnection.Entries(c) {
			if done++; done%checkEvery == 0 {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				runtime.Gosched()
			}
			if shown != nil && !shown(int(i)) {
				continue
			}
			t := template[s.Entries.Row(int(i))]
			if last[t] != c+1 {
				last[t] = c + 1
				a.connections[t]++
			}
			if at := s.Entries.Time(int(i)); at != store.NoTime {
				b := s.Timeline.Bucket(at)
				a.spark[t][b*sparkCells/len(s.Timeline.Entries)]++
			}
		}
	}
	return a, nil
}

// findAnomalous counts entries of labelled anomalies by template; nil where there
// are none, since then nothing is known of classes.
func findAnomalous(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered) ([]int, error) {
	if s.Truth == nil || !s.Truth.Positive {
		return nil, nil
	}
	counts, shown := make([]int, len(s.Templates)), left(filtered)
	done := 0
	for _, c := range s.Truth.Judged {
		if !s.Truth.Anomaly(c) {
			continue
		}
		for _, i := range s.ByConnection.Entries(int(c)) {
			if done++; done%checkEvery == 0 {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				runtime.Gosched()
			}
			if shown == nil || shown(int(i)) {
				counts[s.Template(int(i))]++
			}
		}
	}
	return counts, nil
}
