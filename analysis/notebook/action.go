package notebook

import (
	"bytes"
	"unicode/utf8"
)

// ActionTable finds action and table in the argument of a Query as the
// notebook's expressions do, which are case-sensitive, anchored at the start
// and greedy. The argument is one line whose words are joined by single
// spaces, so \s is a space. "-" means none; the table after UPDATE may be
// empty.
func ActionTable(arg []byte) (action string, table []byte) {
	if len(arg) < 4 {
		return "-", none
	}
	switch arg[0] {
	case 'S':
		switch {
		case bytes.HasPrefix(arg, []byte("SELECT ")):
			// SELECT\s+.*\s*FROM\s*(\S+).*
			return "SELECT", afterLastFrom(arg[len("SELECT "):])
		case bytes.HasPrefix(arg, []byte("SET ")):
			return "SET", none
		case bytes.HasPrefix(arg, []byte("SHOW")):
			// SHOW.*`(\S+)`
			if t := lastQuoted(arg[len("SHOW"):]); t != nil {
				return "SHOW", t
			}
		}
	case 'D':
		// DELETE\s+FROM\s*`(\S+)`.*
		if rest, ok := bytes.CutPrefix(arg, []byte("DELETE FROM")); ok {
			rest = bytes.TrimPrefix(rest, []byte(" "))
			if t := quotedWord(rest, 1); t != nil {
				return "DELETE", t
			}
		}
	case 'I':
		// INSERT INTO\s+.*`(\S+)`.*
		if rest, ok := bytes.CutPrefix(arg, []byte("INSERT INTO ")); ok {
			if t := lastQuoted(rest); t != nil {
				return "INSERT", t
			}
		}
	case 'U':
		// UPDATE (?:`)(\S*)(?:`) .*
		if rest, ok := bytes.CutPrefix(arg, []byte("UPDATE ")); ok {
			if t, ok := updated(rest); ok {
				return "UPDATE", t
			}
		}
	case 'F':
		if bytes.HasPrefix(arg, []byte("FLUSH ")) {
			return "FLUSH", none
		}
	}
	return "-", none
}

// afterLastFrom returns the word after the last FROM that has one, "-" where
// there is none: (\S+) needs at least one character, so a FROM at the very end
// makes the expression step back to the one before.
func afterLastFrom(s []byte) []byte {
	word := none
	// FROM cannot overlap itself, so the places follow each other.
	for at := 0; ; {
		i := bytes.Index(s[at:], from)
		if i < 0 {
			return word
		}
		at += i + len(from)
		w := s[at:]
		if len(w) > 0 && w[0] == ' ' {
			w = w[1:]
		}
		if len(w) == 0 {
			return word
		}
		word = w
		if sp := bytes.IndexByte(w, ' '); sp >= 0 {
			word = w[:sp]
		}
	}
}

var from = []byte("FROM")

// quotedWord matches `(\S+)` at the start of s: the back quote, as many
// characters as possible that are no space, and the last back quote that
// leaves at least min of them.
func quotedWord(s []byte, min int) []byte {
	if len(s) == 0 || s[0] != '`' {
		return nil
	}
	word := s[1:]
	if sp := bytes.IndexByte(word, ' '); sp >= 0 {
		word = word[:sp]
	}
	q := bytes.LastIndexByte(word, '`')
	if q < 0 || utf8.RuneCount(word[:q]) < min {
		return nil
	}
	return word[:q]
}

// lastQuoted matches .*`(\S+)`: the last back quote from which a quoted word
// can begin.
func lastQuoted(s []byte) []byte {
	for end := len(s); ; {
		i := bytes.LastIndexByte(s[:end], '`')
		if i < 0 {
			return nil
		}
		if t := quotedWord(s[i:], 1); t != nil {
			return t
		}
		end = i
	}
}

// updated matches `(\S*)` and a space after UPDATE.
func updated(s []byte) ([]byte, bool) {
	if len(s) == 0 || s[0] != '`' {
		return nil, false
	}
	sp := bytes.IndexByte(s, ' ')
	if sp < 2 || s[sp-1] != '`' {
		return nil, false
	}
	return s[1 : sp-1], true
}
