package widget

import (
	"strings"
	"time"

	"sqleuth/ui/theme"
)

// Paragraph makes text visible and breaks it into lines of at most width cells,
// at spaces; only a word that no line holds is broken itself. So a date is not
// broken at its hyphens, and its time of day stays with it.
func Paragraph(t *theme.Theme, text string, width int) []string {
	return breakWords(t, t.Notation.Text(text), max(1, width))
}

// breakWords is Paragraph for text that is visible.
func breakWords(t *theme.Theme, text string, width int) []string {
	var lines []string
	line, used := "", 0
	end := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	words := strings.SplitAfter(text, " ")
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+1 < len(words) && isMoment(word+words[i+1]) && width >= len(time.DateTime) {
			i++
			word += words[i]
		}
		word = strings.TrimRight(word, " ")
		room := cells(word)
		if room > 0 && used > 0 && used+room > width {
			end()
		}
		for room > width {
			head, rest := breakOff(t, word, width)
			room -= cells(word[:len(word)-len(rest)])
			line, used, word = head, width, rest
			if rest != "" {
				end()
			}
		}
		if used < width {
			line, used = line+word+" ", used+room+1
		} else {
			// Nothing, or marks that were on a blank and take no room.
			line = strings.TrimRight(line, " ") + word
		}
	}
	end()
	return lines
}

// isMoment reports whether two words are a date and a time of day, but for what
// comes before and behind them.
func isMoment(words string) bool {
	space := strings.IndexByte(words, ' ')
	from, to := space-len(time.DateOnly), space+1+len(time.TimeOnly)
	if from < 0 || to > len(words) || words[space+3] != ':' {
		return false
	}
	_, err := time.Parse(time.DateTime, words[from:to])
	return err == nil
}
