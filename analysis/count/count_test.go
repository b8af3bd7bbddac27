package count

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/store"
)

var (
	actions = []string{"-", "SELECT", "SET"}
	tables  = []string{"-", "wp_users", "a"}
)

// random returns a log of n entries with its groups and, for each entry, id,
// action and table in plain slices.
func random(n int, seed uint64) (log *loaded.Log, ids []uint64, keys []store.Key) {
	rng := rand.New(rand.NewPCG(seed, 1))
	var columns store.Columns
	rows := store.NewRows()
	tracker := connection.NewTracker()
	at := time.Date(2025, 3, 11, 22, 30, 0, 0, time.UTC)
	for i := range n {
		id := uint64(rng.IntN(40) + 1)
		if rng.IntN(50) == 0 {
			id = math.MaxUint64 - uint64(rng.IntN(3))
		}
		key := store.Key{Action: uint32(rng.IntN(len(actions))), Table: uint32(rng.IntN(len(tables)))}
		at = at.Add(time.Duration(rng.IntN(int(40*time.Minute) / n * 20)))
		columns.Append(store.Entry{Time: at.UnixMicro(), Connection: tracker.Observe(i, id, "Query", nil), Row: rows.Add(key, i)})
		ids, keys = append(ids, id), append(keys, key)
	}
	log = &loaded.Log{Entries: columns.View(), Rows: rows.Copy(), Actions: actions, Tables: tables, Connections: tracker.View()}
	log.ByConnection = store.GroupByConnection(log.Entries, log.Connections.Len())
	return log, ids, keys
}

// Thresholds must be what sorting all ids and describing them gives.
func TestThresholdsAreThoseOfSortedIDs(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 500} {
		log, ids, keys := random(n, uint64(n))
		tables, err := (&Tables{}).WithThresholds(context.Background(), log)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]float64{}
		for i, k := range keys {
			want[actions[k.Action]] = append(want[actions[k.Action]], float64(ids[i]))
		}
		if len(tables.ThresholdAction) != len(want) {
			t.Fatalf("%d entries: %d actions, want %d", n, len(tables.ThresholdAction), len(want))
		}
		for _, got := range tables.ThresholdAction {
			list := want[got.Text]
			slices.Sort(list)
			var groups []metrics.Group
			for _, v := range list {
				groups = append(groups, metrics.Group{Value: v, Count: 1})
			}
			for name, pair := range map[string][2]float64{
				"count": {float64(got.Count), float64(len(list))},
				"min":   {got.Min, list[0]},
				"1%":    {got.P1, metrics.Quantile(groups, 0.01)},
				"50%":   {got.P50, metrics.Quantile(groups, 0.5)},
				"99%":   {got.P99, metrics.Quantile(groups, 0.99)},
				"max":   {got.Max, list[len(list)-1]},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%d entries, %s, %s: %v, want %v", n, got.Text, name, pair[0], pair[1])
				}
			}
			mean, squares := 0.0, 0.0
			for _, v := range list {
				mean += v / float64(len(list))
			}
			for _, v := range list {
				squares += (v - mean) * (v - mean)
			}
			std := math.Sqrt(squares / float64(len(list)-1))
			if math.Abs(got.Mean-mean) > 1e-12*mean {
				t.Errorf("%d entries, %s: mean %v, want %v", n, got.Text, got.Mean, mean)
			}
			if len(list) == 1 != math.IsNaN(got.Std) || len(list) > 1 && math.Abs(got.Std-std) > 1e-9*std {
				t.Errorf("%d entries, %s: standard deviation %v, want %v", n, got.Text, got.Std, std)
			}
		}
	}
}

// Counting while the log grows must give what counting at the end gives, and
// both what a plain loop gives.
func TestHoursOfAGrowingLog(t *testing.T) {
	const n = 3000
	log, _, keys := random(n, 7)
	var once, often Hours
	once.Add(log.Entries, log.Rows)
	var columns store.Columns
	for i := range n {
		columns.Append(log.Entries.At(i))
		if i%97 == 0 {
			often.Add(columns.View(), log.Rows)
		}
	}
	often.Add(columns.View(), log.Rows)
	a, b := Count(log, &once), Count(log, &often)
	want := map[[2]string]int{}
	for i, k := range keys {
		hour := time.UnixMicro(log.Entries.Time(i)).UTC().Format("15")
		want[[2]string{hour, actions[k.Action]}]++
	}
	cells := 0
	for i, hour := range a.HourAction.Hours {
		for c, column := range a.HourAction.Columns {
			got := a.HourAction.Counts[i][c]
			if got != b.HourAction.Counts[i][c] {
				t.Errorf("hour %d, %s: %d at once, %d while growing", hour, column, got, b.HourAction.Counts[i][c])
			}
			key := [2]string{time.Date(2025, 1, 1, hour, 0, 0, 0, time.UTC).Format("15"), column}
			if got != want[key] {
				t.Errorf("hour %d, %s: %d, want %d", hour, column, got, want[key])
			}
			if got > 0 {
				cells++
			}
		}
	}
	if cells != len(want) {
		t.Errorf("%d cells are counted, want %d", cells, len(want))
	}
}

