package reading

import "sqleuth/analysis/sqltext"

// AppendMined appends to dst what the template of a record is mined from, where
// that is not the record's Text as it is; else it returns dst and false. In the
// default reading lists of literals in a statement are mined as if all had the
// same length.
func (r Reading) AppendMined(dst []byte, rec *Record) (text []byte, changed bool) {
	if r == Notebook {
		return dst, false
	}
	switch string(rec.Command) {
	case "Query", "Execute", "Prepare":
		return sqltext.AppendCollapsed(dst, rec.Text)
	}
	return dst, false
}

// AppendMinedDigits appends to dst where the bytes of a record behind the id have
// ASCII digits that are in what its template is mined from.
func (r Reading) AppendMinedDigits(dst []int32, tail []byte) []int32 {
	if r == Correct {
		return sqltext.AppendCollapsedDigits(dst, tail)
	}
	for i, c := range tail {
		if isDigit(c) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}
