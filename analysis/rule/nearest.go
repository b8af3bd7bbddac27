package rule

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"sqleuth/analysis/wording"
)

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func allFieldNames() []string {
	names := keys(aliases)
	for _, f := range Fields() {
		names = append(names, f.String())
	}
	return names
}

// Bounds of what is compared: a longer word is no mistyped name, and among more names
// the nearest is no help.
const (
	maxWord  = 100
	maxNames = 5000
)

// nearestHint returns "; nearest: a, b" for a word that is none of a list, empty
// where nothing is like it.
func nearestHint(word string, known []string) string {
	type candidate struct {
		name     string
		distance int
	}
	if word = strings.ToLower(word); len(word) > maxWord || len(known) > maxNames {
		return ""
	}
	var list []candidate
	for _, name := range known {
		d := wording.Distance(word, strings.ToLower(name))
		if len(word) > 2 && (strings.HasSuffix(name, "."+word) || strings.HasPrefix(name, word)) {
			d = 0
		}
		if d <= max(1, (len(word)+1)/3) {
			list = append(list, candidate{name, d})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range list[:min(3, len(list))] {
		if c.distance <= list[0].distance+1 {
			names = append(names, c.name)
		}
	}
	if names == nil {
		return ""
	}
	return "; nearest: " + strings.Join(names, ", ")
}
