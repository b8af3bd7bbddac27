package casefile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"sqleuth/analysis/label"
	"sqleuth/analysis/wording"
)

// Handed is a case that one analyst hands to another: what a case file holds but for
// the columns, with the log that it is about and who hands it over.
type Handed struct {
	Case Case
	Log  Log
	From string // an analyst; empty where nobody is named
}

// Unnamed is where a case comes from whose analyst is not named.
const Unnamed = "unnamed"

// Bounds of a case that somebody hands over, who may have taken it from anybody.
const (
	maxHanded  = 256 << 20 // bytes
	maxFilters = 1 << 10
	maxFilter  = 1 << 14 // bytes of a term
	maxMarked  = 10_000  // ranges or rows of a list
	maxLists   = 64
)

// Encode returns the bytes of the file that hands a case over: the same for the same
// case.
func (h Handed) Encode() ([]byte, error) {
	key, err := h.Log.Key()
	if err != nil {
		return nil, err
	}
	if err := label.CheckAnalyst(h.From); err != nil {
		return nil, err
	}
	h.Case.Columns = nil
	return encode(key, h.Case, h.Log, h.From)
}

// ReadHanded reads a case of a log, as Handed.Encode has written it; the case file of
// somebody else is one too. The error for a case of another log names both.
func ReadHanded(in io.Reader, log Log) (Handed, error) {
	return readHanded(in, log, maxHanded)
}

func readHanded(in io.Reader, log Log, most int64) (Handed, error) {
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return Handed{}, err
	}
	if int64(len(data)) > most {
		return Handed{}, fmt.Errorf("longer than %d MiB, which no case is", most>>20)
	}
	return DecodeHanded(data, log)
}

// DecodeHanded reads what Handed.Encode has returned; see ReadHanded.
func DecodeHanded(data []byte, log Log) (Handed, error) {
	key, err := log.Key()
	if err != nil {
		return Handed{}, err
	}
	doc, err := parse(data)
	if err != nil {
		return Handed{}, fmt.Errorf("%w; name a file that sqleuth case export has written", err)
	}
	h := Handed{Log: doc.Log, From: doc.From}
	if doc.SHA256 != key.String() {
		what := fmt.Sprintf("SHA-256 %.64q", doc.SHA256)
		if len(doc.Log) > 0 {
			what = doc.Log.String() + ", " + what
		}
		return Handed{}, fmt.Errorf("it is the case of another log (%s), this one is %s, SHA-256 %s", what, log, key)
	}
	if err := label.CheckAnalyst(h.From); err != nil {
		return Handed{}, err
	}
	if h.Case, err = doc.content(); err != nil {
		return Handed{}, err
	}
	h.Case.Columns = nil
	return h, h.Case.bounded()
}

// bounded returns an error that names what there is too much of.
func (c Case) bounded() error {
	if len(c.Filters) > maxFilters || slices.ContainsFunc(c.Filters, func(f Filter) bool { return len(f.Term) > maxFilter || !utf8.ValidString(f.Term) }) {
		return errors.New("more filters than anybody types, or longer ones")
	}
	if len(c.Marks) > maxLists || slices.ContainsFunc(c.Marks, func(m Marks) bool { return len(m.Ranges) > maxMarked || len(m.Names) > maxMarked }) {
		return errors.New("more marks than anybody sets")
	}
	return nil
}

// Brought is what a case that was handed over has brought.
type Brought struct {
	label.Joined
	Filters int // each switched off: it must not hide what is looked at
	Marks   int // rows
}

// Empty reports whether nothing was new.
func (b Brought) Empty() bool { return b.Joined.Empty() && b.Filters+b.Marks == 0 }

// Text returns what was brought, and by whom: "from Ann: 12 labels, 1 note; 2 conflicts".
func (b Brought) Text(giver string) string {
	parts := counted([]amount{
		{b.Verdicts, "label", "labels"}, {b.Notes, "note", "notes"}, {b.Decisions, "decision", "decisions"}, {len(b.Classes), "class", "classes"},
		{b.Usual, "thing that is normal", "things that are normal"}, {b.Filters, "filter, switched off", "filters, switched off"}, {b.Marks, "marked row", "marked rows"},
	})
	if parts == "" {
		return "from " + giver + ": nothing new"
	}
	text := "from " + giver + ": " + parts
	if n := len(b.Conflicts); n > 0 {
		text += "; " + wording.Counted(n, "conflict", "conflicts") + ", of which the later holds"
	}
	return text
}

// Text returns how much a case holds; empty for nothing.
func (c Case) Text() string {
	marked := 0
	for _, m := range c.Marks {
		marked += m.Len()
	}
	return counted([]amount{
		{c.Labels.Labelled(), "label", "labels"}, {c.Labels.Noted(), "note", "notes"}, {c.Labels.Decided(), "decision", "decisions"},
		{len(c.Labels.Usual()), "thing that is normal", "things that are normal"}, {len(c.Filters), "filter", "filters"}, {marked, "marked row", "marked rows"},
	})
}

type amount struct {
	n         int
	one, many string
}

// counted lists what there is some of.
func counted(list []amount) string {
	var parts []string
	for _, a := range list {
		if a.n > 0 {
			parts = append(parts, wording.Counted(a.n, a.one, a.many))
		}
	}
	return strings.Join(parts, ", ")
}

// Join returns ours with all that the other holds. Who joins whom makes no difference to
// labels, notes and decisions (see label.Book.Join), and none to which filters and marks
// there are; joined again, the other brings nothing.
func Join(ours Case, other Handed) (Case, Brought, error) {
	book := label.NewBook(ours.Labels)
	var brought Brought
	var err error
	if _, brought.Joined, err = book.Join(other.Case.Labels, other.Giver()); err != nil {
		return Case{}, Brought{}, err
	}
	ours.Labels = book.Set()
	ours.Filters, brought.Filters = JoinFilters(ours.Filters, other.Case.Filters)
	ours.Marks, brought.Marks = JoinMarks(ours.Marks, other.Case.Marks)
	return ours, brought, nil
}

// Giver is who hands the case over, by a name in any case.
func (h Handed) Giver() string {
	if h.From == "" {
		return Unnamed
	}
	return h.From
}

// JoinFilters puts the filters that ours lacks behind it, switched off, and counts them.
func JoinFilters(ours, theirs []Filter) (joined []Filter, added int) {
	joined = slices.Clone(ours)
	for _, f := range theirs {
		if !slices.ContainsFunc(joined, func(have Filter) bool { return have.Term == f.Term }) {
			joined = append(joined, Filter{Term: f.Term})
			added++
		}
	}
	return joined, added
}

// JoinMarks returns what is marked on either side, and counts the rows that were
// not marked here.
func JoinMarks(ours, theirs []Marks) (joined []Marks, added int) {
	joined = slices.Clone(ours)
	for _, m := range theirs {
		k := slices.IndexFunc(joined, func(have Marks) bool { return have.List == m.List && have.Reading == m.Reading })
		if k < 0 {
			k = len(joined)
			joined = append(joined, Marks{List: m.List, Reading: m.Reading})
		}
		before := joined[k].Len()
		joined[k] = joined[k].union(m)
		added += joined[k].Len() - before
	}
	slices.SortFunc(joined, Marks.compare)
	return joined, added
}
