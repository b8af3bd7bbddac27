package finding

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// MaxSuspects is how many suspects Rank returns at most.
const MaxSuspects = 1000

// Suspect is a connection that an analyst should read.
type Suspect struct {
	Connection uint32 // index
	ID         uint64
	Epoch      uint32
	Score      float64 // 0 to 1, see Rank
	Class      string  // label.Normal without a label
	Reasons    []string
}

// bySeverity is how much a detection alone makes of a connection.
var bySeverity = [...]float64{rule.Context: 0.05, rule.Low: 0.15, rule.Medium: 0.4, rule.High: 0.7, rule.Critical: 0.9}

const (
	// fromAttacker is the weight of a failed login that is in no detection,
	// from a host whose other failures are.
	fromAttacker = 0.5
	// mostIsolated is the weight of an outlier with an isolation score of 1; at
	// 0.5, the score of the average entry, it is 0.
	mostIsolated = 0.3
	// mostRandom is the weight of a probability of 1; below one half it is 0.
	mostRandom = 0.6
	// rare is the weight of a template that rareConnections or fewer
	// connections sent, in a log of commonConnections or more.
	rare              = 0.05
	rareConnections   = 2
	commonConnections = 50
	// judgedNormal is what is left of the score of a connection that was
	// labelled normal: somebody has read it.
	judgedNormal = 0.1
)

// Rank returns the connections in the order in which an analyst should read
// them, the first MaxSuspects of those with any evidence, and how many of those
// there are in all.
//
// Each piece of evidence has a weight between 0 and 1, taken for the chance that
// it alone is right, and the score is the chance that any of them is:
// 1 - (1-w1)(1-w2)... (noisy or). Detections weigh by their severity, models by
// their highest score among the connection's entries. Equal scores keep the
// order of connections. Labels count through the Random Forest only, except that
// a label "normal" takes a connection to the end. The error is that of ctx.
func Rank(ctx context.Context, in Known) (suspects []Suspect, total int, err error) {
	ev, err := gather(ctx, &in)
	if err != nil {
		return nil, 0, err
	}
	top := make(lowest, 0, MaxSuspects)
	for c := range ev.score {
		s := ranked{ev.score[c], uint32(c)}
		if s.score == 0 {
			continue
		}
		total++
		switch {
		case len(top) < MaxSuspects:
			heap.Push(&top, s)
		case top[0].less(s):
			top[0] = s
			heap.Fix(&top, 0)
		}
	}
	slices.SortFunc(top, func(a, b ranked) int {
		if a.less(b) {
			return 1
		}
		return -1
	})
	chosen := make([]uint32, len(top))
	for i, s := range top {
		chosen[i] = s.conn
	}
	reasons := ev.explain(chosen)
	suspects = make([]Suspect, len(top))
	for i, s := range top {
		ref := in.Log.Connections.Ref(int(s.conn))
		suspects[i] = Suspect{Connection: s.conn, ID: ref.ID, Epoch: ref.Epoch, Score: s.score, Class: in.Labels.Class(ref), Reasons: reasons[i]}
	}
	return suspects, total, nil
}

// ranked is a connection with its score.
type ranked struct {
	score float64
	conn  uint32
}

// less says whether r is to be read after s.
func (r ranked) less(s ranked) bool {
	return r.score < s.score || r.score == s.score && r.conn > s.conn
}

// lowest is a heap with the suspect to be read last on top.
type lowest []ranked

func (h lowest) Len() int           { return len(h) }
func (h lowest) Less(i, j int) bool { return h[i].less(h[j]) }
func (h lowest) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *lowest) Push(x any)        { *h = append(*h, x.(ranked)) }
func (h *lowest) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// evidence is what speaks against connections: 20 bytes each and what their
// detections hold.
type evidence struct {
	*Known
	score     []float64 // by connection
	models    []modelEvidence
	attackers map[uint32]*detect.Detection // by number of the host, its largest series of failed logins
	detected  []bool                       // by connection: in a detection of failed logins
}

// modelEvidence is what scores and templates say about a connection.
type modelEvidence struct {
	isolation float32 // highest of its outliers, 0 for none
	random    float32 // highest
	rarest    uint32  // connections that sent its rarest template
}

