package export

import (
	"strings"
	"time"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
)

// Rule is a rule that is not built in, or a built-in one that a file switches off.
type Rule struct {
	Name   string `json:"name"`
	ID     string `json:"id"` // a UUID, empty where the file has none
	State  string `json:"state"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	SHA256 string `json:"sha256"` // of the file
}

// SiteFilter is a filter of the site, with the detections that it sets aside.
type SiteFilter struct {
	Title      string   `json:"title"`
	ID         string   `json:"id"`      // a UUID or empty
	Excuses    string   `json:"excuses"` // who or what, as written
	Rules      []string `json:"rules"`   // names or ids; none for all
	Reason     string   `json:"reason"`
	Until      string   `json:"until"` // the last day, empty for none
	File       string   `json:"file"`
	Line       int      `json:"line"`
	SHA256     string   `json:"sha256"` // of the file
	Detections int      `json:"detections"`
}

// RulesOf lists the rules that are not those of the program, with texts that JSON
// can hold.
func RulesOf(s *pipeline.Snapshot) []Rule {
	out := []Rule{}
	if s.Rules == nil {
		return out
	}
	for _, r := range append(s.Rules.Rules[:len(s.Rules.Rules):len(s.Rules.Rules)], s.Rules.Off...) {
		if r.Builtin {
			continue
		}
		state := "on"
		if !r.Enabled {
			state = "off"
		}
		out = append(out, Rule{visible.JSON(r.Name), r.ID, state, visible.JSON(r.Source.File), r.Source.Line, r.Source.SHA256})
	}
	return out
}

// SiteOf lists the filters of the site in the order in which they are tried, with
// texts that JSON can hold.
func SiteOf(s *pipeline.Snapshot) []SiteFilter {
	out := []SiteFilter{}
	for _, x := range s.Filtered {
		f := x.Filter
		rules := []string{}
		for _, ref := range f.Refs {
			rules = append(rules, visible.JSON(ref))
		}
		last := ""
		if !f.Until.IsZero() {
			last = f.Until.AddDate(0, 0, -1).Format(time.DateOnly)
		}
		out = append(out, SiteFilter{visible.JSON(f.Title), visible.JSON(f.ID), visible.JSON(f.String()), rules, visible.JSON(f.Reason), last,
			visible.JSON(f.Source.File), f.Source.Line, f.Source.SHA256, x.Detections})
	}
	return out
}

// String returns what the filter excuses, and for how long, in one line.
func (f SiteFilter) String() string {
	rules := "all rules"
	if len(f.Rules) > 0 {
		rules = strings.Join(f.Rules, ", ")
	}
	text := f.Title + ": " + f.Excuses + " (" + rules + "), " + f.Reason
	if f.Until != "" {
		text += ", until " + f.Until
	}
	return text
}
