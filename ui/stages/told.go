package stages

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
)

// told is a statement as it is shown.
type told struct {
	entry    int
	text     string
	from, to int    // the part that an honest twin lacks, in bytes of text; equal for none
	honest   uint32 // the twin, where there is such a part
	err      error
}

const (
	// maxText is how much of a statement is shown, in bytes, and before how much of it in
	// front of an added part.
	maxText, before = 4096, 200
)

// tell reads the most telling statements, the best first: of the stages, behind those for
// all of the incident. It runs in the background.
func tell(s *pipeline.Snapshot, x *incident.Incident, log screen.Log) [][]told {
	list := make([][]told, 1+len(x.Stages))
	for k := range x.Stages {
		st := &x.Stages[k]
		for _, e := range most(s, x, st) {
			list[1+k] = append(list[1+k], tellOf(s, x, int(e), log))
		}
		if st.Name == x.Gravest() { // which speaks for all of the incident
			list[0] = list[1+k][:min(1, len(list[1+k]))]
		}
	}
	return list
}

// most returns the most telling entries of a stage: those of the gravest detections
// first, of equals those with an honest twin, then the earlier ones.
func most(s *pipeline.Snapshot, x *incident.Incident, st *incident.Stage) []uint32 {
	rank := map[uint32]int{}
	for _, e := range st.Telling {
		for _, k := range st.Detections {
			if k >= len(s.Detections) {
				continue
			}
			if _, ok := slices.BinarySearch(s.Detections[k].Entries, e); ok {
				rank[e] = max(rank[e], 2+2*int(s.Detections[k].Severity))
			}
		}
		if twinOf(x, int(e)) != nil {
			rank[e]++
		}
	}
	list := slices.Clone(st.Telling)
	slices.SortStableFunc(list, func(a, b uint32) int { return cmp.Compare(rank[b], rank[a]) })
	return list
}

// twinOf returns the honest twin of an entry, nil for none.
func twinOf(x *incident.Incident, entry int) *incident.Twin {
	k := slices.IndexFunc(x.Twins, func(t incident.Twin) bool { return int(t.Entry) == entry })
	if k < 0 {
		return nil
	}
	return &x.Twins[k]
}

// tellOf reads an entry.
func tellOf(s *pipeline.Snapshot, x *incident.Incident, entry int, log screen.Log) told {
	t := told{entry: entry}
	if log == nil {
		return t
	}
	r, err := log.Record(&s.Log, entry)
	if err != nil {
		t.err = err
		return t
	}
	text, skipped := r.Text, 0
	twin := twinOf(x, entry)
	if twin != nil && twin.To <= len(text) {
		if twin.From > before && len(text) > maxText {
			skipped = twin.From - before
			for skipped < twin.From && !utf8.RuneStart(text[skipped]) {
				skipped++
			}
		}
		t.from, t.to, t.honest = twin.From-skipped, twin.To-skipped, twin.Honest
	}
	text = text[skipped:]
	t.text = string(text[:min(len(text), maxText)])
	t.to = min(t.to, len(t.text))
	return t
}
