package finding

import (
	"context"
	"slices"

	"sqleuth/analysis/label"
	"sqleuth/analysis/store"
)

// Finding is the evidence about one connection. Texts from the log are raw.
type Finding struct {
	Connection uint32       // index
	Name       string       // as labels files write it
	First      store.Moment // of its first entry
	Last       store.Moment
	User       string // "-" where the log has none, as host and database
	Host       string
	Database   string
	Outcome    string   // of the login, in words
	Entries    int      // all of them
	Actions    []string // each once, in order of first appearance, the first MaxNames
	Tables     []string
	Detections []string // ids of rules, each once, sorted
	Techniques []string // ATT&CK ids, rule.AttackVersion, of these rules, each once, sorted
	Score      float64  // as a suspect
	Reasons    []string
	Class      string        // label.Normal without a label
	Verdict    label.Verdict // zero without a label
	Note       label.Note    // zero without a note
}

// MaxNames is how many actions and tables a Finding lists.
const MaxNames = 64

// Findings returns the evidence about every connection that is labelled, noted
// or detected, in order of connections. The error is that of ctx.
func Findings(ctx context.Context, in Known) ([]Finding, error) {
	conns := in.Log.Connections
	listed := make([]bool, conns.Len())
	for i := range in.Detections {
		for _, c := range in.Detections[i].Connections {
			listed[c] = true
		}
	}
	known := in.Labels.Labelled() > 0 || in.Labels.Noted() > 0
	var chosen []uint32
	for c := range listed {
		if known && !listed[c] {
			_, labelled := in.Labels.Verdict(conns.Ref(c))
			_, noted := in.Labels.Note(conns.Ref(c))
			listed[c] = labelled || noted
		}
		if listed[c] {
			chosen = append(chosen, uint32(c))
		}
	}
	reasons := func(uint32) []string { return nil }
	if in.Ranking != nil {
		reasons = in.Ranking.Reasons()
	}
	findings := make([]Finding, len(chosen))
	at := make(map[uint32]int, len(chosen))
	for i, c := range chosen {
		if i%(1<<12) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		at[c] = i
		findings[i] = in.describe(c)
		findings[i].Reasons = reasons(c)
	}
	for k := range in.Detections {
		d := &in.Detections[k]
		for _, c := range d.Connections {
			f := &findings[at[c]]
			f.Detections = append(f.Detections, d.Rule.Name)
			for _, t := range d.Rule.Techniques {
				f.Techniques = append(f.Techniques, t.ID)
			}
		}
	}
	for i := range findings {
		f := &findings[i]
		slices.SortFunc(f.Detections, compareRules)
		f.Detections = slices.Compact(f.Detections)
		slices.Sort(f.Techniques)
		f.Techniques = slices.Compact(f.Techniques)
	}
	return findings, nil
}

// compareRules orders D2 before D10.
func compareRules(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

func (k *Known) describe(c uint32) Finding {
	conns := k.Log.Connections
	x := conns.Peek(int(c))
	ref := conns.Ref(int(c))
	f := Finding{
		Connection: c, Name: conns.Name(int(c)), First: k.Log.Moment(int(x.First)), Last: k.Log.Moment(int(x.Last)),
		User: conns.Text(x.User), Host: conns.Text(x.Host), Database: conns.Text(x.Database), Outcome: x.Outcome.String(),
		Entries: int(x.Entries), Score: k.Ranking.Score(c), Class: k.Labels.Class(ref),
	}
	f.Verdict, _ = k.Labels.Verdict(ref)
	f.Note, _ = k.Labels.Note(ref)
	last := ^uint32(0)
	for _, e := range k.Log.ByConnection.Entries(int(c)) {
		row := k.Log.Entries.Row(int(e))
		if row == last {
			continue
		}
		last = row
		key := k.Log.Rows[row].Key
		f.Actions = addName(f.Actions, k.Log.Actions[key.Action])
		f.Tables = addName(f.Tables, k.Log.Tables[key.Table])
		if k.Log.OtherTables != nil {
			for _, name := range k.Log.OtherTables[key.Cluster] {
				f.Tables = addName(f.Tables, name)
			}
		}
	}
	return f
}

func addName(names []string, text string) []string {
	if text == "-" || text == "" || len(names) == MaxNames || slices.Contains(names, text) {
		return names
	}
	return append(names, text)
}
