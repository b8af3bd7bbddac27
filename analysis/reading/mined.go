package reading

import "sqleuth/analysis/sqltext"

// AppendMined appends to dst what the template of a record is mined from, where
// that is not the record's Text as it is; else it returns dst and false. In the
// default reading lists of literals in a statement are mined as if all had the
// same length. The record is the one that p gave last, or Command and Text of any.
func (p *Parser) AppendMined(dst []byte, r *Record) (text []byte, changed bool) {
	if p.reading == Notebook || !isStatement(r.Command) {
		return dst, false
	}
	if r.asked != nil && !r.asked.listed {
		return dst, false
	}
	if r.tokens != nil {
		text, changed = sqltext.AppendCollapsed(dst, r.tokens)
		if r.asked != nil {
			r.asked.listed = changed
		}
		return text, changed
	}
	if !sqltext.MayCollapse(r.Text) {
		return dst, false
	}
	p.tokens.Lex(r.Text)
	return sqltext.AppendCollapsed(dst, &p.tokens)
}

// AppendMinedDigits appends to dst where the bytes of a record behind the id have
// ASCII digits that are in what its template is mined from.
func (p *Parser) AppendMinedDigits(dst []int32, tail []byte) []int32 {
	if p.reading == Correct && sqltext.MayCollapse(tail) {
		p.tokens.Lex(tail)
		return sqltext.AppendCollapsedDigits(dst, &p.tokens)
	}
	for i, c := range tail {
		if isDigit(c) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}

// isStatement reports whether the argument of a command is SQL.
func isStatement(command []byte) bool {
	switch string(command) {
	case "Query", "Execute", "Prepare":
		return true
	}
	return false
}
