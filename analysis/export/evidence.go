package export

import (
	"context"
	"strconv"
	"strings"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
)

// datetime is RFC 3339 in UTC with microseconds, which Timesketch keeps. It
// drops rows whose datetime has no offset, so that times whose zone nobody knows
// are written as if they were UTC; what stands beside them says so, row by row.
const datetime = "2006-01-02T15:04:05.000000-07:00"

// stamp writes a time for a file, nothing where it is not known.
func stamp(m store.Moment) string {
	if !m.Known() {
		return ""
	}
	return time.UnixMicro(m.Micros).UTC().Format(datetime)
}

// appendEvent appends the cells datetime, timestamp_desc and timestamp of a row
// for Timesketch. An event whose time is not known takes the next time that is,
// so that it has a place, and its timestamp_desc says so.
func appendEvent(w sheet, s *pipeline.Snapshot, m store.Moment, what string) {
	if !m.Dated() {
		w.AppendField("")
		w.AppendField(what + ", time unknown")
		w.AppendField("")
		return
	}
	if m.Before {
		what += ", before this time"
	}
	if s.Unzoned {
		what += " (server local time, zone unknown)"
	}
	w.AppendField(stamp(store.At(m.Micros)))
	w.AppendField(what)
	w.AppendInt(m.Micros)
}

// Zone names the zone of a log's times: "UTC", or "unknown" where they are the
// server's local ones and nobody said which zone that is, or where there are none.
func Zone(s *pipeline.Snapshot) string {
	if s.Unzoned || s.Len() > 0 && s.Entries.Untimed() == s.Len() {
		return "unknown"
	}
	return "UTC"
}

// join makes one cell of several texts.
func join(texts []string) string { return strings.Join(texts, "; ") }

