package evaluation

import (
	"cmp"
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/learned"
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
	Stages  []Stage
	Alarms  [severities]Alarms
	// Incidents is how well connections were joined.
	Incidents Incidents
	Entries   *Entries // nil where entries are not labelled
	// Baselines are simpler orders of the connections, in the order of baselines.
	Baselines []Baseline
	// Learned is how well each class is predicted by forests that learn from the labels
	// of other connections; nil where Learn was not called.
	Learned []learned.ClassScore
	// Worst are the detections above medium that name normal connections only.
	Worst []detect.Detection
}

// Ranking is how well a list is sorted in which some things are wanted.
type Ranking struct {
	AveragePrecision float64 // 0 to 1
	Above            float64 // share of what is wanted that scores more than one half
	FalseAbove       int     // others that do
	Precision        map[int]float64
	Recall           map[int]float64
	// Found is the share of what is wanted that is found where so many of the others
	// are flagged as rates has.
	Found [len(rates)]float64
}

// depths are the numbers of rows read at which precision and recall are given.
var depths = []int{10, 50, 100}

// rates are honest things per false alarm.
var rates = [...]int{1_000, 10_000, 100_000}

// Stage is how a stage of the attack was found.
type Stage struct {
	Class       string
	Name        string
	Connections int
	Detected    int // of them, those in a detection of medium or above
	Severity    rule.Severity
	Found       bool // there is any detection, of Severity at most
	Rank        int  // of its first connection among the suspects, from 1; 0 for none
	Median      int  // of the ranks of its connections; 0 where that one has none
}

// Alarms are what is reported at a severity and above.
type Alarms struct {
	Detections  int
	Connections int // normal ones in them
}

// Entries is how statements were found.
type Entries struct {
	Labelled, Other int
	Ranking         Ranking
	Baselines       []Baseline
	Medium          int             // of Labelled, evidence of a detection of medium or above
	Any             int             // of Labelled, evidence of any
	Alarms          [severities]int // of Other, evidence of a detection of a severity and above
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
	r.Ranking = connections(s, t, s.Ranking.Len(), false, s.Ranking.At)
	r.stages(s, t)
	r.incidents(s, t)
	r.alarms(s, t)
	if t.Entries != nil {
		r.Entries = entries(s, t)
	}
	r.baselines(s, t)
	return r
}

func (r *Result) normal(t *Truth, c uint32) bool {
	_, attack := t.Stage[c]
	return !attack && !t.LeftOut[c]
}

// connections measures an order of connections. What is not in it comes after.
func connections(s *pipeline.Snapshot, t *Truth, n int, ties bool, at func(i int) (uint32, float64)) Ranking {
	honest := s.Connections.Len() - len(t.Stage) - len(t.LeftOut)
	return measure(n, len(t.Stage), honest, ties, func(i int) (kind, float64) {
		c, score := at(i)
		_, attack := t.Stage[c]
		switch {
		case t.LeftOut[c]:
			return neither, score
		case attack:
			return hostile, score
		}
		return normal, score
	})
}

// kind is what a thing in a list truly is.
type kind int

const (
	normal kind = iota
	hostile
	neither
)

// measure measures a list of n things, best first; wanted and honest are how many there
// are of either kind, in the list or not. With ties things of one score count as read
// together, for a list whose order within them means nothing.
func measure(n, wanted, honest int, ties bool, at func(i int) (kind, float64)) Ranking {
	k := Ranking{Precision: map[int]float64{}, Recall: map[int]float64{}}
	read, hits, sum, above := 0, 0, 0.0, 0
	for i := 0; i < n; {
		_, score := at(i)
		more, first := 0, i
		for ; i < n; i++ {
			what, next := at(i)
			if next != score || !ties && i > first {
				break
			}
			if what == neither {
				continue
			}
			read++
			if what == hostile {
				more++
			}
			if score > 0.5 {
				if what == hostile {
					above++
				} else {
					k.FalseAbove++
				}
			}
			if slices.Contains(depths, read) {
				k.Precision[read], k.Recall[read] = float64(hits+more)/float64(read), float64(hits+more)/float64(max(1, wanted))
			}
		}
		hits += more
		if read > 0 {
			sum += float64(more) * float64(hits) / float64(read)
		}
		for j, rate := range rates {
			if (read-hits)*rate <= honest {
				k.Found[j] = float64(hits) / float64(max(1, wanted))
			}
		}
	}
	if wanted > 0 {
		k.AveragePrecision, k.Above = sum/float64(wanted), float64(above)/float64(wanted)
	}
	return k
}

func (r *Result) stages(s *pipeline.Snapshot, t *Truth) {
	type key struct{ class, stage string }
	of, ranks := map[key]*Stage{}, map[key][]int{}
	keyOf := func(c uint32) key { return key{t.Class[c], t.Stage[c]} }
	for c := range t.Stage {
		k := keyOf(c)
		if of[k] == nil {
			of[k] = &Stage{Class: k.class, Name: k.stage}
		}
		of[k].Connections++
	}
	detected := map[uint32]bool{}
	for _, d := range s.Detections {
		for _, c := range d.Connections {
			st := of[keyOf(c)]
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
	for i := range s.Ranking.Len() {
		c, _ := s.Ranking.At(i)
		if st := of[keyOf(c)]; st != nil {
			if st.Rank == 0 {
				st.Rank = i + 1
			}
			ranks[keyOf(c)] = append(ranks[keyOf(c)], i+1)
		}
	}
	for k, st := range of {
		if at := (st.Connections - 1) / 2; at < len(ranks[k]) {
			st.Median = ranks[k][at]
		}
		r.Stages = append(r.Stages, *st)
	}
	slices.SortFunc(r.Stages, func(a, b Stage) int { return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name)) })
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
	left := 0
	for i := range s.Len() {
		if !t.Entries[i] && t.LeftOut[s.Entries.Connection(i)] {
			left++
		}
	}
	e.Other = s.Len() - e.Labelled - left
	e.Ranking = measure(s.Ranking.Flagged(), e.Labelled, e.Other, false, func(i int) (kind, float64) {
		entry, score := s.Ranking.Entry(i)
		return t.kindOf(s, entry), score
	})
	best := map[uint32]rule.Severity{}
	for _, d := range s.Detections {
		for _, i := range d.Entries {
			if was, ok := best[i]; !ok || d.Severity > was {
				best[i] = d.Severity
			}
		}
	}
	for i, severity := range best {
		switch t.kindOf(s, int(i)) {
		case hostile:
			e.Any++
			if severity >= rule.Medium {
				e.Medium++
			}
		case normal:
			for level := range int(severity) + 1 {
				e.Alarms[level]++
			}
		}
	}
	return e
}

// kindOf returns what an entry truly is.
func (t *Truth) kindOf(s *pipeline.Snapshot, entry int) kind {
	switch {
	case t.Entries[entry]:
		return hostile
	case t.LeftOut[s.Entries.Connection(entry)]:
		return neither
	}
	return normal
}
