package fact

import "strconv"

// maxRun is the longest run of constants that is distinguished.
const maxRun = 32

// union adds what makes a part of a UNION look injected: constants in its list, no
// table, numbers that count up.
func (r *reader) union(q *query) {
	if !q.later {
		return
	}
	r.b.Add(Union, "true")
	if q.constants > 0 {
		r.b.Add(UnionRun, strconv.Itoa(min(q.constants, maxRun)))
	}
	if !q.from {
		r.b.Add(Union, "no_table")
	}
	if q.bare {
		r.b.Add(Union, "constants")
	}
}
