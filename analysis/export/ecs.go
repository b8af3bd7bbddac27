package export

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/netip"
	"slices"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// ecsVersion is the version of the Elastic Common Schema that fields are of. It has none
// for statements: these are below mysql.general, and what the program has worked out is
// below sqleuth, under the names that exported rules have for fields (rule.Field.ECSName).
const ecsVersion = "9.4.0"

// ecsRow is an entry as an event, or a detection as an alert.
type ecsRow struct {
	at        store.Moment
	entry     int             // -1 of an alert
	record    *reading.Record // of an event
	who       [3]string       // user, host, database; empty where not known
	facts     map[rule.Field][]string
	login     connection.Outcome // of an event that is a login; else connection.Unseen
	tls       string             // of a login: "true", "false", empty where it is not in the log
	detection *detect.Detection  // of an alert
	reasons
	score float64 // of a flagged entry, NaN for none
}

// ecsRows lists the detections that no filter of a site sets aside, and every entry.
type ecsRows struct {
	*pipeline.Snapshot
	redact   *redact.Redactor
	long     int // statements of more than maxKeyword bytes
	hashes   []string
	logins   map[int]connection.Outcome
	resolver fact.Builder
	facts    map[[2]uint32]map[rule.Field][]string // by set and database
}

// maxFacts is how many sets of facts are kept in their databases: the same few follow
// each other.
const maxFacts = 1 << 12

// each hands every row to add.
func (e *ecsRows) each(ctx context.Context, text pipeline.Text, add func(*ecsRow) error) error {
	e.long, e.hashes, e.logins, e.facts = 0, make([]string, max(1, len(e.Digests))), map[int]connection.Outcome{}, nil
	for i := range e.Connections.Len() {
		c := e.Connections.Peek(i)
		if c.Host != 0 && c.Outcome >= connection.Accepted {
			e.logins[int(c.First)] = c.Outcome
		}
	}
	for _, c := range e.Connections.UserChanges() {
		e.logins[int(c.Entry)] = connection.Accepted
		if c.Refused {
			e.logins[int(c.Entry)] = connection.Denied
		}
	}
	for i := range e.Detections {
		if d := &e.Detections[i]; d.Site == nil {
			if err := add(&ecsRow{at: d.Time, entry: -1, who: [3]string{d.User, d.Host}, detection: d, score: math.NaN()}); err != nil {
				return err
			}
		}
	}
	reasons, flagged := newWalk(e.Snapshot), flaggedEntries(e.Snapshot)
	var words func(entry int) []string
	if len(flagged) > 0 {
		words = e.Ranking.EntryReasons()
	}
	var row ecsRow
	return text.Replay(ctx, &e.Log, func(i int, r *reading.Record) error {
		id := e.Connections.Who(int(e.Entries.Connection(i)), i)
		row = ecsRow{at: e.Moment(i), entry: i, record: r, facts: e.factsOf(i, id), login: e.logins[i], score: math.NaN()}
		for k, n := range []uint32{id.User, id.Host, id.Database} {
			if n != 0 {
				row.who[k] = e.Connections.Text(n)
			}
		}
		if row.login != connection.Unseen {
			if using := connection.ParseLogin(r.Text).Using; using != nil {
				row.tls = fmt.Sprint(string(using) == "SSL/TLS")
			}
		}
		if reasons.has(i) {
			row.reasons = reasons.of(i)
		}
		if flagged.has(i) {
			row.score, row.words = flagged[0].score, words(i)
		}
		if len(r.Text) > maxKeyword {
			e.long++
		}
		return add(&row)
	})
}

