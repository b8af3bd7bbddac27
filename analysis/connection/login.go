package connection

import "bytes"

// Login is what the text of a Connect or Change user entry says. The fields
// point into the text; nil means that it does not say.
type Login struct {
	User     []byte // not nil but empty for the anonymous user
	Host     []byte
	Database []byte
	Using    []byte // "TCP/IP", "Socket", "SSL/TLS", ...; MySQL 5.7 and later
	Denied   bool   // "Access denied for user 'u'@'h' ...", in any language
}

// attempt says whether the text is that of a login and not of its failure.
func (l *Login) attempt() bool { return !l.Denied && (l.User != nil || l.Host != nil) }

// ParseLogin reads
//
//	user@host on db using TCP/IP
//	user@host as other on db
//	Access denied for user 'user'@'host' (using password: YES)
//
// User names may hold spaces, quotes and "@", so the host begins behind the
// last "@" before " on ". Servers translate the denial, so it is known by its
// 'user'@'host'. Any other text leaves User and Host nil.
func ParseLogin(text []byte) (l Login) {
	if u, h, ok := quotedAccount(text); ok {
		l.User, l.Host, l.Denied = u, h, true
		return l
	}
	on := bytes.LastIndex(text, []byte(" on"))
	for on >= 0 && !(on+3 == len(text) || text[on+3] == ' ') {
		on = bytes.LastIndex(text[:on], []byte(" on"))
	}
	if on < 0 {
		return l
	}
	account, rest := text[:on], text[on+3:]
	if as := bytes.LastIndex(account, []byte(" as ")); as >= 0 && bytes.IndexByte(account[:as], '@') >= 0 {
		account = account[:as]
	}
	at := bytes.LastIndexByte(account, '@')
	if at < 0 {
		return l
	}
	l.User, l.Host = account[:at:at], account[at+1:]
	if u := bytes.LastIndex(rest, []byte(" using ")); u >= 0 {
		l.Using, rest = rest[u+len(" using "):], rest[:u]
	}
	l.Database = bytes.TrimSpace(rest)
	return l
}

// quotedAccount finds 'user'@'host'.
func quotedAccount(text []byte) (user, host []byte, ok bool) {
	sep := bytes.LastIndex(text, []byte("'@'"))
	if sep < 0 {
		return nil, nil, false
	}
	open := bytes.IndexByte(text[:sep], '\'')
	if open < 0 {
		return nil, nil, false
	}
	end := bytes.IndexByte(text[sep+3:], '\'')
	if end < 0 {
		return nil, nil, false
	}
	return text[open+1 : sep], text[sep+3 : sep+3+end], true
}
