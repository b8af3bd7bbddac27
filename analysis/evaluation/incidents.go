package evaluation

import (
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// firstRows is how many rows of the Overview a reader sees at once.
const firstRows = 10

// Incidents is how well connections were joined.
type Incidents struct {
	All      int
	AboveLow int     // of severity above low
	Worst    float64 // largest share of normal connections in one of them
	Attacks  int     // connections of an attack that are in any
	Stages   int     // of the attacks
	First    int     // of them, those with a connection among the first rows of the Overview
}

// incidents compares the incidents with the truth. Rows of the Overview are incidents
// and then the suspects that belong to none.
func (r *Result) incidents(s *pipeline.Snapshot, t *Truth) {
	in := &r.Incidents
	in.All, in.Stages = len(s.Incidents), len(r.Stages)
	type key struct{ class, stage string }
	first, attacks := map[key]bool{}, map[uint32]bool{}
	see := func(row int, c uint32) {
		if _, ok := t.Stage[c]; ok && row < firstRows {
			first[key{t.Class[c], t.Stage[c]}] = true
		}
	}
	for k := range s.Incidents {
		x := &s.Incidents[k]
		if x.Severity > rule.Low {
			in.AboveLow++
		}
		normal := 0
		for _, c := range x.Connections {
			see(k, c)
			if r.normal(t, c) {
				normal++
			}
			if _, ok := t.Stage[c]; ok {
				attacks[c] = true
			}
		}
		in.Worst = max(in.Worst, float64(normal)/float64(len(x.Connections)))
	}
	row := len(s.Incidents)
	for i := 0; i < s.Ranking.Len() && row < firstRows; i++ {
		if c, _ := s.Ranking.At(i); s.IncidentOf(c) < 0 {
			see(row, c)
			row++
		}
	}
	in.Attacks, in.First = len(attacks), len(first)
}

// incidents writes how well connections were joined.
func (p *printer) incidents(r *Result) {
	in := &r.Incidents
	p.line("  incidents: %d, %d above low; normal connections in one: %.1f %% at most; %d of %d connections of an attack are in one; stages among the first %d rows of the Overview: %d of %d",
		in.All, in.AboveLow, 100*in.Worst, in.Attacks, r.Attacks, firstRows, in.First, in.Stages)
}
