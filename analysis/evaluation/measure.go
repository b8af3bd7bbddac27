package evaluation

import (
	"cmp"
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// severities are how many there are.
const severities = int(rule.Critical) + 1

// Result is how an analysis did.
type Result struct {
	Attacks int // connections that are no normal ones
	Normal  int // the others, without those that are left out
	Ranking Ranking
	Above   int // normal connections that score more than one half
	Stages  []Stage
	Alarms  [severities]Alarms
	Entries *Entries // nil where entries are not labelled
	// Worst are the detections above medium that name normal connections only.
	Worst []detect.Detection
}

// Ranking is how well a list is sorted in which some things are wanted.
type Ranking struct {
	AveragePrecision float64 // 0 to 1
	Above            float64 // share of what is wanted that scores more than one half
	Precision        map[int]float64
	Recall           map[int]float64
}

// depths are the numbers of rows read at which precision and recall are given.
var depths = []int{10, 50, 100}

// Stage is how a stage of the attack was found.
type Stage struct {
	Name        string
	Connections int
	Detected    int // of them, those in a detection of medium or above
	Severity    rule.Severity
	Found       bool // there is any detection, of Severity at most
	Rank        int  // of its first connection among the suspects, from 1; 0 for none
}

// Alarms are what is reported at a severity and above.
type Alarms struct {
	Detections  int
	Connections int // normal ones in them
}

// Entries is how statements were found.
type Entries struct {
	Labelled, Other int
	Medium          int // of Labelled, evidence of a detection of medium or above
	Any             int // of Labelled, evidence of any
	False           int // of Other, evidence of a detection above context
	FalseMedium     int // of Other, evidence of a detection of medium or above
}

// Measure compares what an analysis found with the truth.
func Measure(s *pipeline.Snapshot, t *Truth) *Result {
	n := s.Connections.Len()
	r := &Result{Attacks: len(t.Stage)}
	for c := range n {
		if r.normal(t, uint32(c)) {
			r.Normal++
		}
	}
	r.ranking(s, t)
	r.stages(s, t)
	r.alarms(s, t)
	if t.Entries != nil {
		r.Entries = entries(s, t)
	}
	return r
}

func (r *Result) normal(t *Truth, c uint32) bool {
	_, attack := t.Stage[c]
	return !attack && !t.LeftOut[c]
}

// ranking measures the suspects. What is not among them comes after, in any order.
func (r *Result) ranking(s *pipeline.Snapshot, t *Truth) {
	k := &r.Ranking
	k.Precision, k.Recall = map[int]float64{}, map[int]float64{}
	read, hits, sum, above := 0, 0, 0.0, 0
	for _, x := range s.Suspects {
		if t.LeftOut[x.Connection] {
			continue
		}
		read++
		_, attack := t.Stage[x.Connection]
		if attack {
			hits++
			sum += float64(hits) / float64(read)
		}
		if x.Score > 0.5 {
			if attack {
				above++
			} else {
				r.Above++
			}
		}
		if slices.Contains(depths, read) {
			k.Precision[read], k.Recall[read] = float64(hits)/float64(read), float64(hits)/float64(max(1, len(t.Stage)))
		}
	}
	if len(t.Stage) > 0 {
		k.AveragePrecision, k.Above = sum/float64(len(t.Stage)), float64(above)/float64(len(t.Stage))
	}
}

func (r *Result) stages(s *pipeline.Snapshot, t *Truth) {
	of := map[string]*Stage{}
	for _, name := range t.Stage {
		if of[name] == nil {
			of[name] = &Stage{Name: name}
		}
		of[name].Connections++
	}
	detected := map[uint32]bool{}
	for _, d := range s.Detections {
		for _, c := range d.Connections {
			st := of[t.Stage[c]]
			if st == nil {
				continue
			}
			st.Found, st.Severity = true, max(st.Severity, d.Severity)
			if d.Severity >= rule.Medium && !detected[c] {
				detected[c] = true
				st.Detected++
			}
		}
	}
	for k, x := range s.Suspects {
		if st := of[t.Stage[x.Connection]]; st != nil && st.Rank == 0 {
			st.Rank = k + 1
		}
	}
	for _, st := range of {
		r.Stages = append(r.Stages, *st)
	}
	slices.SortFunc(r.Stages, func(a, b Stage) int { return cmp.Compare(a.Name, b.Name) })
}

func (r *Result) alarms(s *pipeline.Snapshot, t *Truth) {
	for level := range r.Alarms {
		seen := map[uint32]bool{}
		a := &r.Alarms[level]
		for _, d := range s.Detections {
			if int(d.Severity) < level {
				continue
			}
			a.Detections++
			for _, c := range d.Connections {
				seen[c] = seen[c] || r.normal(t, c)
			}
		}
		for _, normal := range seen {
			if normal {
				a.Connections++
			}
		}
	}
	for _, d := range s.Detections {
		if d.Severity > rule.Medium && len(d.Connections) > 0 &&
			!slices.ContainsFunc(d.Connections, func(c uint32) bool { return !r.normal(t, c) }) {
			r.Worst = append(r.Worst, d)
		}
	}
}

func entries(s *pipeline.Snapshot, t *Truth) *Entries {
	e := &Entries{Labelled: len(t.Entries)}
	e.Other = s.Len() - e.Labelled
	best := map[uint32]rule.Severity{}
	for _, d := range s.Detections {
		for _, i := range d.Entries {
			if was, ok := best[i]; !ok || d.Severity > was {
				best[i] = d.Severity
			}
		}
	}
	for i, severity := range best {
		switch {
		case t.Entries[int(i)]:
			e.Any++
			if severity >= rule.Medium {
				e.Medium++
			}
		case t.LeftOut[s.Entries.Connection(int(i))]:
		default:
			if severity > rule.Context {
				e.False++
			}
			if severity >= rule.Medium {
				e.FalseMedium++
			}
		}
	}
	return e
}