// factsOf returns the facts of an entry in its database, by the field of rules.
func (e *ecsRows) factsOf(i int, id connection.Identity) map[rule.Field][]string {
	n := e.Key(i).Fact
	if n == 0 || int(n) >= len(e.Facts) {
		return nil
	}
	key := [2]uint32{n, id.Database}
	values, ok := e.facts[key]
	if !ok {
		values = map[rule.Field][]string{}
		for f, v := range e.resolver.Resolve(e.Facts[n], e.Connections.Text(id.Database)).All() {
			values[rule.Field(f)] = append(values[rule.Field(f)], v)
		}
		if e.facts == nil || len(e.facts) == maxFacts {
			e.facts = map[[2]uint32]map[rule.Field][]string{}
		}
		e.facts[key] = values
	}
	return values
}

// hash returns the SHA-256 of an entry's digest, empty for what is no statement.
func (e *ecsRows) hash(i int) string {
	n := e.Key(i).Digest
	if n > 0 && e.hashes[n] == "" {
		e.hashes[n] = loaded.DigestHash(e.Digests[n])
	}
	return e.hashes[n]
}

// notes names what Elasticsearch may not take over.
func (e *ecsRows) notes() (list []string) {
	if e.Entries.Untimed() > 0 {
		list = append(list, "entries without a time have no @timestamp in ecs.jsonl, which the schema asks for")
	}
	if e.long == 0 {
		return list
	}
	return append(list, fmt.Sprintf("%d statements of ecs.jsonl have more than %d bytes: where mysql.general.statement.text is mapped as keyword without ignore_above, Elasticsearch rejects these entries", e.long, maxKeyword))
}

// ofEvent is of rows that are entries, with nothing for an alert.
func ofEvent(of func(r *ecsRow) string) func(*ecsRow) string {
	return func(r *ecsRow) string {
		if r.entry < 0 {
			return ""
		}
		return of(r)
	}
}

// ofAlert is of rows that are detections, with nothing for an event.
func ofAlert(of func(d *detect.Detection) string) func(*ecsRow) string {
	return func(r *ecsRow) string {
		if r.detection == nil {
			return ""
		}
		return of(r.detection)
	}
}

// listOfAlert is ofAlert for several values.
func listOfAlert(of func(d *detect.Detection) []string) func(*ecsRow) []string {
	return func(r *ecsRow) []string {
		if r.detection == nil {
			return nil
		}
		return of(r.detection)
	}
}

// ofFile is of the file of an entry.
func (e *ecsRows) ofFile(of func(f *loaded.File) string) func(*ecsRow) string {
	return ofEvent(func(r *ecsRow) string {
		k, _ := e.File(e.Entries.Offset(r.entry))
		return of(&e.Files[k])
	})
}

// address is the host where it is an address: as the server saw it, it may be a name,
// which a field for addresses does not take.
func (r *ecsRow) address() string {
	if a, err := netip.ParseAddr(r.who[1]); err == nil && a.Zone() == "" {
		return r.who[1]
	}
	return ""
}

