package rule

import "fmt"

// Severity is how much a detection asks for an analyst's attention.
type Severity uint8

// The severities, rising. Sigma's informational is Context.
const (
	Context Severity = iota // worth knowing beside other detections
	Low
	Medium
	High
	Critical
)

var severityText = [...]string{"context", "low", "medium", "high", "critical"}

// String returns the severity in one word.
func (s Severity) String() string { return severityText[s] }

// MarshalText writes the severity in one word.
func (s Severity) MarshalText() ([]byte, error) {
	if int(s) >= len(severityText) {
		return nil, fmt.Errorf("severity %d does not exist", s)
	}
	return []byte(s.String()), nil
}

// SeverityNamed returns the severity of a word, Sigma's "informational" too, and
// false for no such word.
func SeverityNamed(word string) (Severity, bool) {
	if word == "informational" {
		return Context, true
	}
	for s, text := range severityText {
		if text == word {
			return Severity(s), true
		}
	}
	return 0, false
}
