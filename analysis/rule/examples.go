package rule

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
)

// Test is an example with the level that a detection of the rule has on it.
type Test struct {
	Line     int
	SQL      string // a statement, or
	Log      string // a file beside the rule's, or a log where it has several lines, or
	Event    Values // the fields of a login or statement
	Database string // current, for SQL
	User     string // of SQL
	Host     string // of SQL
	With     Values // more fields of the entry, for SQL
	Level    string // of a Severity, or none where no detection is expected
}

// none is the level where nothing is found.
const none = "none"

// Negative reports whether the test expects no detection.
func (t Test) Negative() bool { return t.Level == none }

// Judge runs a set on a test of one of its rules, one with SQL or a log, and returns
// the level of the gravest detection of that rule, found false for none. The log is
// that of the test.
type Judge func(s *Set, r *Rule, t Test, log []byte) (level Severity, found bool, err error)

// String returns what the test is about, in one line.
func (t Test) String() string {
	switch {
	case t.SQL != "":
		return t.SQL
	case t.Event != nil:
		var words []string
		for _, f := range slices.Sorted(maps.Keys(t.Event)) {
			words = append(words, f.String()+"="+strings.Join(t.Event[f], ","))
		}
		return strings.Join(words, " ")
	}
	line, rest, more := strings.Cut(t.Log, "\n")
	if more && rest != "" {
		line += " ..."
	}
	return line
}

// RunTests runs the tests of some rules of a set and returns how many there were, and
// for each that fails "file:line: rule: what was found and expected".
func RunTests(s *Set, rules []*Rule, judge Judge) (count int, failures []string) {
	for _, r := range rules {
		for _, t := range r.Tests() {
			count++
			if got := r.result(s, t, judge); got != t.Level {
				failures = append(failures, fmt.Sprintf("%s:%d: %s: %s, expected %s: %s", r.Source.File, t.Line, r.Name, got, t.Level, t))
			}
		}
	}
	return count, failures
}

// result returns the level of a test in one word, or an error's text.
func (r *Rule) result(s *Set, t Test, judge Judge) string {
	level, _ := r.LevelOf(t.Event)
	found := r.Match(t.Event) == True
	if t.Event == nil {
		log, err := r.testLog(t)
		if err == nil {
			level, found, err = judge(s, r, t, log)
		}
		if err != nil {
			return err.Error()
		}
	}
	if !found {
		return none
	}
	return level.String()
}

// testLog returns the log of a test, nil for one with a statement.
func (r *Rule) testLog(t Test) ([]byte, error) {
	switch {
	case t.SQL != "":
		return nil, nil
	case strings.Contains(t.Log, "\n"):
		return []byte(t.Log + "\n"), nil
	case r.file.fsys == nil:
		return nil, fmt.Errorf("%s: not beside the rule's file", t.Log)
	}
	return fs.ReadFile(r.file.fsys, path.Join(r.file.folder, t.Log))
}

// StatementEvent is the event of a test with SQL whose facts are given: of the
// fields that are no facts it has those that the test names.
func (t Test) StatementEvent(set fact.Set) Event {
	e := Values{Text: {t.SQL}, UserName: {t.User}, SourceIP: {t.Host}}
	if t.Database != "" {
		e[Namespace] = []string{t.Database}
	}
	for f, value := range set.All() {
		e[Field(f)] = append(e[Field(f)], value)
	}
	maps.Copy(e, t.With)
	return e
}

// least is how many positive and how many negative tests a rule shall have.
const least = 3

// Incomplete returns what a rule lacks to be understood and trusted: words for its
// reader, and tests. A rule that only correlations refer to needs neither.
func (r *Rule) Incomplete() []string {
	if r.Silent {
		return nil
	}
	var lacks []string
	for _, part := range []struct{ key, text string }{
		{"says", string(r.Says)}, {"sees", r.Sees}, {"misses", r.Misses}, {"alike", r.Alike}, {"next", r.Next},
	} {
		if part.text == "" {
			lacks = append(lacks, "no "+part.key)
		}
	}
	tests := r.Tests()
	positive := len(slices.DeleteFunc(slices.Clone(tests), Test.Negative))
	negative := len(tests) - positive
	if positive < least || negative < least {
		lacks = append(lacks, fmt.Sprintf("%d tests with a level and %d with none: write %d of each", positive, negative, least))
	}
	return lacks
}
