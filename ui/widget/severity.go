package widget

import (
	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/rule"
	"sqleuth/ui/theme"
)

// SeverityWidth is how many cells the widest sign of a severity takes.
const SeverityWidth = 3

// Severity returns the sign of a severity, which shows it by more than its colour, and its
// style. What is context has none.
func Severity(t *theme.Theme, s rule.Severity) (sign string, style *lipgloss.Style) {
	switch s {
	case rule.Critical:
		return "!!!", &t.Bad
	case rule.High:
		return "!!", &t.Bad
	case rule.Medium:
		return "!", &t.Warn
	case rule.Low:
		return ".", &t.Text
	}
	return "", &t.Faint
}