// listed is a list of one text, of none for an empty one.
func listed(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// columns are the columns of ecs.jsonl, those below one object together.
func (e *ecsRows) columns() []column[*ecsRow] {
	type row = *ecsRow
	named := func(f rule.Field, of func(r row) string) column[row] { return optional(f.ECSName(), of) }
	list := []column[row]{
		newColumn("@timestamp", schema.Time, true, func(w cells, r row) { w.AppendField(stamp(r.at)) }),
		newColumn("message", schema.Text, true, func(w cells, r row) {
			if r.detection == nil {
				w.none()
				return
			}
			w.redacted(summary(e.redact, r.detection))
		}),
		own("ecs.version", func(row) string { return ecsVersion }),
		own("event.kind", func(r row) string {
			if r.detection != nil {
				return "alert"
			}
			return "event"
		}),
		texts("event.category", func(r row) []string { category, _ := r.is(); return category }),
		texts("event.type", func(r row) []string { _, is := r.is(); return is }),
		optional(rule.Field(fact.Action).ECSName(), ofEvent(func(r row) string { return strings.ToLower(string(r.record.Command)) })),
		own("event.outcome", func(r row) string { return r.outcome(e.Outcomes) }),
		own("event.dataset", func(row) string { return "mysql.general" }),
		own("event.module", func(row) string { return "mysql" }),
		known("event.sequence", func(r row) (int64, bool) { return int64(r.entry) + 1, r.entry >= 0 }),
		known("event.severity", func(r row) (int64, bool) {
			if r.detection == nil {
				return 0, false
			}
			return ecsSeverity[r.detection.Severity], true
		}),
		optional("event.reason", func(r row) string { return join(r.words) }),
		newColumn("event.end", schema.Time, true, func(w cells, r row) {
			if r.detection == nil {
				w.none()
				return
			}
			w.AppendField(stamp(r.detection.Last))
		}),
		optional("file.path", e.ofFile(func(f *loaded.File) string { return f.Name })),
		optional("file.hash.sha256", e.ofFile(func(f *loaded.File) string { return f.SHA256 })),
		known("log.offset", func(r row) (int64, bool) {
			if r.entry < 0 {
				return 0, false
			}
			_, at := e.File(e.Entries.Offset(r.entry))
			return at, true
		}),
		sparseTexts("related.user", func(r row) []string { return listed(r.who[0]) }),
		sparseTexts("related.ip", func(r row) []string { return listed(r.address()) }),
		optional("rule.id", ofAlert(func(d *detect.Detection) string { return d.Rule.Name })),
		optional("rule.uuid", ofAlert(func(d *detect.Detection) string { return d.Rule.ID })),
		optional("rule.name", ofAlert(func(d *detect.Detection) string { return d.Rule.Title })),
		own("service.type", func(row) string { return "mysql" }),
		optional("source.address", func(r row) string { return r.who[1] }),
		optional(rule.SourceIP.ECSName(), row.address),
		optional("threat.framework", ofAlert(func(*detect.Detection) string { return "MITRE ATT&CK" })),
		sparseTexts("threat.tactic.name", listOfAlert(func(d *detect.Detection) []string { return d.Rule.Tactics })),
		sparseTexts("threat.technique.id", listOfAlert(func(d *detect.Detection) []string { above, _ := techniqueIDs(d.Rule); return above })),
		sparseTexts("threat.technique.subtechnique.id", listOfAlert(func(d *detect.Detection) []string { _, below := techniqueIDs(d.Rule); return below })),
		named(rule.UserName, func(r row) string { return r.who[0] }),
		optional("mysql.general.command", ofEvent(func(r row) string { return string(r.record.Command) })),
		named(rule.Namespace, func(r row) string { return r.who[2] }),
		named(rule.ConnectionID, ofEvent(func(r row) string { return e.Connections.Name(int(e.Entries.Connection(r.entry))) })),
		optional("mysql.general.template_id", ofEvent(func(r row) string { return e.Templates[e.Template(r.entry)].EventID })),
		named(rule.DigestHash, ofEvent(func(r row) string { return e.hash(r.entry) })),
		named(rule.LoginOutcome, ofEvent(func(r row) string {
			if r.login == connection.Unseen {
				return ""
			}
			return r.login.String()
		})),
		named(rule.LoginTLS, ofEvent(func(r row) string { return r.tls })),
		newColumn(rule.Text.ECSName(), schema.Text, true, func(w cells, r row) {
			if r.entry < 0 || string(r.record.Text) == "-" {
				w.none()
				return
			}
			w.redacted(e.redact.Text(string(r.record.Command), string(r.record.Text)))
		}),
	}
	for _, f := range fact.Fields() {
		if f != fact.Action { // which every command has
			list = append(list, sparseTexts(rule.Field(f).ECSName(), func(r row) []string { return r.facts[rule.Field(f)] }))
		}
	}
	return append(list,
		sparseTexts("sqleuth.rules", func(r row) []string { return r.rules }),
		sparseTexts("sqleuth.incident", func(r row) []string { return r.incidents }),
		sparseTexts("sqleuth.stage", func(r row) []string { return r.stages }),
		optional("sqleuth.class", ofEvent(func(r row) string { return given(e.Snapshot, int(e.Entries.Connection(r.entry))) })),
		score("sqleuth.score", func(r row) float64 { return r.score }),
		known("sqleuth.count", func(r row) (int64, bool) {
			if r.detection == nil {
				return 0, false
			}
			return int64(r.detection.Count), true
		}),
		optional("sqleuth.zone", func(row) string { return Zone(e.Snapshot) }),
	)
}

// optional is a column of texts of log origin that rows may lack.
func optional[R any](name string, of func(R) string) column[R] {
	c := logged(name, of)
	c.Null = true
	return c
}

// sparseTexts is a column of lists of texts of log origin that rows may lack.
func sparseTexts[R any](name string, of func(R) []string) column[R] {
	c := loggedTexts(name, of)
	c.Null = true
	return c
}

// ecsSeverity are figures for severities, as Elastic's own rules have them.
var ecsSeverity = [...]int64{rule.Context: 0, rule.Low: 21, rule.Medium: 47, rule.High: 73, rule.Critical: 99}

// techniqueIDs returns the techniques of a rule, each once, and those of them that are
// parts of one.
func techniqueIDs(r *rule.Rule) (above, below []string) {
	for _, id := range r.TechniqueIDs() {
		whole, _, part := strings.Cut(id, ".")
		if len(above) == 0 || above[len(above)-1] != whole {
			above = append(above, whole)
		}
		if part {
			below = append(below, id)
		}
	}
	return above, below
}

// changes are the verbs of statements that change what there is.
var changes = strings.Fields("insert update delete replace create drop alter truncate rename load grant revoke import install uninstall")

// is returns the categories and types of a row. Every type is one that the schema
// expects of one of the categories.
func (r *ecsRow) is() (category, types []string) {
	if r.detection != nil {
		category, types = []string{"database"}, []string{"info"}
		if r.detection.Logins {
			category = append(category, "authentication")
		}
		return category, types
	}
	switch string(r.record.Command) {
	case "Connect", "Change user":
		return []string{"database", "authentication"}, []string{"start"}
	case "Quit":
		return []string{"database", "session"}, []string{"end"}
	}
	verb := ""
	for _, v := range r.facts[rule.Field(fact.Verb)] {
		verb = v
	}
	category = []string{"database"}
	for _, head := range r.facts[rule.Field(fact.Head)] {
		if _, object, _ := strings.Cut(head, " "); verb == "grant" || verb == "revoke" || (slices.Contains(changes, verb) || verb == "set") && (object == "user" || object == "role" || object == "password") {
			return append(category, "iam"), []string{"change", "user"}
		}
	}
	switch {
	case slices.Contains(changes, verb):
		return category, []string{"change"}
	case verb == "select" || verb == "table" || verb == "values" || verb == "show":
		return category, []string{"access"}
	}
	return category, []string{"info"}
}

// outcome is what became of a row: of a statement it is not known, except where the log
// holds the server's answers.
func (r *ecsRow) outcome(answers store.Outcomes) string {
	switch {
	case r.entry >= 0 && answers.At(r.entry) == 0, r.login == connection.Accepted:
		return "success"
	case r.entry >= 0 && answers.At(r.entry) > 0, r.login == connection.Denied, r.login == connection.Failed:
		return "failure"
	}
	return "unknown"
}

// ecsFile is the file for engines that know the Elastic Common Schema.
func ecsFile(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, as cellText) file {
	e := &ecsRows{Snapshot: s, redact: as.redact}
	columns := e.columns()
	return file{schema.File{Name: "ecs.jsonl", Format: schema.JSONLines, Columns: shapes(columns), Sparse: true}, func(w io.Writer) error {
		return writeRows(newNestedLines(w, as.redact), columns, func(add func(*ecsRow) error) error { return e.each(ctx, text, add) })
	}, e.notes}
}
