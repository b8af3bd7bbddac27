package store

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestViewIsAPrefixThatStays(t *testing.T) {
	const jump = chunkLen / 4
	for name, step := range map[string]func(i int, rng *rand.Rand) int64{
		"near":     func(i int, rng *rand.Rand) int64 { return rng.Int64N(1000) },
		"back":     func(i int, rng *rand.Rand) int64 { return rng.Int64N(1000) - 600 },
		"anywhere": func(i int, rng *rand.Rand) int64 { return rng.Int64() - rng.Int64() },
		"32 bits":  func(i int, rng *rand.Rand) int64 { return int64(i&1) * math.MaxUint32 * int64(1-i&2) },
		"hole": func(i int, rng *rand.Rand) int64 {
			if i == jump {
				return math.MaxUint32
			}
			return 100
		},
	} {
		t.Run(name, func(t *testing.T) { testView(t, step) })
	}
}

// testView appends entries whose offsets lie apart by steps.
func testView(t *testing.T, step func(i int, rng *rand.Rand) int64) {
	var c Columns
	want := make([]Entry, 0, 3*chunkLen/2)
	rng := rand.New(rand.NewPCG(1, 2))
	var early View
	offset := int64(0)
	for i := range cap(want) {
		offset += step(i, rng)
		e := Entry{Offset: offset, Time: rng.Int64(), Connection: rng.Uint32(), Row: rng.Uint32()}
		want = append(want, e)
		if at := c.Append(e); at != i {
			t.Fatalf("Append returned %d for entry %d", at, i)
		}
		if i == chunkLen/8 {
			early = c.View()
		}
	}
	late := c.View()
	if early.Len() != chunkLen/8+1 || late.Len() != len(want) {
		t.Fatalf("views hold %d and %d entries", early.Len(), late.Len())
	}
	for i := range late.Len() {
		if late.At(i) != want[i] {
			t.Fatalf("entry %d: %v, want %v", i, late.At(i), want[i])
		}
		if i < early.Len() && early.At(i) != want[i] {
			t.Fatalf("entry %d of the early view: %v, want %v", i, early.At(i), want[i])
		}
	}
	n := 0
	for s := range late.Spans() {
		span := late.Span(s)
		if span.First != n {
			t.Fatalf("span %d starts at %d, want %d", s, span.First, n)
		}
		for j := range span.Row {
			if span.Row[j] != want[n].Row || span.Time[j] != want[n].Time ||
				late.Offset(n) != want[n].Offset || span.Connection[j] != want[n].Connection {
				t.Fatalf("span %d, entry %d differs", s, n)
			}
			n++
		}
	}
	if n != late.Len() {
		t.Fatalf("spans hold %d entries, want %d", n, late.Len())
	}
}

// A view must keep what it saw whatever is written later.
func TestPagedViewKeepsWhatItSaw(t *testing.T) {
	var p Paged[int]
	rng := rand.New(rand.NewPCG(3, 4))
	type seen struct {
		view PagedView[int]
		want []int
	}
	var model []int
	var views []seen
	for range 5000 {
		switch {
		case len(model) == 0 || rng.IntN(3) == 0:
			v := rng.Int()
			if at := p.Append(v); at != len(model) {
				t.Fatalf("Append returned %d, want %d", at, len(model))
			}
			model = append(model, v)
		case rng.IntN(40) == 0:
			views = append(views, seen{p.View(), append([]int(nil), model...)})
		default:
			i := rng.IntN(len(model))
			model[i] = rng.Int()
			*p.At(i) = model[i]
		}
	}
	views = append(views, seen{p.View(), model})
	for k, s := range views {
		if s.view.Len() != len(s.want) {
			t.Fatalf("view %d has %d elements, want %d", k, s.view.Len(), len(s.want))
		}
		for i, want := range s.want {
			if got := s.view.At(i); got != want {
				t.Fatalf("view %d, element %d: %d, want %d", k, i, got, want)
			}
		}
	}
}

func TestRowsCountEveryEntryOnce(t *testing.T) {
	r := NewRows()
	rng := rand.New(rand.NewPCG(5, 6))
	count := map[Key]int{}
	for i := range 2000 {
		k := Key{Cluster: int32(rng.IntN(5)), Command: uint32(rng.IntN(2)), Table: uint32(rng.IntN(3))}
		row := r.Add(k, i)
		if r.rows[row].Key != k {
			t.Fatalf("entry %d: row %d has key %v, want %v", i, row, r.rows[row].Key, k)
		}
		if r.rows[row].Last != i {
			t.Fatalf("entry %d: row says its last entry is %d", i, r.rows[row].Last)
		}
		count[k]++
	}
	if len(r.rows) != len(count) {
		t.Fatalf("%d rows, want %d", len(r.rows), len(count))
	}
	for _, row := range r.Copy() {
		if row.Count != count[row.Key] {
			t.Errorf("row %v counts %d, want %d", row.Key, row.Count, count[row.Key])
		}
	}
}