// gather scores all connections.
func gather(ctx context.Context, in *Known) (*evidence, error) {
	n := in.Log.Connections.Len()
	ev := &evidence{Known: in, score: make([]float64, n), attackers: map[uint32]*detect.Detection{}, detected: make([]bool, n)}
	innocent := ev.score // 1 - score until the end
	for c := range innocent {
		innocent[c] = 1
	}
	ev.weighDetections(innocent)
	if err := ev.measure(ctx); err != nil {
		return nil, err
	}
	for c := range innocent {
		innocent[c] *= (1 - ev.models[c].isolationWeight()) * (1 - ev.models[c].randomWeight())
		if ev.rare(c) {
			innocent[c] *= 1 - rare
		}
		if ev.attacker(c) != nil {
			innocent[c] *= 1 - fromAttacker
		}
		ev.score[c] = rounded(1 - innocent[c])
	}
	if in.Labels.Labelled() > 0 {
		for c := range ev.score {
			if v, ok := in.Labels.Verdict(in.Log.Connections.Ref(c)); ok && v.Class == label.Normal {
				ev.score[c] = rounded(ev.score[c] * judgedNormal)
			}
		}
	}
	return ev, nil
}

// weighDetections multiplies into innocent what detections say. Several of one
// tactic are one piece of evidence: rules overlap, and the gravest counts.
func (ev *evidence) weighDetections(innocent []float64) {
	gravest := map[string]map[uint32]float64{}
	var tactics []string
	for i := range ev.Detections {
		d := &ev.Detections[i]
		tactic := ""
		if len(d.Rule.Tactics) > 0 {
			tactic = d.Rule.Tactics[0]
		}
		of := gravest[tactic]
		if of == nil {
			of = map[uint32]float64{}
			gravest[tactic] = of
			tactics = append(tactics, tactic)
		}
		for _, c := range d.Connections {
			of[c] = max(of[c], bySeverity[d.Severity])
			ev.detected[c] = ev.detected[c] || d.Guessing()
		}
		if d.Guessing() && d.Severity >= rule.Medium && d.Host != "" {
			host := ev.Log.Connections.Peek(int(d.Connections[0])).Host
			if a := ev.attackers[host]; a == nil || a.Count < d.Count {
				ev.attackers[host] = d
			}
		}
	}
	for _, tactic := range tactics {
		for c, weight := range gravest[tactic] {
			innocent[c] *= 1 - weight
		}
	}
}

// rounded keeps four decimals: weights are not known better, and what differs
// by less is a tie.
func rounded(score float64) float64 { return math.Round(score*1e4) / 1e4 }

func (m modelEvidence) isolationWeight() float64 {
	return max(0, mostIsolated*2*(float64(m.isolation)-0.5))
}

func (m modelEvidence) randomWeight() float64 {
	if m.random < 0.5 {
		return 0
	}
	return mostRandom * float64(m.random)
}

func (ev *evidence) rare(c int) bool {
	return len(ev.models) >= commonConnections && ev.models[c].rarest > 0 && ev.models[c].rarest <= rareConnections
}

// attacker returns the failed logins of the host of connection c, if c failed to
// log in too and no detection says so.
func (ev *evidence) attacker(c int) *detect.Detection {
	if ev.detected[c] {
		return nil
	}
	conn := ev.Log.Connections.Peek(c)
	if conn.Outcome != connection.Denied && conn.Outcome != connection.Failed {
		return nil
	}
	return ev.attackers[conn.Host]
}

// rowEvidence is what the models and templates say about a distinct row.
type rowEvidence struct {
	isolation, random float32
	template          int32
}

// measure fills models in two passes over the entries, connection by
// connection.
func (ev *evidence) measure(ctx context.Context) error {
	in := ev.Log
	rows := make([]rowEvidence, len(in.Rows))
	for i, row := range in.Rows {
		rows[i].template = in.TemplateOf[row.Cluster]
		if ev.Encoded == nil {
			continue
		}
		u := int(ev.Encoded[i])
		if ev.Isolation != nil && u < len(ev.Outlier) && ev.Outlier[u] {
			rows[i].isolation = float32(ev.Isolation(u))
		}
		if ev.Random != nil {
			rows[i].random = float32(ev.Random(u))
		}
	}
	n := in.ByConnection.Len()
	senders := make([]uint32, len(in.Templates)) // connections by template
	last := make([]uint32, len(in.Templates))    // and the last of them, plus one
	for c := range n {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for _, e := range in.ByConnection.Entries(c) {
			t := rows[in.Entries.Row(int(e))].template
			if last[t] != uint32(c)+1 {
				last[t] = uint32(c) + 1
				senders[t]++
			}
		}
	}
	ev.models = make([]modelEvidence, len(ev.score))
	for c := range n {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		m := &ev.models[c]
		for _, e := range in.ByConnection.Entries(c) {
			r := &rows[in.Entries.Row(int(e))]
			m.isolation = max(m.isolation, r.isolation)
			m.random = max(m.random, r.random)
			if k := senders[r.template]; m.rarest == 0 || k < m.rarest {
				m.rarest = k
			}
		}
	}
	return nil
}

