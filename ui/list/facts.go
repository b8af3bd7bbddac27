package list

import (
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// pack puts parts into at most n lines of width cells, several on a line where
// they fit; a part that is longer than a line is broken.
func pack(t *theme.Theme, parts []string, width, n int) []string {
	separator := " " + t.Glyph.Separator + " "
	var lines []string
	line := ""
	for _, p := range parts {
		p = widget.Clip(t, p, width*n)
		switch {
		case line == "":
			line = p
		case ansi.StringWidth(line+separator+p) <= width:
			line += separator + p
		default:
			lines, line = append(lines, line), p
		}
		if ansi.StringWidth(line) > width {
			broken := widget.Prose(t, line, width, n)
			lines, line = append(lines, broken[:len(broken)-1]...), broken[len(broken)-1]
		}
	}
	lines = append(lines, line)
	if len(lines) > n {
		lines = lines[:n]
		lines[n-1] = widget.Clip(t, lines[n-1]+t.Glyph.Ellipsis, width)
	}
	return lines
}
