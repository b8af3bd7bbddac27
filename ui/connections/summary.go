package connections

import (
	"cmp"
	"maps"
	"math"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
)

// summary is what is known of a connection only after a look at all its entries.
type summary struct {
	actions, tables   tally
	rarest            int     // index of the template, -1 for none
	isolation, random float64 // highest of its entries, NaN without a model
	outlier           bool    // the Isolation Forest takes an entry for an outlier
	anomaly           bool    // the Random Forest takes an entry for an anomaly
	rules             []string
}

// tally is the names that occur, the most frequent first.
type tally struct {
	names []string // the first maxNames
	total int
}

const maxNames = 8

// summaries is a cache of the connections on and around the screen.
type summaries struct {
	stamp   int // of the analysis that summaries are made of
	running bool
	known   map[int]stamped // replaced, never written to
}

type stamped struct {
	stamp int
	summary
}

// maxSummaries bounds the cache: some dozen pages.
const maxSummaries = 2048

func newSummaries() summaries { return summaries{known: map[int]stamped{}} }

// of returns the summary of a connection, an outdated one until the new one is
// there.
func (s summaries) of(c int) (summary, bool) {
	e, ok := s.known[c]
	return e.summary, ok
}

// first is the filter of the first name of a connection's summary.
func (s summaries) first(field string, c int, names func(summary) []string) string {
	if sum, ok := s.of(c); ok && len(names(sum)) > 0 {
		return filter.Term(field, names(sum)[0])
	}
	return ""
}

// renew lets summaries be made again where they would change, and reports whether
// they would.
func (s summaries) renew(old, now *pipeline.Snapshot) (summaries, bool) {
	changed := old == nil || old.ByConnection.Len() != now.ByConnection.Len() || len(old.Detections) != len(now.Detections) || old.Random != now.Random ||
		old.Isolation != now.Isolation && (old.Isolation == nil || now.Isolation == nil || old.Isolation.Forest != now.Isolation.Forest)
	if changed {
		s.stamp++
	}
	return s, changed
}

// summarised is the answer of a command: summaries by connection.
type summarised struct {
	stamp int
	known map[int]stamped
}

func (s summaries) add(msg summarised) summaries {
	s.running = false
	if msg.stamp != s.stamp {
		return s
	}
	if len(s.known)+len(msg.known) > maxSummaries {
		s.known = msg.known
		return s
	}
	s.known = maps.Clone(s.known)
	maps.Copy(s.known, msg.known)
	return s
}

// fetch asks for the summaries that the rows on the screen lack, one question at
// a time; the pages beside it come along, for when the analyst scrolls.
func (m Model) fetch() (Model, tea.Cmd) {
	s := m.snapshot
	if m.summaries.running || s == nil || s.ByConnection.Len() == 0 {
		return m, nil
	}
	from, to := m.list.Visible()
	missing := m.lacking(from, to)
	if len(missing) == 0 {
		page := max(margin, to-from)
		missing = m.lacking(max(0, from-page), min(m.list.Len(), to+page))
	}
	if len(missing) == 0 {
		return m, nil
	}
	m.summaries.running = true
	stamp := m.summaries.stamp
	return m, screen.Work(func() tea.Msg {
		known := make(map[int]stamped, len(missing))
		for _, c := range missing {
			known[c] = stamped{stamp, summarise(s, c)}
		}
		addRules(s, known)
		return summarised{stamp, known}
	})
}

// margin is how many rows beside the screen are looked at, at least.
const margin = 40

func (m Model) lacking(from, to int) []int {
	var missing []int
	for k := from; k < to; k++ {
		c := m.list.At(k)
		if e, ok := m.summaries.known[c]; (!ok || e.stamp != m.summaries.stamp) && c < m.snapshot.ByConnection.Len() {
			missing = append(missing, c)
		}
	}
	return missing
}

// summarise looks at all entries of a connection.
func summarise(s *pipeline.Snapshot, c int) summary {
	sum := summary{rarest: -1, isolation: math.NaN(), random: math.NaN()}
	// A connection repeats few distinct rows.
	counts := map[uint32]int{}
	var rows []uint32
	for _, i := range s.ByConnection.Entries(c) {
		row := s.Entries.Row(int(i))
		if counts[row]++; counts[row] == 1 {
			rows = append(rows, row)
		}
	}
	for _, row := range rows {
		if t := int(s.TemplateOf[s.Rows[row].Cluster]); sum.rarest < 0 || s.Templates[t].Count < s.Templates[sum.rarest].Count {
			sum.rarest = t
		}
		isolation, random := scores(s, row)
		if !(isolation <= sum.isolation) {
			sum.isolation = isolation
		}
		if !(random <= sum.random) {
			sum.random = random
		}
		if !math.IsNaN(isolation) {
			sum.outlier = sum.outlier || s.Isolation.Outlier[s.Encoding.Of[row]]
		}
		if !math.IsNaN(random) {
			sum.anomaly = sum.anomaly || s.Random.Predicted(int(s.Encoding.Of[row]))
		}
	}
	sum.actions = tallied(rows, counts, func(row uint32, add func(string)) { add(s.Actions[s.Rows[row].Action]) })
	sum.tables = tallied(rows, counts, func(row uint32, add func(string)) {
		k := s.Rows[row].Key
		add(s.Tables[k.Table])
		if s.OtherTables != nil {
			for _, name := range s.OtherTables[k.Cluster] {
				add(name)
			}
		}
	})
	return sum
}

// tallied counts the names that rows have; "-" is none.
func tallied(rows []uint32, counts map[uint32]int, names func(row uint32, add func(string))) tally {
	sums := map[string]int{}
	var used []string
	for _, row := range rows {
		names(row, func(name string) {
			if name == "-" {
				return
			}
			if _, ok := sums[name]; !ok {
				used = append(used, name)
			}
			sums[name] += counts[row]
		})
	}
	slices.SortStableFunc(used, func(a, b string) int { return cmp.Compare(sums[b], sums[a]) })
	return tally{used[:min(len(used), maxNames)], len(used)}
}

// addRules finds the rules that have hit the connections.
func addRules(s *pipeline.Snapshot, known map[int]stamped) {
	list := slices.Sorted(maps.Keys(known))
	for i := range s.Detections {
		d := &s.Detections[i]
		for _, c := range list {
			if _, ok := slices.BinarySearch(d.Connections, uint32(c)); !ok {
				continue
			}
			if e := known[c]; !slices.Contains(e.rules, d.Rule.Name) {
				e.rules = append(e.rules, d.Rule.Name)
				known[c] = e
			}
		}
	}
	for c, e := range known {
		slices.SortFunc(e.rules, func(a, b string) int { // D2 before D10
			return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
		known[c] = e
	}
}
