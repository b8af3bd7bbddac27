package connection

import "bytes"

// Login is what the text of a Connect or Change user entry holds. The fields
// point into the text; nil means that the text has none.
type Login struct {
	User     []byte // not nil but empty for the anonymous user
	Host     []byte
	As       []byte // the account that a proxy user was given, or "anonymous"
	Database []byte
	Using    []byte // "TCP/IP", "Socket", "SSL/TLS", ...; MySQL 5.7, MariaDB 10 and later
	Denied   bool   // a refusal that names the account, 'u'@'h', in any language
	// Ambiguous reports that the text can also be read as a login of another
	// account. A client has chosen its names for that.
	Ambiguous bool
}

// attempt reports whether the text is that of a login and not of its failure.
func (l *Login) attempt() bool { return !l.Denied && (l.User != nil || l.Host != nil) }

// ParseLogin reads
//
//	user@host on db using TCP/IP
//	user@host as other on db
//	Access denied for user 'user'@'host' (using password: YES)
//
// Nothing in these texts is escaped, and the client chooses user and database,
// which may hold every sign of the grammar. What it does not choose is the host,
// which has no blank, quote or "@", and the kind of connection at the very end.
// Of several readings the one with the shortest user is taken: a database may
// hold anything for anybody, a user who is let in must exist. Any other text
// leaves User and Host nil.
func ParseLogin(text []byte) Login {
	attempt, refusal := parseAttempt(text), parseRefusal(text)
	switch {
	case refusal.User == nil:
		return attempt
	case attempt.User == nil:
		return refusal
	}
	// The names of one hold the words of the other.
	attempt.Ambiguous, refusal.Ambiguous = true, true
	if attempt.Using != nil {
		return attempt
	}
	return refusal
}

// kinds are the connections that servers name at the end of a login.
var kinds = []string{
	" using TCP/IP", " using SSL/TLS", " using Socket", " using Named Pipe", " using Shared Memory", " using Internal", " using Plugin", " using Error",
}

// cutKind takes the kind of connection off the end of a text.
func cutKind(text []byte) (before, kind []byte) {
	for _, k := range kinds {
		if at := len(text) - len(k); at >= 0 && text[at] == ' ' && string(text[at:]) == k {
			return text[:at], text[at+len(" using "):]
		}
		if string(text) == k[1:] {
			return nil, text[len("using "):] // the blank went with the header
		}
	}
	return text, nil
}

func parseAttempt(text []byte) (l Login) {
	asEnd := 0 // where the name of a proxied account ends
	for at := 0; at < len(text); at++ {
		k := bytes.IndexByte(text[at:], '@')
		if k < 0 {
			break
		}
		at += k
		host := hostIn(text[at+1:])
		rest := text[at+1+len(host):]
		switch on := startsOn(rest); {
		case on && (l.User == nil || at < asEnd):
			// No account of a server holds "@host on": what seemed to be the name
			// of one was chosen by a client.
			l = Login{User: text[:at], Host: host, Ambiguous: l.User != nil}
			l.Using, l.Database = endOfAttempt(rest)
			asEnd = 0
		case on:
			l.Ambiguous = true
		case !l.Ambiguous && bytes.HasPrefix(rest, []byte(" as ")):
			as := rest[len(" as "):]
			end := findOn(as)
			if end < 0 {
				return l // nor is there one behind any other "@"
			}
			if l.User != nil {
				l.Ambiguous = true
				break
			}
			asEnd = len(text) - len(as) + end
			l = Login{User: text[:at], Host: host, As: as[:end]}
			l.Using, l.Database = endOfAttempt(as[end:])
		}
	}
	return l
}

// findOn returns where the word between host and database is first, -1 for nowhere.
func findOn(text []byte) int {
	for at := 0; ; at++ {
		k := bytes.Index(text[at:], []byte(" on"))
		if k < 0 {
			return -1
		}
		if at += k; startsOn(text[at:]) {
			return at
		}
	}
}

// hostIn returns the host that text begins with; it may be empty.
func hostIn(text []byte) []byte {
	for i, c := range text {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '@' || c == '\'' || c == '"' || c == '`' {
			return text[:i]
		}
	}
	return text
}

// startsOn reports whether text begins with the word between host and
// database.
func startsOn(text []byte) bool {
	return bytes.HasPrefix(text, []byte(" on")) && (len(text) == 3 || text[3] == ' ')
}

// endOfAttempt reads a login from the " on" behind its account.
func endOfAttempt(text []byte) (using, database []byte) {
	database, using = cutKind(text[len(" on"):])
	database = bytes.TrimPrefix(database, []byte(" "))
	if len(bytes.TrimSpace(database)) == 0 {
		database = nil
	}
	return using, database
}

// parseRefusal finds 'user'@'host'. Where several can be read, the last one is
// right where only a user is named, behind which "(using password: YES)" follows,
// else the first, behind which a database may follow.
func parseRefusal(text []byte) (l Login) {
	if !bytes.Contains(text, []byte("'@'")) {
		return l
	}
	last := text[len(text)-1] == ')'
	for a := range refused(text) {
		if l.User != nil {
			l.Ambiguous = true
		}
		if l.User == nil || last {
			l.User, l.Host = a.user, a.host
		}
	}
	l.Denied = l.User != nil
	return l
}

// account is a user and a host as the log writes them.
type account struct{ user, host []byte }

// refused lists the accounts that a refusal may speak of. A French one is of
// 'user'@'@host'.
func refused(text []byte) func(yield func(account) bool) {
	return func(yield func(account) bool) {
		open := openingQuote(text)
		if open < 0 {
			return
		}
		for at := open; ; {
			k := bytes.Index(text[at:], []byte("'@'"))
			if k < 0 {
				return
			}
			at += k
			if at > open {
				behind := bytes.TrimPrefix(text[at+3:], []byte("@"))
				host := hostIn(behind)
				if len(host) < len(behind) && behind[len(host)] == '\'' && !yield(account{text[open+1 : at], host}) {
					return
				}
			}
			at++
		}
	}
}

// openingQuote returns where the account of a refusal begins, -1 for nowhere. In
// some languages there is an apostrophe before it.
func openingQuote(text []byte) int {
	for i, c := range text {
		if c == '\'' && (i == 0 || !isLetter(text[i-1])) {
			return i
		}
	}
	return -1
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// agree finds the reading of a login that is one of the account of its refusal:
// both texts may be ambiguous, but seldom in the same way.
func agree(attempt, refusal []byte) (l Login, ok bool) {
	for a := range refused(refusal) {
		n := len(a.user)
		if len(attempt) <= n || !bytes.HasPrefix(attempt, a.user) || attempt[n] != '@' || !bytes.HasPrefix(attempt[n+1:], a.host) {
			continue
		}
		rest := attempt[n+1+len(a.host):]
		if startsOn(rest) {
			l = Login{User: a.user, Host: a.host}
			l.Using, l.Database = endOfAttempt(rest)
			return l, true
		}
		if bytes.HasPrefix(rest, []byte(" as ")) {
			if p := parseAttempt(append([]byte("@"), attempt[n+1:]...)); p.User != nil && len(p.User) == 0 {
				p.User = a.user
				return p, true
			}
		}
	}
	return l, false
}
