package casefile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"sqleuth/analysis/label"
)

const (
	formatName    = "sqleuth case"
	formatVersion = 6 // 1 has no marks, 2 neither analysts nor what is usual, 3 no columns, 4 no histories and decisions, 5 no reasons why something is usual; all are read
)

// document is a case file. Its arrays are written one element a line, so that
// two case files can be compared with diff.
type document struct {
	Format      string       `json:"format"`
	Version     int          `json:"version"`
	SHA256      string       `json:"sha256"`
	Log         Log          `json:"log"`  // of a case that is handed over
	From        string       `json:"from"` // likewise
	Classes     []string     `json:"classes"`
	Filters     []Filter     `json:"filters"`
	Marks       []Marks      `json:"marks"`
	Columns     []Columns    `json:"columns"`
	Usual       []usual      `json:"usual"`
	Decisions   []decisions  `json:"decisions"`
	Connections []connection `json:"connections"`
}

// connection is a verdict, a note, or both, with what each replaced, the newest first.
type connection struct {
	Epoch uint32 `json:"epoch"`
	ID    uint64 `json:"id"`
	verdict
	note
	Earlier      []verdict `json:"earlier,omitzero"`
	EarlierNotes []note    `json:"earlier_notes,omitzero"`
}

// verdict is one that was given, or with a source and no class, taken away.
type verdict struct {
	Class  string    `json:"class,omitzero"`
	Source string    `json:"source,omitzero"`
	By     string    `json:"analyst,omitzero"`
	At     time.Time `json:"at,omitzero"`
	Since  time.Time `json:"since,omitzero"` // its place among the others, where that is not At
	From   string    `json:"from,omitzero"`  // whose case it came with
}

// note is one that was written, or without text, taken away.
type note struct {
	Text  string    `json:"note,omitzero"`
	By    string    `json:"note_analyst,omitzero"`
	At    time.Time `json:"noted,omitzero"`
	Since time.Time `json:"note_since,omitzero"`
	From  string    `json:"note_from,omitzero"`
}

// decisions is what was decided of an incident, with what it replaced.
type decisions struct {
	Incident string `json:"incident"`
	decision
	Earlier []decision `json:"earlier,omitzero"`
}

type decision struct {
	Outcome string    `json:"outcome"`
	Note    string    `json:"note,omitzero"`
	By      string    `json:"analyst,omitzero"`
	At      time.Time `json:"at,omitzero"`
	Since   time.Time `json:"since,omitzero"`
	From    string    `json:"from,omitzero"`
}

// since is the place of something in its history, zero where that is its time.
func since(place, at time.Time) time.Time {
	if place.Equal(at) {
		return time.Time{}
	}
	return place
}

func verdictOf(g label.Given[label.Verdict]) verdict {
	v := g.What
	return verdict{v.Class, v.Source.String(), v.Analyst, v.At, since(g.Since, v.At), g.From}
}

func (v verdict) given() (g label.Given[label.Verdict], err error) {
	g = label.Given[label.Verdict]{What: label.Verdict{Class: v.Class, At: v.At, Analyst: v.By}, Since: v.Since, From: v.From}
	g.What.Source, err = label.ParseSource(v.Source)
	return g, err
}

func noteOf(g label.Given[label.Note]) note {
	return note{g.What.Text, g.What.Analyst, g.What.At, since(g.Since, g.What.At), g.From}
}

func (n note) given() (label.Given[label.Note], error) {
	return label.Given[label.Note]{What: label.Note{Text: n.Text, At: n.At, Analyst: n.By}, Since: n.Since, From: n.From}, nil
}

func decisionOf(g label.Given[label.Decision]) decision {
	d := g.What
	return decision{d.Outcome.String(), d.Note, d.Analyst, d.At, since(g.Since, d.At), g.From}
}

