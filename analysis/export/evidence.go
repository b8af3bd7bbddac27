package export

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// datetime is RFC 3339 in UTC with microseconds, which Timesketch keeps. It
// drops rows whose datetime has no offset, so that times whose zone nobody knows
// are written as if they were UTC; a column beside them states it, row by row.
const datetime = "2006-01-02T15:04:05.000000-07:00"

// stamp writes a time for a file, nothing where it is not known.
func stamp(m store.Moment) string {
	if !m.Known() {
		return ""
	}
	return time.UnixMicro(m.Micros).UTC().Format(datetime)
}

// Zone names the zone of a log's times: "UTC", or "unknown" where they are the
// server's local ones, whose zone nobody named, or where there are none.
func Zone(s *pipeline.Snapshot) string {
	if s.Unzoned || s.Len() > 0 && s.Entries.Untimed() == s.Len() {
		return "unknown"
	}
	return "UTC"
}

// join makes one cell of several texts.
func join(texts []string) string { return strings.Join(texts, "; ") }

// labelColumns are the columns of labels.csv, whose rows are cells.
func labelColumns() (list []column[[]string]) {
	for k, name := range label.Columns() {
		list = append(list, logged(name, func(cells []string) string { return cells[k] }))
	}
	return list
}

// labelRows lists what was given to connections.
func labelRows(s *pipeline.Snapshot) rows[[]string] {
	return each(label.Rows(s.Truth.Labels, s.Connections.Several))
}

// given is the class that somebody gave connection i, empty for none: without a
// label it counts as normal, but nobody has judged it.
func given(s *pipeline.Snapshot, i int) string {
	v, _ := s.Truth.Labels.Verdict(s.Connections.Ref(i))
	return v.Class
}

// connectionColumns are the columns of connections.csv, whose rows are indices of
// connections.
func connectionColumns(s *pipeline.Snapshot) []column[int] {
	of := func(i int) *connection.Connection { return s.Connections.Peek(i) }
	last, isolation, random := -1, 0.0, 0.0
	highest := func(i int) (float64, float64) { // two columns ask for the same row
		if i != last {
			last = i
			isolation, random = s.MaxScores(i)
		}
		return isolation, random
	}
	text := func(name string, number func(c *connection.Connection) uint32) column[int] {
		return logged(name, func(i int) string { return s.Connections.Text(number(of(i))) })
	}
	return []column[int]{
		own("id", func(i int) string { return strconv.FormatUint(of(i).ID, 10) }),
		number("epoch", func(i int) int64 { return int64(of(i).Epoch) }),
		dated("start", func(i int) store.Moment { return s.Moment(int(of(i).First)) }),
		dated("end", func(i int) store.Moment { return s.Moment(int(of(i).Last)) }),
		number("entries", func(i int) int64 { return int64(of(i).Entries) }),
		text("user", func(c *connection.Connection) uint32 { return c.User }),
		text("host", func(c *connection.Connection) uint32 { return c.Host }),
		text("database", func(c *connection.Connection) uint32 { return c.Database }),
		own("outcome", func(i int) string { return of(i).Outcome.String() }),
		text("reason", func(c *connection.Connection) uint32 { return c.Reason }),
		logged("class", func(i int) string { return given(s, i) }),
		score("iforest_max", func(i int) float64 { isolation, _ := highest(i); return isolation }),
		score("rforest_max", func(i int) float64 { _, random := highest(i); return random }),
		own("zone", func(int) string { return Zone(s) }),
		known("failed", failed(s)),
		own("incident", func(i int) string {
			if k := s.IncidentOf(uint32(i)); k >= 0 {
				return s.Incidents[k].ID
			}
			return ""
		}),
		score("anomaly", func(i int) float64 {
			if s.Anomaly == nil {
				return math.NaN()
			}
			return s.Anomaly.Score(s.Traits.Row(i))
		}),
		score("learned", func(i int) float64 {
			if s.Learned == nil {
				return math.NaN()
			}
			return s.Learned.Anomaly(i)
		}),
		logged("server", func(i int) string { return s.ServerName(s.ServerOfConnection(i)) }),
	}
}

// failed returns how many entries of a connection the server answered with an
// error, false where the log does not hold its answers.
func failed(s *pipeline.Snapshot) func(i int) (int64, bool) {
	return func(i int) (int64, bool) {
		n, known := s.Failed(i)
		return int64(n), known
	}
}

// summary is that of a detection, redacted by its parts: who it is about may have a name
// that reads like any of the others.
func summary(r *redact.Redactor, d *detect.Detection) string {
	return r.Names(d.Before) + r.Phrase(d.What) + r.Phrase(d.After)
}

// detectionColumns are the columns of detections.csv.
func detectionColumns(s *pipeline.Snapshot, r *redact.Redactor) []column[*detect.Detection] {
	type row = *detect.Detection
	return append(timesketch(
		newColumn("", schema.Text, false, func(w cells, d row) { w.redacted(summary(r, d)) }),
		func(d row) event { return eventOf(s, d.Time, "detection start") }),
		dated("last", func(d row) store.Moment { return d.Last }),
		own("rule", func(d row) string { return d.Rule.Name }),
		own("name", func(d row) string { return d.Rule.Title }),
		own("severity", func(d row) string { return d.Severity.String() }),
		own("attack_version", func(row) string { return rule.AttackVersion }),
		own("technique", func(d row) string { return join(d.Rule.TechniqueIDs()) }),
		logged("user", func(d row) string { return d.User }),
		logged("host", func(d row) string { return d.Host }),
		own("connections", func(d row) string { return connectionNames(s, d.Connections) }),
		own("entries", func(d row) string { return ranges(d.Entries, maxCell) }),
		number("count", func(d row) int64 { return int64(d.Count) }),
		own("zone", func(row) string { return Zone(s) }),
		logged("site", func(d row) string { return d.Aside() }),
		logged("server", func(d row) string { return s.ServerOfDetection(d) }),
	)
}