func TestTalliesAndPairs(t *testing.T) {
	log, _, keys := random(400, 3)
	got := Count(log, new(Hours))
	seen := map[string]int{}
	var order []string
	for _, k := range keys {
		if seen[actions[k.Action]] == 0 {
			order = append(order, actions[k.Action])
		}
		seen[actions[k.Action]]++
	}
	for i, tally := range got.Action {
		if tally.Text != order[i] || tally.Count != seen[tally.Text] {
			t.Errorf("place %d: %v, want %s with %d", i, tally, order[i], seen[order[i]])
		}
	}
	total := 0
	for i, p := range got.Pairs {
		total += p.Count
		if i > 0 {
			q := got.Pairs[i-1]
			if q.Count < p.Count || q.Count == p.Count && (q.Action > p.Action || q.Action == p.Action && q.Table >= p.Table) {
				t.Errorf("%v stands before %v", q, p)
			}
		}
	}
	if total != len(keys) {
		t.Errorf("pairs count %d entries, want %d", total, len(keys))
	}
}

func TestTimelineCountsEveryEntryInItsBucket(t *testing.T) {
	log, _, _ := random(1000, 9)
	tl := NewTimeline(log.Entries, 50)
	plain := make([]int, 50)
	for i := range log.Entries.Len() {
		at := int((log.Entries.Time(i) - tl.Start) / tl.Width)
		if at < 0 || at >= len(plain) {
			t.Fatalf("entry %d lies in bucket %d", i, at)
		}
		plain[at]++
	}
	if !slices.Equal(plain, tl.Entries) {
		t.Errorf("buckets %v, want %v", tl.Entries, plain)
	}
	if NewTimeline(store.View{}, 10) != nil {
		t.Error("an empty log has a timeline")
	}
}

// every is each third entry of a log of so many, from the second on.
type every int

func (n every) Len() int             { return (int(n) + 1) / 3 }
func (every) At(k int) int           { return 3*k + 1 }
func (every) Find(i int) (int, bool) { return i / 3, i%3 == 1 }

// all is each entry.
type all int

func (n all) Len() int             { return int(n) }
func (all) At(k int) int           { return k }
func (all) Find(i int) (int, bool) { return i, true }

// TestOf: of all entries the tables are those of the log; of some, what counting one by
// one gives.
func TestOf(t *testing.T) {
	log, ids, keys := random(700, 5)
	hours := new(Hours)
	hours.Add(log.Entries, log.Rows)
	want, err := Count(log, hours).WithThresholds(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Of(t.Context(), log, all(700))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("of all entries: %+v, %v\nwant %+v", got, err, want)
	}
	some := every(700)
	got, err = Of(t.Context(), log, some)
	if err != nil {
		t.Fatal(err)
	}
	counts, largest := map[string]int{}, map[string]uint64{}
	for k := range some.Len() {
		i := some.At(k)
		name := actions[keys[i].Action]
		counts[name]++
		largest[name] = max(largest[name], ids[i])
	}
	inHours, inPairs := 0, 0
	for _, line := range got.HourAction.Counts {
		for _, n := range line {
			inHours += n
		}
	}
	for _, p := range got.Pairs {
		inPairs += p.Count
	}
	if inHours != some.Len() || inPairs != some.Len() || len(got.Action) != len(counts) || len(got.ThresholdAction) != len(counts) {
		t.Errorf("%d in hours, %d in pairs of %d: %+v", inHours, inPairs, some.Len(), got)
	}
	for k := range counts {
		if i := slices.IndexFunc(got.Action, func(x Tally) bool { return x.Text == k }); i < 0 || got.Action[i].Count != counts[k] {
			t.Errorf("%s: %+v, want %d", k, got.Action, counts[k])
		}
		if i := slices.IndexFunc(got.ThresholdAction, func(x Threshold) bool { return x.Text == k }); i < 0 || got.ThresholdAction[i].Count != counts[k] || got.ThresholdAction[i].Max != float64(largest[k]) {
			t.Errorf("%s: %+v, want %d up to %d", k, got.ThresholdAction, counts[k], largest[k])
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Of(ctx, log, some); err == nil {
		t.Error("cancelled it goes on")
	}
}
