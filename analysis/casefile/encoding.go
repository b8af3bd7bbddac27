package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"sqleuth/analysis/label"
)

const (
	formatName    = "sqleuth case"
	formatVersion = 4 // 1 has no marks, 2 neither analysts nor what is usual, 3 no columns; all are read
)

// document is a case file. Its arrays are written one element a line, so that
// two case files can be compared with diff.
type document struct {
	Format      string       `json:"format"`
	Version     int          `json:"version"`
	SHA256      string       `json:"sha256"`
	Classes     []string     `json:"classes"`
	Filters     []Filter     `json:"filters"`
	Marks       []Marks      `json:"marks"`
	Columns     []Columns    `json:"columns"`
	Usual       []usual      `json:"usual"`
	Connections []connection `json:"connections"`
}

// connection is a verdict, a note, or both.
type connection struct {
	Epoch  uint32    `json:"epoch"`
	ID     uint64    `json:"id"`
	Class  string    `json:"class,omitzero"`
	Source string    `json:"source,omitzero"`
	By     string    `json:"analyst,omitzero"`
	At     time.Time `json:"at,omitzero"`
	Note   string    `json:"note,omitzero"`
	Noted  time.Time `json:"noted,omitzero"` // when the note was written
}

// usual is what was said to be normal.
type usual struct {
	Host   string    `json:"host"`
	User   string    `json:"user,omitzero"`
	Digest string    `json:"digest_sha256,omitzero"`
	By     string    `json:"analyst,omitzero"`
	At     time.Time `json:"at,omitzero"`
}

// Encode returns the bytes of a case file: the same for the same case.
func Encode(key Key, c Case) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(128 * (c.Labels.Labelled() + c.Labels.Noted())) // the usual line, so that the buffer need not move
	classes, err := json.Marshal(c.Labels.Classes())
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&out, "{\n  \"format\": %q,\n  \"version\": %d,\n  \"sha256\": %q,\n  \"classes\": %s,\n  \"filters\": [",
		formatName, formatVersion, key, classes)
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
		if err := declared.add(usual{u.Host, u.User, u.Digest, u.Analyst, u.At}); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n  ],\n  \"connections\": [")
	connections := newArray(&out)
	for r := range c.Labels.All() {
		line := connection{Epoch: r.Ref.Epoch, ID: r.Ref.ID, Class: r.Verdict.Class, By: r.Verdict.Analyst, At: r.Verdict.At, Note: r.Note.Text, Noted: r.Note.At}
		if line.Class != "" {
			line.Source = r.Verdict.Source.String()
		}
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
	var head head
	if err := json.Unmarshal(data, &head); err != nil {
		return Case{}, jsonError(err)
	}
	if head.Format != formatName {
		return Case{}, fmt.Errorf("format is %.40q, want %q", head.Format, formatName)
	}
	if head.Version > formatVersion {
		return Case{}, fmt.Errorf("version %d: %w", head.Version, errNewer)
	}
	if head.Version < 1 {
		return Case{}, fmt.Errorf("version is %d, want 1 to %d", head.Version, formatVersion)
	}

	var doc document
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&doc); err != nil {
		return Case{}, jsonError(err)
	}
	if doc.SHA256 != key.String() {
		return Case{}, fmt.Errorf("it is about the log with SHA-256 %.80q", doc.SHA256)
	}
	records := make([]label.Record, 0, len(doc.Connections))
	for _, c := range doc.Connections {
		r := label.Record{
			Ref:     label.Ref{Epoch: c.Epoch, ID: c.ID},
			Verdict: label.Verdict{Class: c.Class, At: c.At, Analyst: c.By},
			Note:    label.Note{Text: c.Note, At: c.Noted},
		}
		if c.Class != "" {
			source, err := label.ParseSource(c.Source)
			if err != nil {
				return Case{}, fmt.Errorf("connection %s: %w", r.Ref.String(true), err)
			}
			r.Verdict.Source = source
		}
		records = append(records, r)
	}
	labels, err := label.NewSet(doc.Classes, records)
	if err != nil {
		return Case{}, err
	}
	declared := make([]label.Usual, 0, len(doc.Usual))
	for _, u := range doc.Usual {
		declared = append(declared, label.Usual{User: u.User, Host: u.Host, Digest: u.Digest, Analyst: u.By, At: u.At})
	}
	if labels, err = labels.WithUsual(declared); err != nil {
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
