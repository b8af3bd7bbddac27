package findings

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
)

// data is what rows are made of: a row is an index into findings.
type data struct {
	theme    *theme.Theme
	labels   label.Set // right now
	snapshot *pipeline.Snapshot
	findings []finding.Finding
	at       map[uint32]int // rows, by connection
	active   []string       // filters that are on
	ordered  label.Set      // that the order knows
	unjudged int            // findings without a label
}

func (d data) ref(row int) label.Ref {
	return d.snapshot.Connections.Ref(int(d.findings[row].Connection))
}

// verdict is the label of a finding; one given since the findings were gathered
// counts.
func (d data) verdict(row int) label.Verdict {
	v, _ := d.labels.Verdict(d.ref(row))
	return v
}

// relabelled reports whether a finding has been given another class since an older order.
func relabelled(old, now data, row int) bool {
	ref := old.ref(row)
	return old.ordered.Given(ref) != now.ordered.Given(ref)
}

// restored returns a finding that has lost its label since an older order: an undo leads back
// to what it undoes.
func restored(old, now data) (int, bool) {
	if now.ordered.Labelled() >= old.ordered.Labelled() {
		return 0, false
	}
	for row := range now.findings {
		ref := now.ref(row)
		if old.ordered.Given(ref) != "" && now.ordered.Given(ref) == "" {
			return row, true
		}
	}
	return 0, false
}

// arrange lists the findings anew.
func (m Model) arrange() (screen.Screen, tea.Cmd) {
	if m.foundIn == nil {
		return m, nil
	}
	d := data{theme: m.theme, labels: m.labels, ordered: m.labels, snapshot: m.foundIn, findings: m.found, active: m.filtered.Active}
	left := m.filtered.Connections
	cmd := m.list.Load(true, func(ctx context.Context) (data, message.Rows, error) {
		d := d
		shown, err := d.choose(ctx, left)
		return d, shown, err
	})
	return m, cmd
}

// choose returns the findings that the filters leave.
func (d *data) choose(ctx context.Context, left message.Rows) (message.Rows, error) {
	shown := selection.NewBuilder(len(d.findings))
	d.at, d.unjudged = make(map[uint32]int, len(d.findings)), 0
	for i := range d.findings {
		if i%(1<<12) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f := &d.findings[i]
		d.at[f.Connection] = i
		if f.Verdict.Class == "" {
			d.unjudged++
		}
		if len(d.active) > 0 && left != nil {
			if _, ok := left.Find(int(f.Connection)); !ok {
				continue
			}
		}
		shown.Add(i)
	}
	return shown.Bits(), nil
}
