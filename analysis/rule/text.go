package rule

import (
	"fmt"
	"regexp"
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

// braces are those of words; one that is not closed is text.
var braces = regexp.MustCompile(`\{[^}]*\}`)

// Words returns the words in braces, in order.
func (t Template) Words() []string {
	var words []string
	for _, w := range braces.FindAllString(string(t), -1) {
		words = append(words, w[1:len(w)-1])
	}
	return words
}

// Render returns the sentence with its words replaced.
func (t Template) Render(value func(word string) string) string {
	return braces.ReplaceAllStringFunc(string(t), func(w string) string { return value(w[1 : len(w)-1]) })
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
var units = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}

// parseTimespan reads a number with one of the units s, m, h and d.
func parseTimespan(text string) (time.Duration, error) {
	digits := strings.TrimRight(text, "smhd")
	unit := units[text[len(digits):]]
	n, err := strconv.ParseUint(digits, 10, 32)
	switch {
	case unit == 0 || err != nil || n == 0:
		return 0, fmt.Errorf("%q is no timespan: write a whole number and one unit, s, m, h or d, like 90m", text)
	case n > uint64(maxTimespan/unit):
		return 0, fmt.Errorf("%q is longer than ten years", text)
	}
	return time.Duration(n) * unit, nil
}
