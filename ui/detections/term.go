package detections

import (
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
)

// maxNamed is how many connections a term names. What has more is selected
// without one: nobody reads such a list, and every row would keep its own.
const maxNamed = 10_000

// connectionsTerm is the filter that selects some connections and no others,
// empty where there are none or too many.
func connectionsTerm(s *pipeline.Snapshot, connections []uint32) string {
	if len(connections) == 0 || len(connections) > maxNamed {
		return ""
	}
	refs := make([]label.Ref, len(connections))
	for k, c := range connections {
		// As they are named everywhere: without the server run where the id alone
		// is unique.
		if refs[k] = s.Connections.Ref(int(c)); !s.Connections.Several(refs[k].ID) {
			refs[k].Epoch = 0
		}
	}
	slices.SortFunc(refs, label.Ref.Compare)
	refs = slices.Compact(refs)
	var ids strings.Builder
	for from := 0; from < len(refs); {
		to := from + 1
		for to < len(refs) && refs[to] == (label.Ref{Epoch: refs[from].Epoch, ID: refs[to-1].ID + 1}) {
			to++
		}
		if from > 0 {
			ids.WriteByte(',')
		}
		if to-from > 1 {
			ids.WriteString(strconv.FormatUint(refs[from].ID, 10) + "-")
		}
		ids.WriteString(refs[to-1].String(true))
		from = to
	}
	return filter.Term("id", ids.String())
}
