package message

import (
	"fmt"
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Search is what to look for in the focused screen: from the cursor on, in
// the direction of reading or against it, wrapping around. Only the focused
// screen gets it.
type Search struct {
	Text      string // as typed: free text, or /regexp/
	Backwards bool
	// Here counts the row under the cursor too: the analyst has been led to it.
	Here bool
}

// From returns the position that the search begins behind, where the cursor is on one.
func (s Search) From(cursor int) int {
	switch {
	case !s.Here:
		return cursor
	case s.Backwards:
		return cursor + 1
	}
	return cursor - 1
}

// Expression returns the regular expression that was typed between slashes,
// false for free text.
func (s Search) Expression() (expr string, ok bool) {
	if len(s.Text) > 2 && strings.HasPrefix(s.Text, "/") && strings.HasSuffix(s.Text, "/") {
		return s.Text[1 : len(s.Text)-1], true
	}
	return "", false
}

// Pattern compiles what was typed; letters match in either case. The error names
// an expression that is not in RE2 syntax.
func (s Search) Pattern() (*regexp.Regexp, error) {
	expr, ok := s.Expression()
	if !ok {
		return regexp.MustCompile("(?i)" + regexp.QuoteMeta(s.Text)), nil
	}
	re, err := regexp.Compile("(?i)" + expr)
	if err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", s.Text, err)
	}
	return re, nil
}

// Wrapped reports whether the way from the cursor to a row leads over an end.
func (s Search) Wrapped(cursor, row int) bool {
	return row == cursor || row < cursor != s.Backwards
}

// WentOn asks to show that a search went on at the other end.
func WentOn() tea.Cmd { return Request(Notice{Text: "search went on at the other end"}) }
