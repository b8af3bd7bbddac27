package store

// Key is what makes two entries the same to counts and models: the cluster
// that Drain put the statement in, and the numbers of its command, action and
// table in their dictionaries.
type Key struct {
	Cluster int32
	Command uint32
	Action  uint32
	Table   uint32
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
	// recent remembers the row that a cluster had last: nearly every cluster
	// has one command, action and table, so the map is seldom asked.
	recent []uint32
	rows   []Row
}

// NewRows returns an empty table.
func NewRows() *Rows { return &Rows{index: map[Key]uint32{}} }

// Add counts entry i under key and returns the row's index.
func (r *Rows) Add(key Key, i int) uint32 {
	for int(key.Cluster) >= len(r.recent) {
		r.recent = append(r.recent, ^uint32(0))
	}
	at := r.recent[key.Cluster]
	if at == ^uint32(0) || r.rows[at].Key != key {
		var ok bool
		if at, ok = r.index[key]; !ok {
			at = uint32(len(r.rows))
			r.index[key] = at
			r.rows = append(r.rows, Row{Key: key, First: i})
		}
		r.recent[key.Cluster] = at
	}
	r.Again(at, i)
	return at
}

// Again counts entry i under a row that is known.
func (r *Rows) Again(at uint32, i int) {
	row := &r.rows[at]
	row.Count++
	row.Last = i
}

// Len returns the number of distinct rows.
func (r *Rows) Len() int { return len(r.rows) }

// Copy returns the rows as they are now.
func (r *Rows) Copy() []Row { return append([]Row(nil), r.rows...) }