func (d decision) given() (g label.Given[label.Decision], err error) {
	g = label.Given[label.Decision]{What: label.Decision{Note: d.Note, At: d.At, Analyst: d.By}, Since: d.Since, From: d.From}
	g.What.Outcome, err = label.ParseOutcome(d.Outcome)
	return g, err
}

// split returns the newest of a history and what it replaced, as they are written.
func split[G, T any](list []G, write func(G) T) (newest T, earlier []T) {
	for k, g := range list {
		if k == 0 {
			newest = write(g)
			continue
		}
		earlier = append(earlier, write(g))
	}
	return newest, earlier
}

// joined is the history that was split; there is none where newest is zero.
func joined[G any, T interface {
	comparable
	given() (G, error)
}](newest T, earlier []T) (list []G, err error) {
	var none T
	if newest == none {
		if len(earlier) > 0 {
			return nil, errors.New("it has replaced something, and is nothing")
		}
		return nil, nil
	}
	for _, t := range append([]T{newest}, earlier...) {
		g, err := t.given()
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	return list, nil
}

// usual is what was declared normal.
type usual struct {
	Host   string    `json:"host"`
	User   string    `json:"user,omitzero"`
	Digest string    `json:"digest_sha256,omitzero"`
	By     string    `json:"analyst,omitzero"`
	At     time.Time `json:"at,omitzero"`
	Why    string    `json:"why,omitzero"`
	From   string    `json:"from,omitzero"` // whose case it came with
}

// Encode returns the bytes of a case file: the same for the same case.
func Encode(key Key, c Case) ([]byte, error) { return encode(key, c, nil, "") }

// encode is Encode, of a case that is handed over with its log.
func encode(key Key, c Case, log Log, from string) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(160 * (c.Labels.Labelled() + c.Labels.Noted())) // the usual line, so that the buffer need not move
	classes, err := json.Marshal(c.Labels.Classes())
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&out, "{\n  \"format\": %q,\n  \"version\": %d,\n  \"sha256\": %q,\n", formatName, formatVersion, key)
	if len(log) > 0 {
		out.WriteString("  \"log\": [")
		files := newArray(&out)
		for _, f := range log {
			if err := files.add(f); err != nil {
				return nil, err
			}
		}
		giver, err := json.Marshal(from)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "\n  ],\n  \"from\": %s,\n", giver)
	}
	fmt.Fprintf(&out, "  \"classes\": %s,\n  \"filters\": [", classes)
	filters := newArray(&out)
	for _, f := range c.Filters {
		if err := filters.add(f); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ],\n  \"marks\": [")
	marks := newArray(&out)
	for _, m := range c.Marks {
		if err := marks.add(m); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ],\n  \"columns\": [")
	columns := newArray(&out)
	for _, c := range c.Columns {
		if err := columns.add(c); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ],\n  \"usual\": [")
	declared := newArray(&out)
	for _, u := range c.Labels.Usual() {
		if err := declared.add(usual{u.Host, u.User, u.Digest, u.Analyst, u.At, u.Why, u.From}); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ],\n  \"decisions\": [")
	decided := newArray(&out)
	for _, d := range c.Labels.Decisions() {
		line := decisions{Incident: d.Incident}
		line.decision, line.Earlier = split(d.Given, decisionOf)
		if err := decided.add(&line); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ],\n  \"connections\": [")
	connections := newArray(&out)
	for h := range c.Labels.Histories() {
		line := connection{Epoch: h.Ref.Epoch, ID: h.Ref.ID}
		line.verdict, line.Earlier = split(h.Verdicts, verdictOf)
		line.note, line.EarlierNotes = split(h.Notes, noteOf)
		if err := connections.add(&line); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ]\n}\n")
	return out.Bytes(), nil
}

// array writes the elements of a JSON array, each on a line of its own.
type array struct {
	out   *bytes.Buffer
	lines *json.Encoder
	n     int
}

func newArray(out *bytes.Buffer) *array {
	a := &array{out: out, lines: json.NewEncoder(out)}
	a.lines.SetEscapeHTML(false) // keep comparisons in notes and filters readable
	return a
}

