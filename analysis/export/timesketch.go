package export

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// What Timesketch does not take over, by its importer (timesketch/lib/utils.py): rows
// without a time or of years beyond these are dropped, and of longer texts there is no
// copy to group by or to compare whole.
const (
	firstYear  = 1700
	lastYear   = 9999
	maxKeyword = 32_766 // bytes
)

// moment is a row for Timesketch: an entry of the evidence, a detection, or the begin
// of a stage of an incident. What is not set does not apply.
type moment struct {
	event
	kind      string // entry, detection, stage
	message   string
	exhibit   *exhibit // of an entry
	detection *detect.Detection
	incident  *incident.Incident
	stage     *incident.Stage
}

// moments lists the rows for Timesketch: stages, detections that no filter of a site
// sets aside, entries of the evidence. Their messages are redacted.
func moments(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, r *redact.Redactor) rows[*moment] {
	return func(add func(*moment) error) error {
		for i := range s.Incidents {
			x := &s.Incidents[i]
			for k := range x.Stages {
				st := &x.Stages[k]
				message := fmt.Sprintf("Incident %s, %s: %s begins, %d entries", x.ID, r.Phrase(x.Actor.String()), st.Name, len(st.Entries))
				if err := add(&moment{event: eventOf(s, st.First, "incident stage start"), kind: "stage", message: message, incident: x, stage: st}); err != nil {
					return err
				}
			}
		}
		for i := range s.Detections {
			d := &s.Detections[i]
			if d.Site != nil {
				continue
			}
			if err := add(&moment{event: eventOf(s, d.Time, "detection start"), kind: "detection", message: summary(r, d), detection: d}); err != nil {
				return err
			}
		}
		return eachExhibit(ctx, s, text, nil, func(x *exhibit) error {
			return add(&moment{event: eventOf(s, s.Moment(x.entry), "MySQL general log entry"), kind: "entry", message: x.sentence(s, r), exhibit: x})
		})
	}
}

// maxSentence is how many bytes of a statement a message quotes.
const maxSentence = 500

// sentence names an entry in one line, redacted.
func (x *exhibit) sentence(s *pipeline.Snapshot, r *redact.Redactor) string {
	text := x.shown(r)
	if len(text) > maxSentence {
		end := maxSentence
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end] + "..."
	}
	return fmt.Sprintf("%s of %s@%s, connection %s: %s", x.quote.Command, r.Phrase(s.Connections.Text(x.who.User)), r.Phrase(s.Connections.Text(x.who.Host)),
		s.Connections.Name(int(s.Entries.Connection(x.entry))), text)
}

