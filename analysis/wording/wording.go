// Package wording turns figures, names and errors into the words of a sentence, for
// summaries, limits, reports and messages.
package wording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Counted returns a number with what it counts: "1 entry", "2 entries".
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

const (
	millisecond = 1_000 // microseconds

	second = 1_000 * millisecond
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// Duration formats microseconds in the two largest units: "4.2s", "3m05s", "2h10m",
// "4d06h". What is shorter than a tenth of a second is in milliseconds, except for nothing:
// many servers write whole seconds.
func Duration(us int64) string {
	switch {
	case us == 0:
		return "0s"
	case 0 < us && us < millisecond:
		return "<1ms"
	case 0 < us && us < second/10:
		return fmt.Sprintf("%dms", us/millisecond)
	case us < 10*second:
		return fmt.Sprintf("%.1fs", float64(us)/float64(second))
	case us < minute:
		return fmt.Sprintf("%ds", us/second)
	case us < hour:
		return fmt.Sprintf("%dm%02ds", us/minute, us%minute/second)
	case us < 2*day:
		return fmt.Sprintf("%dh%02dm", us/hour, us%hour/minute)
	}
	return fmt.Sprintf("%dd%02dh", us/day, us%day/hour)
}

// maxName is how many bytes of a name or value a sentence shows.
const maxName = 80

// Name returns a name or value for a sentence: where it is long, its beginning and
// an ellipsis. No character is cut in its middle.
func Name(s string) string {
	if len(s) <= maxName {
		return s
	}
	return strings.ToValidUTF8(s[:maxName], "") + "…"
}

// Pathless drops paths from an error, for one whose message has the path already, or in
// which it is that of a temporary file.
func Pathless(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err
	}
	return err
}

// Distance is the Levenshtein distance of two texts in bytes, with one row of the
// table at a time.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
