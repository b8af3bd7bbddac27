package report

import (
	"fmt"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wording"
)

const (
	maxTemplates = 20
	maxTemplate  = 400 // bytes of a template's text
)

// writeTemplates lists the most frequent templates and, where there are labels,
// those that only anomalies have.
func writeTemplates(p *page, s *pipeline.Snapshot) error {
	p.title("Templates")
	if len(s.Templates) == 0 {
		p.line("The log has no entries.")
		return nil
	}
	p.heading("Most frequent")
	list := frequentTemplates(s)
	writeTemplateList(p, s, list)
	p.more("  ", len(s.Templates)-len(list))
	odd, all := anomalyTemplates(s)
	if all == 0 {
		return nil
	}
	p.heading("Only in anomalies: %s", wording.Counted(all, "template", "templates"))
	writeTemplateList(p, s, odd)
	p.more("  ", all-len(odd))
	return nil
}

func writeTemplateList(p *page, s *pipeline.Snapshot, list []loaded.Template) {
	for _, t := range list {
		p.wrap(fmt.Sprintf("  %7d  %7s  %s  ", t.Count, percent(t.Count, s.Len()), t.EventID), shortened(t.Text, maxTemplate))
	}
}

// frequentTemplates returns the templates with the most entries, equal ones in
// order of their first.
func frequentTemplates(s *pipeline.Snapshot) []loaded.Template {
	return mostFrequent(s.Templates)
}

// anomalyTemplates returns the most frequent of the templates that no normal
// entry has, and how many there are.
func anomalyTemplates(s *pipeline.Snapshot) (list []loaded.Template, all int) {
	if s.Mixed == nil {
		return nil, 0
	}
	for _, t := range s.Templates {
		if _, ok := slices.BinarySearch(s.Mixed.AnomalyOnly, t.EventID); ok {
			list = append(list, t)
		}
	}
	return mostFrequent(list), len(list)
}

func mostFrequent(list []loaded.Template) []loaded.Template {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b loaded.Template) int { return b.Count - a.Count })
	return sorted[:min(len(sorted), maxTemplates)]
}