// momentColumns are the columns of timesketch.csv and timesketch.jsonl. None has one of
// the names that the importer removes: _id, _type, _index, _source, __ts_timeline_id.
func momentColumns(s *pipeline.Snapshot, r *redact.Redactor) []column[*moment] {
	type row = *moment
	entry := func(of func(x *exhibit) string) func(row) string {
		return func(m row) string {
			if m.exhibit == nil {
				return ""
			}
			return of(m.exhibit)
		}
	}
	who := func(number func(connection.Identity) uint32, ofDetection func(*detect.Detection) string) func(row) string {
		return func(m row) string {
			switch {
			case m.exhibit != nil:
				return s.Connections.Text(number(m.exhibit.who))
			case m.detection != nil && ofDetection != nil:
				return ofDetection(m.detection)
			}
			return ""
		}
	}
	// What an exhibit has is had once more, of the rows that are entries.
	of := map[string]column[*exhibit]{}
	for _, c := range exhibitColumns(s, r) {
		of[c.Name] = c
	}
	taken := func(name, as string) column[row] {
		c := of[name]
		null := c.Type == schema.Integer || c.Type == schema.Number
		return newColumn(as, c.Type, null, func(w cells, m row) {
			switch {
			case m.exhibit != nil:
				c.cell(w, m.exhibit)
			case null:
				w.none()
			case c.Type == schema.Texts:
				w.list(nil)
			default:
				w.AppendField("")
			}
		})
	}
	list := timesketch(newColumn("", schema.Text, false, func(w cells, m row) { w.redacted(m.message) }), func(m row) event { return m.event })
	return append(list,
		tagged(func(m row) []string { return m.tags(s) }),
		own("kind", func(m row) string { return m.kind }),
		taken("entry", "entry"),
		taken("connection", "connection"),
		logged("user", who(func(id connection.Identity) uint32 { return id.User }, func(d *detect.Detection) string { return d.User })),
		logged("host", who(func(id connection.Identity) uint32 { return id.Host }, func(d *detect.Detection) string { return d.Host })),
		logged("database", who(func(id connection.Identity) uint32 { return id.Database }, nil)),
		taken("command", "command"),
		taken("text", "sql"),
		logged("class", entry(func(x *exhibit) string { return given(s, int(s.Entries.Connection(x.entry))) })),
		texts("incident", func(m row) []string {
			switch {
			case m.exhibit != nil:
				return m.exhibit.incidents
			case m.incident != nil:
				return []string{m.incident.ID}
			}
			return nil
		}),
		texts("stage", func(m row) []string {
			switch {
			case m.exhibit != nil:
				return m.exhibit.stages
			case m.stage != nil:
				return []string{m.stage.Name.String()}
			}
			return nil
		}),
		loggedTexts("rules", func(m row) []string {
			switch {
			case m.exhibit != nil:
				return m.exhibit.rules
			case m.detection != nil:
				return []string{m.detection.Rule.Name}
			}
			return nil
		}),
		own("severity", func(m row) string {
			switch {
			case m.exhibit != nil && len(m.exhibit.rules) > 0:
				return m.exhibit.severity.String()
			case m.detection != nil:
				return m.detection.Severity.String()
			case m.incident != nil:
				return m.incident.Severity.String()
			}
			return ""
		}),
		texts("techniques", func(m row) []string { return m.techniques() }),
		taken("score", "score"),
		taken("reasons", "reasons"),
		taken("file", "file"),
		taken("line", "line"),
		taken("offset", "offset"),
		taken("bytes", "bytes"),
		taken("sha256", "entry_sha256"),
		own("zone", func(row) string { return Zone(s) }),
		logged("server", func(m row) string {
			switch {
			case m.exhibit != nil:
				return s.ServerName(s.ServerOf(m.exhibit.entry))
			case m.detection != nil:
				return s.ServerOfDetection(m.detection)
			case m.incident != nil:
				return join(m.incident.Servers)
			}
			return ""
		}),
	)
}

// techniques are the ATT&CK ids of the row's rules, each once.
func (m *moment) techniques() []string {
	switch {
	case m.detection != nil:
		return m.detection.Rule.TechniqueIDs()
	case m.exhibit != nil:
		return m.exhibit.techniques
	}
	return nil
}

// tags are the class and the techniques of a row.
func (m *moment) tags(s *pipeline.Snapshot) (list []string) {
	if m.exhibit != nil && s.Truth.Anomaly(s.Entries.Connection(m.exhibit.entry)) {
		list = append(list, given(s, int(s.Entries.Connection(m.exhibit.entry))))
	}
	return append(list, m.techniques()...)
}

// losses counts what Timesketch will not take over of the rows that pass.
type losses struct{ untimed, beyond, long int }

// watch counts what is lost of each row.
func (l *losses) watch(list rows[*moment]) rows[*moment] {
	return func(add func(*moment) error) error {
		*l = losses{}
		return list(func(m *moment) error {
			if m.at.Micros == store.NoTime {
				l.untimed++
			} else if year := time.UnixMicro(m.at.Micros).UTC().Year(); year < firstYear || year > lastYear {
				l.beyond++
			}
			if m.exhibit != nil && len(m.exhibit.quote.Text) > maxKeyword {
				l.long++
			}
			return add(m)
		})
	}
}

// notes names what is lost.
func (l *losses) notes() (list []string) {
	add := func(n int, what string) {
		if n > 0 {
			list = append(list, fmt.Sprintf("%d rows of the Timesketch files %s", n, what))
		}
	}
	add(l.untimed, "have no time: its importer drops them")
	add(l.beyond, fmt.Sprintf("have a year before %d or after %d: its importer drops them", firstYear, lastYear))
	add(l.long, fmt.Sprintf("have a text of more than %d bytes: words of it are found, but it has no copy to group by or to compare whole", maxKeyword))
	return list
}

// timesketchFiles lists the files for Timesketch: JSON lines are streamed by its
// importer, CSV is held whole.
func timesketchFiles(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, as cellText) []file {
	var lost losses
	table, lines := pair("timesketch", as, momentColumns(s, as.redact), lost.watch(moments(ctx, s, text, as.redact)), maxKept)
	lines.notes = lost.notes
	return []file{table, lines}
}