// explain gives the reasons for each of the chosen connections: detections in
// order of severity, then models and templates.
func (ev *evidence) explain(chosen []uint32) [][]string {
	at := make(map[uint32]int, len(chosen))
	for i, c := range chosen {
		at[c] = i
	}
	of := make([][]int, len(chosen)) // detections
	for k := range ev.Detections {
		for _, c := range ev.Detections[k].Connections {
			if i, ok := at[c]; ok {
				of[i] = append(of[i], k)
			}
		}
	}
	reasons := make([][]string, len(chosen))
	for i, c := range chosen {
		slices.SortStableFunc(of[i], func(a, b int) int {
			return cmp.Compare(ev.Detections[b].Severity, ev.Detections[a].Severity)
		})
		for _, k := range of[i] {
			reasons[i] = append(reasons[i], ev.detectionReason(&ev.Detections[k], c))
		}
		reasons[i] = append(reasons[i], ev.otherReasons(int(c))...)
	}
	return reasons
}

// detectionReason states what a detection says of connection c, and of no other: the
// words of the detection are those of all of its connections.
func (ev *evidence) detectionReason(d *detect.Detection, c uint32) string {
	switch {
	case d.Guessing():
		k, _ := slices.BinarySearch(d.Connections, c)
		from := d.Host
		if from == "" {
			from = "several hosts"
		}
		return fmt.Sprintf("%s %s: failed login %d of %d from %s", d.Rule.Name, d.Rule.Title, k+1, d.Count, from)
	case d.Logins:
		k, _ := slices.BinarySearch(d.Connections, c)
		return fmt.Sprintf("%s %s: %s, connection %d of %d", d.Rule.Name, d.Rule.Title, d.What, k+1, d.Count)
	}
	if len(d.Connections) == 1 {
		return fmt.Sprintf("%s %s: %s", d.Rule.Name, d.Rule.Title, d.What)
	}
	return fmt.Sprintf("%s %s: %d of %s, %d connections", d.Rule.Name, d.Rule.Title, ev.entriesOf(d, c),
		wording.Counted(len(d.Entries), "entry", "entries"), len(d.Connections))
}

// entriesOf counts the entries of connection c that a detection rests on.
func (ev *evidence) entriesOf(d *detect.Detection, c uint32) (n int) {
	for _, i := range ev.Log.ByConnection.Entries(int(c)) {
		if _, ok := slices.BinarySearch(d.Entries, i); ok {
			n++
		}
	}
	return n
}

func (ev *evidence) otherReasons(c int) (reasons []string) {
	m := ev.models[c]
	if a := ev.attacker(c); a != nil {
		reasons = append(reasons, fmt.Sprintf("failed login from %s, which failed %d times in %s", a.Host, a.Count, a.Rule.Name))
	}
	if m.randomWeight() > 0 {
		reasons = append(reasons, fmt.Sprintf("random forest %.2f", m.random))
	}
	if m.isolation > 0 {
		reasons = append(reasons, fmt.Sprintf("isolation score %.2f (outlier)", m.isolation))
	}
	if ev.rare(c) {
		if m.rarest == 1 {
			reasons = append(reasons, "a template seen in no other connection")
		} else {
			reasons = append(reasons, fmt.Sprintf("a template seen in %d connections only", m.rarest))
		}
	}
	if v, ok := ev.Labels.Verdict(ev.Log.Connections.Ref(c)); ok && v.Class == label.Normal {
		reasons = append(reasons, "labelled normal by "+v.Source.String())
	}
	return reasons
}