func TestDictNumbersByFirstAppearance(t *testing.T) {
	d := NewLimitedDict(3)
	buf := []byte("select")
	if d.Intern("-") != 0 || d.Intern(string(buf)) != 1 || d.Intern("insert") != 2 || d.Intern("select") != 1 {
		t.Fatal("numbers do not follow first appearance")
	}
	if early := d.Texts(); len(early) != 3 || early[1] != "select" {
		t.Fatalf("texts %q", early)
	}
	if d.Full() || d.Intern("update") != 3 || d.InternBytes([]byte("delete")) != 3 || d.Intern("select") != 1 || !d.Full() {
		t.Errorf("a full dictionary does not count the rest as others: %q", d.Texts())
	}
}

// Keys are made coarser bound by bound, and keys that are known stay what they are.
func TestRowsAreBounded(t *testing.T) {
	rows := NewRows(
		Bound{2, func(k Key) Key { k.Digest = 9; return k }},
		Bound{3, func(k Key) Key { k.Fact = 8; return k }},
	)
	var got []uint32
	for i, k := range []Key{
		{Fact: 1, Digest: 1}, {Fact: 1, Digest: 2}, // room
		{Fact: 1, Digest: 3}, {Fact: 1, Digest: 4}, // without digests
		{Fact: 2, Digest: 5}, {Fact: 3, Digest: 6}, // without facts
		{Fact: 1, Digest: 2}, {Fact: 1, Digest: 7}, {Fact: 4, Digest: 8}, // all known
	} {
		if rows.Full() != (i > 2) {
			t.Errorf("full before key %d: %v", i, rows.Full())
		}
		got = append(got, rows.Add(k, i))
	}
	if want := []uint32{0, 1, 2, 2, 3, 3, 1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	if want := (Row{Key{Fact: 8, Digest: 9}, 3, 4, 8}); rows.Copy()[3] != want {
		t.Errorf("the last row is %+v, want %+v", rows.Copy()[3], want)
	}
}

func TestMerge(t *testing.T) {
	merged, of := Merge([]Row{
		{Key{Cluster: 1, Fact: 1, Digest: 1}, 2, 5, 9}, {Key{Cluster: 2, Fact: 1}, 1, 6, 6}, {Key{Cluster: 1, Digest: 2}, 3, 0, 7},
	})
	if want := []Row{{Key{Cluster: 1}, 5, 0, 9}, {Key{Cluster: 2}, 1, 6, 6}}; !slices.Equal(merged, want) {
		t.Errorf("merged %+v, want %+v", merged, want)
	}
	if want := []uint32{0, 1, 0}; !slices.Equal(of, want) {
		t.Errorf("rows are in %v, want %v", of, want)
	}
}

func TestBoundedDict(t *testing.T) {
	d := NewBoundedDict(10, 5)
	var got []uint32
	for _, text := range []string{"abc", "de", "f", "", "abc", "-"} {
		got = append(got, d.Intern(text))
	}
	if want := []uint32{1, 2, 3, 3, 1, 0}; !slices.Equal(got, want) || !d.Full() || d.Texts()[3] != Others {
		t.Errorf("numbers %v of %q, want %v", got, d.Texts(), want)
	}
}

// Entries are listed in a loop of their own, which must list what any items are listed by.
func TestGroupByConnection(t *testing.T) {
	var c Columns
	rng := rand.New(rand.NewPCG(8, 9))
	const connections = 300
	for range chunkLen + 1000 {
		c.Append(Entry{Connection: rng.Uint32N(connections / 2)})
	}
	v := c.View()
	got, want := GroupByConnection(v, connections), NewLists(connections, func(yield func(key, item uint32) bool) {
		for i := range v.Len() {
			if !yield(v.Connection(i), uint32(i)) {
				return
			}
		}
	})
	if got.Len() != connections {
		t.Fatalf("%d connections, want %d", got.Len(), connections)
	}
	seen := 0
	for c := range connections {
		if !slices.Equal(got.Entries(c), want.Of(c)) || !slices.IsSorted(want.Of(c)) {
			t.Fatalf("connection %d has %v, in lists %v", c, got.Entries(c), want.Of(c))
		}
		for _, i := range got.Entries(c) {
			if v.Connection(int(i)) != uint32(c) {
				t.Fatalf("entry %d of connection %d is listed under %d", i, v.Connection(int(i)), c)
			}
			seen++
		}
	}
	if seen != v.Len() {
		t.Errorf("%d of %d entries are listed", seen, v.Len())
	}
}
