package report

import (
	"fmt"
	"strings"

	"sqleuth/analysis/learned"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wording"
)

// maxDiffering is how many traits a warning names.
const maxDiffering = 6

// ModelNotices warn where a log differs much from the one that its model was learnt on.
func ModelNotices(s *pipeline.Snapshot) (list []string) {
	if s.Learned == nil || s.Learned.Drift == nil {
		return nil
	}
	d := s.Learned.Drift
	if d.Outside*2 > d.Connections {
		list = append(list, fmt.Sprintf("the model may not fit this log: %s of %d have values that no connection had where it was learnt",
			wording.Counted(d.Outside, "connection", "connections"), d.Connections))
	}
	var names []string
	for _, t := range d.Traits {
		names = append(names, fmt.Sprintf("%s (%s outside, %.0f %% elsewhere)", t.Name, wording.Counted(t.Outside, "connection", "connections"), 100*t.Distance))
	}
	if len(names) > 0 {
		text := "features that are spread otherwise than where the model was learnt: " + strings.Join(names[:min(len(names), maxDiffering)], ", ")
		if more := len(names) - maxDiffering; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		list = append(list, text)
	}
	if len(d.Missing) > 0 {
		list = append(list, "the model knows features that this program measures in another way or not at all: "+strings.Join(d.Missing, ", "))
	}
	return list
}

// learnt is what was learnt, in JSON.
type learnt struct {
	Why     string       `json:"why,omitempty"`   // where there is nothing
	Classes []learntOf   `json:"classes"`         // predictions of connections that were not trained with, against labels
	Model   *learntModel `json:"model,omitempty"` // of another log
}

type learntOf struct {
	Class       string  `json:"class"`
	Connections int     `json:"connections"`
	Precision   float64 `json:"precision"`
	Recall      float64 `json:"recall"`
	F1          float64 `json:"f1"`
}

type learntModel struct {
	Connections int         `json:"connections"` // where it was learnt
	Outside     int         `json:"connections_outside"`
	Features    []differing `json:"features_outside"`
	Missing     []string    `json:"features_missing"`
}

type differing struct {
	Name     string  `json:"name"`
	Distance float64 `json:"distance"`
	Outside  int     `json:"connections_outside"`
}

func newLearnt(s *pipeline.Snapshot) learnt {
	out := learnt{Classes: []learntOf{}}
	r := s.Learned
	if r == nil {
		out.Why = "no connection is labelled as an anomaly, and no model was given"
		return out
	}
	for _, c := range r.Scores {
		out.Classes = append(out.Classes, learntOf(c))
	}
	if d := r.Drift; d != nil {
		out.Model = &learntModel{r.Model.Connections, d.Outside, each(d.Traits, func(t learned.Differing) differing { return differing(t) }), append([]string{}, d.Missing...)}
	}
	return out
}

// writeLearned writes how well labels are learnt.
func writeLearned(p *page, s *pipeline.Snapshot) error {
	r := s.Learned
	if r == nil || len(r.Scores) == 0 {
		return nil
	}
	p.title("What labels teach")
	if r.Model != nil {
		p.wrap("", "A model of another log, on connections, against the labels of this one:")
	} else {
		p.wrap("", "A random forest over features of connections. Each connection is predicted by a forest that was not trained with it (five folds, stratified by class); all predictions together:")
	}
	p.heading("%-24s %12s %10s %10s %10s", "class", "connections", "precision", "recall", "F1")
	for _, c := range r.Scores {
		p.line("%-24s %12d %10.3f %10.3f %10.3f", shortened(shown(c.Class), 24), c.Connections, c.Precision, c.Recall, c.F1)
	}
	return nil
}
