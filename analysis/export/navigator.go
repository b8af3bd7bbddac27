package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/visible"
)

// layer is navigator.json, a layer of the ATT&CK Navigator in its format 4.5.
type layer struct {
	Name        string           `json:"name"`
	Versions    layerVersions    `json:"versions"`
	Domain      string           `json:"domain"`
	Description string           `json:"description"`
	Techniques  []layerTechnique `json:"techniques"`
	Gradient    layerGradient    `json:"gradient"`
	Sub         bool             `json:"expandedSubtechniques,omitempty"`
}

type layerVersions struct {
	Attack    string `json:"attack"`
	Navigator string `json:"navigator"`
	Layer     string `json:"layer"`
}

// layerTechnique is a technique with how many detections its rules made.
type layerTechnique struct {
	ID       string       `json:"techniqueID"`
	Score    int          `json:"score"`
	Comment  string       `json:"comment"`
	Enabled  bool         `json:"enabled"`
	Metadata []layerEntry `json:"metadata"`
	ShowSubs bool         `json:"showSubtechniques"`
}

// layerEntry is a line of what the Navigator shows of a technique.
type layerEntry struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type layerGradient struct {
	Colors []string `json:"colors"`
	Min    int      `json:"minValue"`
	Max    int      `json:"maxValue"`
}

// navigatorLayer lists the techniques of detections that no filter of a site sets aside,
// by id.
func navigatorLayer(s *pipeline.Snapshot) layer {
	out := layer{
		Name: "sqleuth", Domain: "enterprise-attack", Techniques: []layerTechnique{},
		Versions:    layerVersions{strings.TrimPrefix(rule.AttackVersion, "v"), "5.1.0", "4.5"},
		Description: "what rules found in a general query log; scores count detections, which say what was sent, not that it worked",
		Gradient:    layerGradient{[]string{"#ffe766ff", "#ff6666ff"}, 0, 1},
	}
	by := map[string]map[*rule.Rule]int{} // detections by technique and rule
	for _, d := range detect.Standing(s.Detections) {
		for _, id := range d.Rule.TechniqueIDs() {
			if by[id] == nil {
				by[id] = map[*rule.Rule]int{}
			}
			by[id][d.Rule]++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		t := layerTechnique{ID: id, Enabled: true, Metadata: []layerEntry{}, ShowSubs: strings.Contains(id, ".")}
		rules := slices.SortedFunc(maps.Keys(by[id]), func(a, b *rule.Rule) int { return cmp.Compare(a.Name, b.Name) })
		var names []string
		for _, r := range rules {
			t.Score += by[id][r]
			names = append(names, visible.JSON(r.Name))
			t.Metadata = append(t.Metadata, layerEntry{visible.JSON(r.Name), fmt.Sprintf("%s: %d", visible.JSON(r.Title), by[id][r])})
		}
		t.Comment = strings.Join(names, ", ")
		out.Gradient.Max = max(out.Gradient.Max, t.Score)
		out.Techniques = append(out.Techniques, t)
	}
	return out
}