func (a *array) add(v any) error {
	if a.n++; a.n > 1 {
		a.out.WriteByte(',')
	}
	a.out.WriteString("\n    ")
	if err := a.lines.Encode(v); err != nil {
		return err
	}
	a.out.Truncate(a.out.Len() - 1) // the newline that Encode adds
	return nil
}

// errNewer marks a case file of a later format, which this program must neither
// read nor replace.
var errNewer = errors.New("written by a newer sqleuth")

// head is what every version of a case file begins with.
type head struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

// versionOf returns the version of a case file that was read.
func versionOf(data []byte) int {
	var h head
	if json.Unmarshal(data, &h) != nil {
		return formatVersion
	}
	return h.Version
}

// Decode reads what Encode wrote. It is strict: a field that it does not know
// would be lost at the next save.
func Decode(key Key, data []byte) (Case, error) {
	doc, err := parse(data)
	if err != nil {
		return Case{}, err
	}
	if doc.SHA256 != key.String() {
		return Case{}, fmt.Errorf("it is about the log with SHA-256 %.80q", doc.SHA256)
	}
	return doc.content()
}

// parse reads a case file of any version, whatever log it is about.
func parse(data []byte) (doc document, err error) {
	var head head
	if err := json.Unmarshal(data, &head); err != nil {
		return doc, jsonError(err)
	}
	if head.Format != formatName {
		return doc, fmt.Errorf("format is %.40q, want %q", head.Format, formatName)
	}
	if head.Version > formatVersion {
		return doc, fmt.Errorf("version %d: %w", head.Version, errNewer)
	}
	if head.Version < 1 {
		return doc, fmt.Errorf("version is %d, want 1 to %d", head.Version, formatVersion)
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&doc); err != nil {
		return doc, jsonError(err)
	}
	return doc, nil
}

// content is the case of a document.
func (doc *document) content() (Case, error) {
	var broken error // of a connection
	labels, err := label.Restore(doc.Classes, func(yield func(label.History) bool) {
		for _, c := range doc.Connections {
			h := label.History{Ref: label.Ref{Epoch: c.Epoch, ID: c.ID}}
			var err error
			if h.Verdicts, err = joined(c.verdict, c.Earlier); err == nil {
				h.Notes, err = joined(c.note, c.EarlierNotes)
			}
			if err != nil {
				broken = fmt.Errorf("connection %s: %w", h.Ref.String(true), err)
			}
			if err != nil || !yield(h) {
				return
			}
		}
	})
	if err = cmp.Or(broken, err); err != nil {
		return Case{}, err
	}
	declared := make([]label.Usual, 0, len(doc.Usual))
	for _, u := range doc.Usual {
		declared = append(declared, label.Usual{User: u.User, Host: u.Host, Digest: u.Digest, Analyst: u.By, At: u.At, Why: u.Why, From: u.From})
	}
	if labels, err = labels.WithUsual(declared); err != nil {
		return Case{}, err
	}
	decided := make([]label.Decisions, 0, len(doc.Decisions))
	for _, d := range doc.Decisions {
		list, err := joined(d.decision, d.Earlier)
		if err != nil {
			return Case{}, fmt.Errorf("incident %.40q: %w", d.Incident, err)
		}
		decided = append(decided, label.Decisions{Incident: d.Incident, Given: list})
	}
	if labels, err = labels.WithDecisions(decided); err != nil {
		return Case{}, err
	}
	for _, m := range doc.Marks {
		if !m.valid() {
			return Case{}, fmt.Errorf("marks of %.40q are not ascending ranges", m.List)
		}
	}
	return Case{Labels: labels, Filters: doc.Filters, Marks: doc.Marks, Columns: doc.Columns}, nil
}

// jsonError adds the byte at which a file stopped being what it should.
func jsonError(err error) error {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("byte %d: %w", e.Offset, err)
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("byte %d: %w", e.Offset, err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends in the middle")
	}
	return err
}