// maxNames bounds the connections that one cell lists.
const maxNames = 200

func connectionNames(s *pipeline.Snapshot, list []uint32) string {
	var names []string
	for _, c := range list[:min(len(list), maxNames)] {
		names = append(names, s.Connections.Name(int(c)))
	}
	return more(join(names), len(list))
}

// maxCell is how many bytes a cell holds that is made of a list: a spreadsheet's
// 32,767 with room for what is left out.
const maxCell = 32_767 - 64

// ranges lists entries, which ascend, by their numbers in the log from 1, in at most
// limit bytes: "12-40; 55". What does not fit is counted.
func ranges(entries []uint32, limit int) string {
	var b []byte
	for k := 0; k < len(entries); {
		end := k + 1
		for end < len(entries) && entries[end] == entries[end-1]+1 {
			end++
		}
		at := len(b)
		if k > 0 {
			b = append(b, "; "...)
		}
		b = strconv.AppendInt(b, int64(entries[k])+1, 10)
		if end-k > 1 {
			b = append(b, '-')
			b = strconv.AppendInt(b, int64(entries[end-1])+1, 10)
		}
		if len(b) > limit {
			return string(b[:at]) + "; and " + strconv.Itoa(len(entries)-k) + " more"
		}
		k = end
	}
	return string(b)
}

func more(cell string, n int) string {
	if n > maxNames {
		cell += "; and " + strconv.Itoa(n-maxNames) + " more"
	}
	return cell
}

// findingColumns are the columns of findings.csv.
func findingColumns(s *pipeline.Snapshot) []column[*finding.Finding] {
	type row = *finding.Finding
	first := func(f row) int { return int(s.Connections.Peek(int(f.Connection)).First) }
	place := func(f row) (*loaded.File, int64) {
		file, at := s.File(s.Entries.Offset(first(f)))
		return &s.Files[file], at
	}
	return append(timesketch(
		logged("", func(f row) string { return sentence(f) }),
		func(f row) event { return eventOf(s, f.First, "connection start") }),
		tagged(tags),
		own("id", func(f row) string { return f.Name }),
		logged("class", func(f row) string { return f.Verdict.Class }),
		own("source", func(f row) string {
			if f.Verdict.Class == "" {
				return ""
			}
			return f.Verdict.Source.String()
		}),
		dated("labelled_at", func(f row) store.Moment {
			if f.Verdict.At.IsZero() {
				return store.Unknown
			}
			return store.At(f.Verdict.At.UnixMicro())
		}),
		logged("note", func(f row) string { return f.Note.Text }),
		score("score", func(f row) float64 { return f.Score }),
		newColumn("reasons", schema.Text, false, func(w cells, f row) { w.texts(f.Reasons) }),
		dated("last", func(f row) store.Moment { return f.Last }),
		logged("user", func(f row) string { return f.User }),
		logged("host", func(f row) string { return f.Host }),
		logged("database", func(f row) string { return f.Database }),
		own("outcome", func(f row) string { return f.Outcome }),
		number("entries", func(f row) int64 { return int64(f.Entries) }),
		logged("actions", func(f row) string { return join(f.Actions) }),
		logged("tables", func(f row) string { return join(f.Tables) }),
		own("detections", func(f row) string { return join(f.Detections) }),
		own("attack_version", func(row) string { return rule.AttackVersion }),
		own("techniques", func(f row) string { return join(f.Techniques) }),
		logged("file", func(f row) string { file, _ := place(f); return file.Name }),
		own("sha256", func(f row) string { file, _ := place(f); return file.SHA256 }),
		number("offset", func(f row) int64 { _, at := place(f); return at }),
		number("first_entry", func(f row) int64 { return int64(first(f)) + 1 }),
		own("zone", func(row) string { return Zone(s) }),
		known("failed", func(f row) (int64, bool) { return failed(s)(int(f.Connection)) }),
		logged("analyst", func(f row) string { return f.Verdict.Analyst }),
		logged("note_analyst", func(f row) string { return f.Note.Analyst }),
		logged("server", func(f row) string { return s.ServerName(s.ServerOfConnection(int(f.Connection))) }),
	)
}

// findingRows lists each labelled, noted or detected connection.
func findingRows(ctx context.Context, s *pipeline.Snapshot) rows[*finding.Finding] {
	return func(add func(*finding.Finding) error) error {
		list, err := finding.Findings(ctx, s.Known())
		if err != nil {
			return err
		}
		return pointers(list)(add)
	}
}

// sentence returns one line on what a finding is about.
func sentence(f *finding.Finding) string {
	text := "Connection " + f.Name + " of " + f.User + "@" + f.Host + ", login " + f.Outcome + ", " + strconv.Itoa(f.Entries) + " entries: "
	if f.Verdict.Class == "" {
		text += "not labelled"
	} else {
		text += "labelled " + f.Verdict.Class
	}
	if len(f.Reasons) > 0 {
		text += " (" + f.Reasons[0] + ")"
	}
	return text
}

// tags are the class and the techniques of a finding.
func tags(f *finding.Finding) (all []string) {
	if f.Class != label.Normal {
		all = append(all, f.Class)
	}
	return append(all, f.Techniques...)
}
