package fact

import "bytes"

// tool adds signatures of attack tools. They are context, never the only sign.
func (r *reader) tool() {
	for i := range r.list {
		switch w := &r.list[i]; {
		case w.class&markerText != 0:
			r.b.Add(Tool, "sqlmap_marker")
		case w.key == caseKey && r.is(i+1, whenKey) && r.is(i+2, openKey) && r.is(i-1, openKey) && r.is(i-2, selectKey):
			r.b.Add(Tool, "sqlmap_case")
		case r.spells(i, "ifnull") && r.is(i+1, openKey) && r.spells(i+2, "cast") && r.is(i+3, openKey) && r.asNchar(i+3):
			r.b.Add(Tool, "sqlmap_cast")
		}
	}
	if r.nmapUsers() {
		r.b.Add(Tool, "nmap_users")
	}
}

// asNchar reports whether the CAST whose bracket is at i is to NCHAR.
func (r *reader) asNchar(i int) bool {
	end := int(r.list[i].end)
	return end < len(r.list) && r.spells(end-1, "nchar") && r.is(end-2, asKey)
}

// sqlmapMarker reports whether a text is one of the marks between which sqlmap looks
// for its results: q, three letters of zxjkvbp, q.
func sqlmapMarker(text []byte) bool {
	if len(text) != 5 || text[0] != 'q' || text[4] != 'q' {
		return false
	}
	for _, c := range text[1:4] {
		if bytes.IndexByte([]byte("zxjkvbp"), c) < 0 {
			return false
		}
	}
	return true
}

// nmapUsers reports whether the text is a query of nmap's mysql-users script.
func (r *reader) nmapUsers() bool {
	return len(r.list) >= 7 && r.is(0, selectKey) && r.is(1, distinctKey) && r.spells(2, "user") && r.is(3, fromKey) && r.spells(4, "mysql") &&
		r.is(5, dotKey) && r.spells(6, "user")
}
