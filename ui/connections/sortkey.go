package connections

import (
	"context"
	"math"
	"slices"
	"strings"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
)

// sortBy is everything that an order depends on.
type sortBy struct {
	snapshot   *pipeline.Snapshot
	labels     label.Set
	column     columnID
	descending bool
}

// order returns the connections of ascending rows, sorted; equal ones stay in
// order of the log. The error is that of ctx.
func (b sortBy) order(ctx context.Context, natural message.Rows) ([]uint32, error) {
	n := natural.Len()
	keys := make([]uint64, n)
	key, err := b.key(ctx, natural)
	if err != nil {
		return nil, err
	}
	known := b.snapshot.Connections.Len()
	for k := range keys {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if c := natural.At(k); c < known {
			keys[k] = key(c)
		}
		if b.descending {
			keys[k] = ^keys[k]
		}
	}
	order, err := ascending(ctx, keys)
	if err != nil {
		return nil, err
	}
	for k, at := range order {
		order[k] = uint32(natural.At(int(at)))
	}
	return order, nil
}

// key returns the function that maps a connection to a number which grows as the
// cell of the column does.
func (b sortBy) key(ctx context.Context, natural message.Rows) (func(c int) uint64, error) {
	s := b.snapshot
	conns := s.Connections
	switch b.column {
	case columnName:
		return func(c int) uint64 {
			k := conns.Peek(c)
			return uint64(min(k.Epoch, 1<<24-1))<<40 | min(k.ID, 1<<40-1)
		}, nil
	case columnStart:
		return func(c int) uint64 { return signed(s.Moment(int(conns.Peek(c).First)).Micros) }, nil
	case columnDuration:
		return func(c int) uint64 { return signed(duration(s, c)) }, nil
	case columnUser, columnHost, columnDatabase:
		number := b.column.text
		rank := b.ranks(natural, number)
		return func(c int) uint64 { return uint64(rank[number(s, c)]) }, nil
	case columnLogin:
		return func(c int) uint64 { return uint64(conns.Peek(c).Outcome) }, nil
	case columnEntries:
		return func(c int) uint64 { return uint64(conns.Peek(c).Entries) }, nil
	case columnLabel:
		return b.labelKey(), nil
	case columnDetections:
		rules := b.rulesByConnection()
		return func(c int) uint64 { return uint64(rules[c]) }, nil
	}
	return b.entryKey(ctx)
}

// signed maps a number so that unsigned order is its order.
func signed(v int64) uint64 { return uint64(v) ^ 1<<63 }

// scored maps a score; NaN, where no model has judged, comes first.
func scored(v float64) uint64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Float64bits(max(0, v)) + 1
}

// ranks gives every text that the rows use its place in the alphabet.
func (b sortBy) ranks(natural message.Rows, number func(*pipeline.Snapshot, int) uint32) map[uint32]uint32 {
	rank := map[uint32]uint32{}
	var used []uint32
	for k := range natural.Len() {
		c := natural.At(k)
		if c >= b.snapshot.Connections.Len() {
			break
		}
		n := number(b.snapshot, c)
		if _, ok := rank[n]; !ok {
			rank[n] = 0
			used = append(used, n)
		}
	}
	slices.SortFunc(used, func(x, y uint32) int {
		return strings.Compare(b.snapshot.Connections.Text(x), b.snapshot.Connections.Text(y))
	})
	for r, n := range used {
		rank[n] = uint32(r)
	}
	return rank
}

// labelKey sorts connections without a verdict before normal ones, and these
// before the others in the order of their digit keys.
func (b sortBy) labelKey() func(c int) uint64 {
	if b.labels.Labelled() == 0 {
		return func(int) uint64 { return 0 }
	}
	digit := map[string]uint64{}
	for i, class := range b.labels.Classes() {
		digit[class] = uint64(i) + 1
	}
	return func(c int) uint64 {
		v, _ := b.labels.Verdict(b.snapshot.Connections.Ref(c))
		return digit[v.Class]
	}
}

// rulesByConnection counts the rules that have hit each connection.
func (b sortBy) rulesByConnection() []uint16 {
	counts := make([]uint16, b.snapshot.Connections.Len())
	byRule := map[string][]int{}
	var ids []string
	for i := range b.snapshot.Detections {
		id := b.snapshot.Detections[i].Rule.ID
		if byRule[id] == nil {
			ids = append(ids, id)
		}
		byRule[id] = append(byRule[id], i)
	}
	last := make([]uint16, len(counts)) // the last rule that was counted, plus one
	for r, id := range ids {
		for _, i := range byRule[id] {
			for _, c := range b.snapshot.Detections[i].Connections {
				if int(c) < len(counts) && last[c] != uint16(r)+1 {
					last[c] = uint16(r) + 1
					counts[c]++
				}
			}
		}
	}
	return counts
}

// entryKey computes what depends on a connection's entries, for all connections
// in one pass over the log.
func (b sortBy) entryKey(ctx context.Context) (func(c int) uint64, error) {
	s := b.snapshot
	n := s.ByConnection.Len()
	keys := make([]uint64, n)
	values := b.rowValues()
	var last []int // by value, the last connection that had it, plus one
	if b.column == columnActions || b.column == columnTables {
		last = make([]int, len(s.Actions)+len(s.Tables))
	}
	done := 0
	for c := range n {
		if b.column == columnRarest {
			keys[c] = math.MaxUint64
		}
		for _, i := range s.ByConnection.Entries(c) {
			if done++; done%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			row := s.Entries.Row(int(i))
			if int(row) >= len(values) {
				continue
			}
			v := values[row]
			switch {
			case last == nil && b.column == columnRarest:
				keys[c] = min(keys[c], v)
			case last == nil:
				keys[c] = max(keys[c], v)
			case v > 0 && last[v] != c+1:
				last[v] = c + 1
				keys[c]++
			}
		}
	}
	return func(c int) uint64 {
		if c >= n {
			return 0
		}
		return keys[c]
	}, nil
}

// rowValues gives what entryKey looks at, by distinct row of the log: the number
// of the action or table, how often the template occurs, or a score.
func (b sortBy) rowValues() []uint64 {
	s := b.snapshot
	values := make([]uint64, len(s.Rows))
	for r, row := range s.Rows {
		switch b.column {
		case columnActions:
			values[r] = uint64(row.Action)
		case columnTables:
			values[r] = uint64(row.Table)
		case columnRarest:
			values[r] = uint64(s.Templates[s.TemplateOf[row.Cluster]].Count)
		default:
			isolation, random := scores(s, uint32(r))
			if b.column == columnIsolation {
				values[r] = scored(isolation)
			} else {
				values[r] = scored(random)
			}
		}
	}
	return values
}

// scores returns what the forests say of a distinct row of the log, NaN where
// there is no forest.
func scores(s *pipeline.Snapshot, row uint32) (isolation, random float64) {
	isolation, random = math.NaN(), math.NaN()
	if s.Encoding == nil || int(row) >= len(s.Encoding.Of) {
		return isolation, random
	}
	u := int(s.Encoding.Of[row])
	if s.Isolation != nil {
		isolation = s.Isolation.Score(u)
	}
	if s.Random != nil && s.Random.Forest != nil {
		random = s.Random.Score(u)
	}
	return isolation, random
}
