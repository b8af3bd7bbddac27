package ui

import (
	"fmt"
	"regexp"
	"strings"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
)

// layer is one filter of the stack. Exactly one of filter and pick is what it
// selects.
type layer struct {
	title  string // of a filter its canonical text
	typed  string // a filter as it was typed; empty where nobody has
	name   string // that a screen gave a filter whose text is too long to be read
	filter filter.Filter
	pick   func(s *pipeline.Snapshot, i int) bool
	on     bool
	// muted is that the place does not regard it: see narrowing.
	muted bool
}

// text is a filter as an analyst edits it, and as the case keeps it.
func (l layer) text() string {
	if l.typed != "" {
		return l.typed
	}
	return l.title
}

// maxShownIDs is how many ids and ranges of one term are on the screen.
const maxShownIDs = 6

// shown is the layer as the header and the list of filters name it: its terms word
// by word, unless that is too long to be read. Its meaning stays.
func (l layer) shown() string {
	short := shortenIDs(l.title)
	if l.typed != "" {
		short = shortenIDs(l.typed)
	}
	if l.name != "" && short != l.title {
		return l.name
	}
	return short
}

// incidentTerm finds the incidents that a term names by what is kept of them.
var incidentTerm = regexp.MustCompile(`\bincident:\S+`)

// named is the layer as the screens show it while they show a snapshot, nil for none:
// with its incidents under the letters that they have there.
func (l layer) named(s *pipeline.Snapshot) string {
	text := l.shown()
	if s == nil || !strings.Contains(text, "incident:") {
		return text
	}
	return incidentTerm.ReplaceAllStringFunc(text, func(term string) string {
		for k := range s.Incidents {
			for _, id := range s.Incidents[k].IDs() {
				term = strings.ReplaceAll(term, id, incident.Letter(k))
			}
		}
		return term
	})
}

// shortenIDs leaves out all but the first of a long list of ids.
func shortenIDs(title string) string {
	if strings.Count(title, ",") < maxShownIDs {
		return title
	}
	words := strings.Split(title, " ")
	for k, w := range words {
		at := strings.Index(w, "id:")
		if at < 0 || strings.Trim(w[:at], "(") != "" {
			continue
		}
		if n := strings.Count(w, ",") + 1; n > maxShownIDs {
			ids := strings.SplitN(w, ",", maxShownIDs)[:maxShownIDs-1]
			words[k] = fmt.Sprintf("%s and %d more", strings.Join(ids, ","), n-len(ids))
		}
	}
	return strings.Join(words, " ")
}
