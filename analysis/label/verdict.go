package label

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Source is the means by which a verdict was given. The zero Source is not valid.
type Source uint8

// The sources of verdicts.
const (
	ByAnalyst  Source = iota + 1 // a person, it is not known how: of earlier case files
	ByRule                       // a detection, all of which was labelled
	ByModel                      // a prediction that was accepted
	ByFile                       // a labels file
	ByKey                        // a key, for the connection under the cursor
	ByRange                      // a key, for all that was marked
	ByIncident                   // an incident, or a stage of one, that was accepted
)

var sourceTexts = [...]string{
	ByAnalyst: "analyst", ByRule: "rule", ByModel: "model", ByFile: "file", ByKey: "key", ByRange: "range", ByIncident: "incident",
}

// String returns the source in one word.
func (s Source) String() string {
	if s == 0 || int(s) >= len(sourceTexts) {
		return fmt.Sprintf("Source(%d)", uint8(s))
	}
	return sourceTexts[s]
}

// ParseSource reads what String gives.
func ParseSource(text string) (Source, error) {
	for s := ByAnalyst; int(s) < len(sourceTexts); s++ {
		if sourceTexts[s] == text {
			return s, nil
		}
	}
	return 0, fmt.Errorf("source %s: want one of %s", quote(text), strings.Join(sourceTexts[ByAnalyst:], ", "))
}

// Nobody is who gave something whose analyst is not named.
const Nobody = "nobody named"

// MaxAnalyst is the longest name of an analyst, in bytes.
const MaxAnalyst = 64

// CheckAnalyst returns why a name cannot be an analyst's, or nil. It is printable UTF-8
// on one line, without blanks around it; empty is nobody named.
func CheckAnalyst(name string) error {
	switch {
	case len(name) > MaxAnalyst:
		return fmt.Errorf("the analyst's name %s is longer than %d bytes", quote(name), MaxAnalyst)
	case !utf8.ValidString(name) || strings.TrimSpace(name) != name || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("the analyst's name %s is not printable text on one line", quote(name))
	}
	return nil
}

// Verdict is a class given to a connection. Verdicts are comparable with ==
// once they come out of a Set.
type Verdict struct {
	Class  string
	Source Source
	At     time.Time // UTC, whole microseconds; zero where a labels file names no time
	// Analyst is who gave it, empty where nobody is named.
	Analyst string
}

// By names the source and the analyst: "key, Ann".
func (v Verdict) By() string {
	if v.Analyst == "" {
		return v.Source.String()
	}
	return v.Source.String() + ", " + v.Analyst
}

// Note is what was written about a connection, on one line.
type Note struct {
	Text string
	At   time.Time // UTC, whole microseconds; zero where it came from a labels file
	// Analyst is who wrote it, empty where nobody is named.
	Analyst string
}

// By names who wrote it, to follow the word note: " by Ann"; empty for nobody
// named.
func (n Note) By() string {
	if n.Analyst == "" {
		return ""
	}
	return " by " + n.Analyst
}

// Record is what is known about one connection: a verdict (none where
// Verdict.Class is empty), a note (none where Note.Text is empty), or both.
type Record struct {
	Ref     Ref
	Verdict Verdict
	Note    Note
}

// MaxNote is the longest note, in bytes.
const MaxNote = 4096

func (v Verdict) at() time.Time { return v.At }
func (n Note) at() time.Time    { return n.At }

// compare is a total order, but for how a class is spelled, which every case decides for
// itself. Of two classes of one moment, normal is the lower: an attack
// is not to be lost.
func (v Verdict) compare(o Verdict) int {
	return cmp.Or(cmp.Compare(v.weight(), o.weight()), cmp.Compare(strings.ToLower(v.Class), strings.ToLower(o.Class)), cmp.Compare(v.Source, o.Source), v.At.Compare(o.At), cmp.Compare(v.Analyst, o.Analyst))
}

// weight orders verdicts of one moment.
func (v Verdict) weight() int {
	switch v.Class {
	case "":
		return 0
	case Normal:
		return 1
	}
	return 2
}

func (n Note) compare(o Note) int {
	return cmp.Or(cmp.Compare(n.Text, o.Text), n.At.Compare(o.At), cmp.Compare(n.Analyst, o.Analyst))
}

// check returns the verdict as it is kept, or an error that names what is wrong with it;
// without a class it is that a class was taken away. Whether its class is in a list is the caller's
// question.
func (v Verdict) check() (Verdict, error) {
	if v.Class != "" {
		if err := CheckClass(v.Class); err != nil {
			return v, err
		}
	}
	if v.Source < ByAnalyst || int(v.Source) >= len(sourceTexts) {
		return v, fmt.Errorf("unknown label source %d", v.Source)
	}
	if err := CheckAnalyst(v.Analyst); err != nil {
		return v, err
	}
	at, err := checkTime(v.At)
	v.At = at
	return v, err
}

// check returns the note as it is kept, or what is wrong with it.
func (n Note) check() (Note, error) {
	n.Text = oneLine(n.Text)
	if len(n.Text) > MaxNote {
		return n, fmt.Errorf("note is %d bytes long, the limit is %d", len(n.Text), MaxNote)
	}
	if err := CheckAnalyst(n.Analyst); err != nil {
		return n, err
	}
	at, err := checkTime(n.At)
	n.At = at
	return n, err
}

// oneLine turns every run of white space and control characters into one space
// and broken UTF-8 into U+FFFD, so that a note reads back from JSON and CSV as
// the same bytes: CSV readers drop carriage returns, JSON has no broken UTF-8.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// timeFormat is RFC 3339 in UTC with all microseconds, so that equal times are
// equal text and text sorts like time.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// checkTime returns t in UTC at whole microseconds, without a monotonic reading:
// two equal instants are then equal values. Years that RFC 3339 cannot write
// are an error.
func checkTime(t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(time.Microsecond)
	if y := t.Year(); y < 1 || y > 9999 {
		return time.Time{}, errors.New("time is outside the years 1 to 9999")
	}
	return t, nil
}
