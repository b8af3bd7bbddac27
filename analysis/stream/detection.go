package stream

import (
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
)

// detectionRow is a detection as the columns see it.
type detectionRow struct {
	number int // from 1, in order of time
	*detect.Detection
}

// detectionWorker makes lines of detections; one goroutine uses it.
type detectionWorker struct {
	s         *pipeline.Snapshot
	want      func(entry int) bool
	detection detectionRow
}

func newDetectionWorker(s *pipeline.Snapshot, opt Options) *detectionWorker {
	return &detectionWorker{s: s, want: opt.Want}
}

// at makes a detection the current one, and reports whether it is wanted.
func (w *detectionWorker) at(k int) bool {
	w.detection = detectionRow{k + 1, &w.s.Detections[k]}
	return w.want == nil || slices.ContainsFunc(w.detection.Entries, func(e uint32) bool { return w.want(int(e)) })
}

// columns are the columns of a line about a detection.
func (w *detectionWorker) columns() []column[*detectionRow] {
	type row = *detectionRow
	list := []column[row]{
		text("server", true, func(x row) string { return w.s.ServerOfDetection(x.Detection) }),
		number("detection", func(x row) uint64 { return uint64(x.number) }),
		text("rule", true, func(x row) string { return x.Rule.Name }),
		text("title", true, func(x row) string { return x.Rule.Title }),
		text("severity", true, func(x row) string { return x.Severity.String() }),
		{schema.Column{Name: "techniques", Type: schema.Texts}, true, func(dst []byte, x row) []byte { return appendList(dst, x.Rule.TechniqueIDs()) }},
	}
	list = append(list, moment("first", func(x row) int64 { return x.Time.Micros })...)
	list = append(list, moment("last", func(x row) int64 { return x.Last.Micros })...)
	return append(list,
		text("user", true, func(x row) string { return x.User }),
		text("host", true, func(x row) string { return x.Host }),
		number("connections", func(x row) uint64 { return uint64(len(x.Connections)) }),
		number("entries", func(x row) uint64 { return uint64(len(x.Entries)) }),
		number("first_entry", func(x row) uint64 {
			if len(x.Entries) == 0 {
				return 0
			}
			return uint64(x.Entries[0]) + 1
		}),
		number("count", func(x row) uint64 { return uint64(x.Count) }),
		text("incident", true, func(x row) string {
			if k := w.s.IncidentOfDetection(x.number - 1); k >= 0 {
				return w.s.Incidents[k].ID
			}
			return ""
		}),
		text("aside", true, func(x row) string { return x.Aside() }),
	)
}
