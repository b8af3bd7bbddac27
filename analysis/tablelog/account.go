package tablelog

import "bytes"

// Account reads user_host, "priv_user[user] @ host [ip]": the user as the client
// gave it, and the host, or the address where the server has no name for it.
// priv_user, the account whose rights the connection has, is empty until the login
// is done. Exports of other programs may have "user@host" or a user alone; both
// are nil where the text is neither.
func Account(userHost []byte) (user, host []byte) {
	// A user may hold all of these marks, a host none.
	at := bytes.LastIndex(userHost, []byte("] @ "))
	if at < 0 {
		return shortAccount(userHost)
	}
	users, where := userHost[:at], userHost[at+len("] @ "):]
	open := bytes.LastIndexByte(where, '[')
	if open < 0 || where[len(where)-1] != ']' {
		return nil, nil
	}
	host = bytes.TrimRight(where[:open], " ")
	if len(host) == 0 {
		host = where[open+1 : len(where)-1]
	}
	// Nearly always both users are the same, or the first is empty.
	if n := len(users); n%2 == 1 && users[n/2] == '[' && bytes.Equal(users[:n/2], users[n/2+1:]) {
		return users[n/2+1:], host
	}
	if open = bytes.IndexByte(users, '['); open < 0 {
		return nil, nil
	}
	return users[open+1:], host
}

// shortAccount reads "user@host", maybe in quotes, or a user.
func shortAccount(text []byte) (user, host []byte) {
	if len(text) == 0 || bytes.ContainsAny(text, "[] \t\n") {
		return nil, nil
	}
	at := bytes.LastIndexByte(text, '@')
	if at < 0 {
		return text, nil
	}
	return bytes.Trim(text[:at], "'`\""), bytes.Trim(text[at+1:], "'`\"")
}