func writeLabels(w sheet, s *pipeline.Snapshot) error {
	if err := w.Row(label.Columns()...); err != nil {
		return err
	}
	for cells := range label.Rows(s.Truth.Labels, s.Connections.Several) {
		for _, c := range cells {
			w.text(c)
		}
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

func writeConnections(w sheet, s *pipeline.Snapshot) error {
	if err := w.Row("id", "epoch", "start", "end", "entries", "user", "host", "database", "outcome", "reason", "class", "iforest_max", "rforest_max", "zone", "failed"); err != nil {
		return err
	}
	for i := range s.Connections.Len() {
		c := s.Connections.At(i)
		w.AppendField(strconv.FormatUint(c.ID, 10))
		w.AppendInt(int64(c.Epoch))
		w.AppendField(stamp(s.Moment(int(c.First))))
		w.AppendField(stamp(s.Moment(int(c.Last))))
		w.AppendInt(int64(c.Entries))
		w.text(s.Connections.Text(c.User))
		w.text(s.Connections.Text(c.Host))
		w.text(s.Connections.Text(c.Database))
		w.AppendField(c.Outcome.String())
		w.text(s.Connections.Text(c.Reason))
		w.text(given(s, i))
		isolation, random := s.MaxScores(i)
		w.AppendFloat(isolation)
		w.AppendFloat(random)
		w.AppendField(Zone(s))
		appendFailed(w, s, i)
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// appendFailed appends how many entries of connection i the server answered with an
// error, nothing where the log does not hold its answers.
func appendFailed(w sheet, s *pipeline.Snapshot, i int) {
	if n, known := s.Failed(i); known {
		w.AppendInt(int64(n))
		return
	}
	w.AppendField("")
}

// given is the class that somebody gave connection i, empty for none: without a
// label it counts as normal, but nobody has judged it.
func given(s *pipeline.Snapshot, i int) string {
	v, _ := s.Truth.Labels.Verdict(s.Connections.Ref(i))
	return v.Class
}

func writeDetections(w sheet, s *pipeline.Snapshot) error {
	if err := w.Row("message", "datetime", "timestamp_desc", "timestamp", "last", "rule", "name", "severity", "attack_version", "technique",
		"user", "host", "connections", "entries", "count", "zone"); err != nil {
		return err
	}
	for _, d := range s.Detections {
		w.text(d.Summary)
		appendEvent(w, s, d.Time, "detection start")
		w.AppendField(stamp(d.Last))
		w.AppendField(d.Rule.ID)
		w.AppendField(d.Rule.Name)
		w.AppendField(d.Severity.String())
		w.AppendField(detect.AttackVersion)
		w.AppendField(join(d.Rule.TechniqueIDs()))
		w.text(d.User)
		w.text(d.Host)
		w.AppendField(connectionNames(s, d.Connections))
		w.AppendField(lines(d.Entries))
		w.AppendInt(int64(d.Count))
		w.AppendField(Zone(s))
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// maxNames bounds the connections and entries that one cell lists.
const maxNames = 200

func connectionNames(s *pipeline.Snapshot, list []uint32) string {
	var names []string
	for _, c := range list[:min(len(list), maxNames)] {
		names = append(names, s.Connections.Name(int(c)))
	}
	return more(join(names), len(list))
}

// lines lists entries by their number in the log, from 1.
func lines(entries []int) string {
	var names []string
	for _, i := range entries[:min(len(entries), maxNames)] {
		names = append(names, strconv.Itoa(i+1))
	}
	return more(join(names), len(entries))
}

func more(cell string, n int) string {
	if n > maxNames {
		cell += "; and " + strconv.Itoa(n-maxNames) + " more"
	}
	return cell
}

// writeFindings writes a row for each labelled, noted or detected connection.
// The first three columns are the ones that Timesketch asks for.
func writeFindings(ctx context.Context, w sheet, s *pipeline.Snapshot) error {
	list, err := finding.Findings(ctx, s.Known())
	if err != nil {
		return err
	}
	if err := w.Row("message", "datetime", "timestamp_desc", "timestamp", "tag", "id", "class", "source", "labelled_at", "note", "score", "reasons",
		"last", "user", "host", "database", "outcome", "entries", "actions", "tables", "detections", "attack_version", "techniques",
		"file", "sha256", "offset", "first_entry", "zone", "failed"); err != nil {
		return err
	}
	for _, f := range list {
		first := int(s.Connections.Peek(int(f.Connection)).First)
		file, at := s.File(s.Entries.Offset(first))
		w.text(sentence(f))
		appendEvent(w, s, f.First, "connection start")
		w.text(tags(f))
		w.AppendField(f.Name)
		w.text(f.Verdict.Class)
		var source, when string
		if f.Verdict.Class != "" {
			source = f.Verdict.Source.String()
		}
		if !f.Verdict.At.IsZero() {
			when = f.Verdict.At.UTC().Format(datetime)
		}
		w.AppendField(source)
		w.AppendField(when)
		w.text(f.Note)
		w.AppendFloat(f.Score)
		w.text(join(f.Reasons))
		w.AppendField(stamp(f.Last))
		w.text(f.User)
		w.text(f.Host)
		w.text(f.Database)
		w.AppendField(f.Outcome)
		w.AppendInt(int64(f.Entries))
		w.text(join(f.Actions))
		w.text(join(f.Tables))
		w.AppendField(join(f.Detections))
		w.AppendField(detect.AttackVersion)
		w.AppendField(join(f.Techniques))
		w.text(s.Files[file].Name)
		w.AppendField(s.Files[file].SHA256)
		w.AppendInt(at)
		w.AppendInt(int64(first) + 1)
		w.AppendField(Zone(s))
		appendFailed(w, s, int(f.Connection))
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// sentence says in one line what a finding is about.
func sentence(f finding.Finding) string {
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

// tags is a list of texts as Timesketch reads one from a CSV cell.
func tags(f finding.Finding) string {
	var all []string
	if f.Class != label.Normal {
		all = append(all, f.Class)
	}
	all = append(all, f.Techniques...)
	quoted := make([]string, len(all))
	for i, t := range all {
		quoted[i] = strconv.Quote(t)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}
