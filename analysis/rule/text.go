package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqleuth/analysis/fact"
)

// Template is a sentence with placeholders in braces: "{count} logins from {host}".
type Template string

// placeholders are the short words that templates have for fields.
var placeholders = map[string]Field{
	"user": UserName, "host": SourceIP, "database": Namespace, "hour": EventHour, "digest": DigestHash,
	"count": MatchCount, "maximum": MatchMaximum, "native": MatchNative, "outcome": LoginOutcome,
	"run": Field(fact.UnionRun),
}

// detectionWords are the placeholders for properties of a detection.
var detectionWords = strings.Fields("first last span users hosts connections accounts accepted")

// PlaceholderField returns the field of a word in braces, a short word, the name of a
// field or what follows statement. in it; false for words about the detection: first,
// last, span, users, hosts, connections, accounts, accepted.
func PlaceholderField(word string) (Field, bool) {
	if f, ok := placeholders[word]; ok {
		return f, true
	}
	if f, ok := FieldNamed("statement." + word); ok {
		return f, true
	}
	return FieldNamed(word)
}

// Words returns the words in braces, in order.
func (t Template) Words() []string {
	var words []string
	t.walk(func(string) {}, func(word string) { words = append(words, word) })
	return words
}

// Render returns the sentence with its words replaced.
func (t Template) Render(value func(word string) string) string {
	var out strings.Builder
	t.walk(func(text string) { out.WriteString(text) }, func(word string) { out.WriteString(value(word)) })
	return out.String()
}

// walk visits texts and words in order. A brace that is not closed is text.
func (t Template) walk(text, word func(string)) {
	rest := string(t)
	for {
		before, after, ok := strings.Cut(rest, "{")
		name, behind, closed := strings.Cut(after, "}")
		if !ok || !closed {
			text(rest)
			return
		}
		text(before)
		word(name)
		rest = behind
	}
}

// check returns an error for the first placeholder that is unknown.
func (t Template) check() error {
	for _, w := range t.Words() {
		if _, ok := PlaceholderField(w); !ok && !slices.Contains(detectionWords, w) {
			known := slices.Concat(keys(placeholders), detectionWords, allFieldNames())
			for _, name := range allFieldNames() {
				known = append(known, strings.TrimPrefix(name, "statement."))
			}
			return fmt.Errorf("nothing stands for {%s}%s", w, nearestHint(w, known))
		}
	}
	return nil
}

// Parameters are the settings of native code, by name.
type Parameters map[string]string

// Number returns a parameter as a number, or otherwise where it is not there.
func (p Parameters) Number(name string, otherwise float64) float64 {
	v, err := strconv.ParseFloat(p[name], 64)
	if err != nil {
		return otherwise
	}
	return v
}

// Duration returns a parameter like 90m as a duration, or otherwise where it is not
// there.
func (p Parameters) Duration(name string, otherwise time.Duration) time.Duration {
	d, err := parseTimespan(p[name])
	if err != nil {
		return otherwise
	}
	return d
}

// Words returns a parameter that is a list.
func (p Parameters) Words(name string) []string {
	if p[name] == "" {
		return nil
	}
	return strings.Split(p[name], "\n")
}

// maxTimespan keeps microseconds within an int64 by far.
const maxTimespan = 10 * 365 * 24 * time.Hour

// units are those of timespans.
var units = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}

// parseTimespan reads a number with one of the units s, m, h and d.
func parseTimespan(text string) (time.Duration, error) {
	wrong := func() error {
		return fmt.Errorf("%q is no timespan: write a whole number and one unit, s, m, h or d, like 90m", text)
	}
	if text == "" {
		return 0, wrong()
	}
	unit, ok := units[text[len(text)-1]]
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 32)
	if !ok || err != nil || n == 0 {
		return 0, wrong()
	}
	if d := time.Duration(n) * unit; n <= uint64(maxTimespan/unit) {
		return d, nil
	}
	return 0, fmt.Errorf("%q is longer than ten years", text)
}

// parseCount reads a number of events or values.
func parseCount(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is no count: write a whole number", text)
	}
	return int(n), nil
}
