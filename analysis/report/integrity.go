package report

import (
	"strconv"
	"strings"

	"sqleuth/analysis/export"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
)

// writeIntegrity writes what the log shows about its own trustworthiness.
func writeIntegrity(p *page, s *pipeline.Snapshot) {
	p.heading("Integrity")
	findings := doubts(s)
	if len(findings) == 0 {
		p.wrap("  ", "Nothing was found that speaks against this log.")
		return
	}
	t := clockOf(s)
	for _, f := range findings {
		head := f.Severity.String() + " " + f.Kind.String()
		if f.First >= 0 {
			head += ", " + t.brief(f.Time) + " (entry " + strconv.Itoa(f.First+1) + ")"
		}
		p.paragraph("  ", "    ", head+": "+shown(f.Summary))
	}
}

// doubts lists what speaks against the log. That a file was read only up to the
// limit which the user gave does not.
func doubts(s *pipeline.Snapshot) []integrity.Finding {
	inputs := export.Inputs(s)
	var list []integrity.Finding
	for _, f := range s.Integrity.Findings {
		asked := false
		for i, in := range inputs {
			asked = asked || in.Limit != "" && in.Damage == "" && strings.HasSuffix(f.Summary, ": "+s.Files[i].Damaged())
		}
		if f.Kind != integrity.Damaged || !asked {
			list = append(list, f)
		}
	}
	return list
}

// writeLimits writes what the log cannot show, so that nobody reads it as proof.
func writeLimits(p *page, s *pipeline.Snapshot) error {
	p.title("What this log cannot show")
	for _, text := range s.Integrity.Limits {
		p.wrap("- ", shown(text))
	}
	return nil
}

// trust is the JSON form of both.
type trust struct {
	Findings []doubt  `json:"findings"`
	Limits   []string `json:"limits"`
}

// doubt is one integrity finding; entries count from 1, and what is about none
// has neither entry nor time.
type doubt struct {
	Kind     integrity.Kind `json:"kind"`
	Severity string         `json:"severity"`
	First    *string        `json:"first,omitempty"`
	Last     *string        `json:"last,omitempty"`
	Count    int            `json:"count"`
	Entries  []int          `json:"entries"`
	Summary  string         `json:"summary"`
}

func (d *document) addIntegrity(s *pipeline.Snapshot, t clock) {
	d.Integrity = trust{Limits: each(s.Integrity.Limits, visible.JSON)}
	d.Integrity.Findings = each(doubts(s), func(f integrity.Finding) doubt {
		x := doubt{Kind: f.Kind, Severity: f.Severity.String(), Count: f.Count, Summary: visible.JSON(f.Summary),
			Entries: each(f.Entries, func(i int) int { return i + 1 })}
		if f.First >= 0 {
			x.First, x.Last = t.json(f.Time), t.json(f.Until)
		}
		return x
	})
}
