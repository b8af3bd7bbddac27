package store

// Key is what makes two entries alike: the cluster that Drain put the statement
// in, and the numbers of its command, action and table, of its facts and of its
// digest in their dictionaries.
//
// Facts and digests only split rows: what counts entries by the other columns sums
// over the rows, and models see what Merge returns.
type Key struct {
	Cluster int32
	Command uint32
	Action  uint32
	Table   uint32
	Fact    uint32 // 0 for none
	Digest  uint32 // 0 for none
}

// Row is a distinct Key with its entries counted.
type Row struct {
	Key
	Count int // entries
	First int // index of the first of them
	Last  int // index of the last of them
}

// Rows is the table of distinct rows, on the writer's side.
type Rows struct {
	index map[Key]uint32
	// recent remembers rows by a few bits of their keys, one each, so that the map is
	// seldom asked: index plus one, 0 for none.
	recent [recentRows]uint32
	rows   []Row
	bounds []Bound
	full   bool
}

// recentRows is a power of two.
const recentRows = 1 << 16

// Bound keeps a table of rows small: where it has Rows of them, keys that are not
// in it are made coarser.
type Bound struct {
	Rows    int
	Coarsen func(Key) Key
}

// NewRows returns an empty table. The bounds, in ascending order, apply one after
// the other; a key that went through the last is always taken in.
func NewRows(bounds ...Bound) *Rows { return &Rows{index: map[Key]uint32{}, bounds: bounds} }

// Add counts entry i under key and returns the row's index.
func (r *Rows) Add(key Key, i int) uint32 {
	recent := &r.recent[(uint32(key.Cluster)^key.Digest<<5^key.Fact<<11)%recentRows]
	if *recent == 0 || r.rows[*recent-1].Key != key {
		*recent = r.row(key, i) + 1
	}
	at := *recent - 1
	r.Again(at, i)
	return at
}

// row returns the index of the row that entries with a key are counted under; i is
// the first of them where it is new.
func (r *Rows) row(key Key, i int) uint32 {
	for _, b := range r.bounds {
		if at, ok := r.index[key]; ok {
			return at
		}
		if len(r.rows) < b.Rows {
			break
		}
		key, r.full = b.Coarsen(key), true
	}
	at, ok := r.index[key]
	if !ok {
		at = uint32(len(r.rows))
		r.index[key] = at
		r.rows = append(r.rows, Row{Key: key, First: i})
	}
	return at
}

// Again counts entry i under a row that is known.
func (r *Rows) Again(at uint32, i int) {
	row := &r.rows[at]
	row.Count++
	row.Last = i
}

// Full reports whether keys were made coarser.
func (r *Rows) Full() bool { return r.full }

// Copy returns the rows as they are now.
func (r *Rows) Copy() []Row { return append([]Row(nil), r.rows...) }

// Merge makes one row of those that differ in facts and digest alone, in order of
// their first entries. It returns for each row the index of the merged one.
func Merge(rows []Row) (merged []Row, of []uint32) {
	index := make(map[Key]uint32, len(rows))
	of = make([]uint32, len(rows))
	for i, row := range rows {
		row.Fact, row.Digest = 0, 0
		at, ok := index[row.Key]
		if !ok {
			at = uint32(len(merged))
			index[row.Key] = at
			merged = append(merged, row)
		} else {
			m := &merged[at]
			m.Count, m.First, m.Last = m.Count+row.Count, min(m.First, row.First), max(m.Last, row.Last)
		}
		of[i] = at
	}
	return merged, of
}
