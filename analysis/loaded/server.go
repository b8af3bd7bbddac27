package loaded

import (
	"sort"
	"unicode/utf8"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/store"
)

// Server is one of the servers whose logs were read, apart from the others: ids,
// server runs, accounts and time are its own. Its entries and connections follow those
// of the server before it.
type Server struct {
	Name       string
	Entry      int // its first one
	Connection int // its first one
	text       int // its first number of connection.View.Text
}

// NewServer returns a server that begins behind so many entries, connections and texts
// of those before it.
func NewServer(name string, entries, connections, texts int) Server {
	return Server{name, entries, connections, texts}
}

// SeveralServers reports whether there is more than one.
func (l *Log) SeveralServers() bool { return len(l.Servers) > 1 }

// ServerOf returns the index in Servers of the server that wrote entry i; 0 where there
// is one, or none that was named.
func (l *Log) ServerOf(i int) int {
	return l.server(func(s *Server) bool { return s.Entry > i })
}

// ServerOfConnection is ServerOf for connection c.
func (l *Log) ServerOfConnection(c int) int {
	return l.server(func(s *Server) bool { return s.Connection > c })
}

// ServerOfName is ServerOf for a user or host, by its number of connection.View.Text; 0
// for what has no name.
func (l *Log) ServerOfName(n uint32) int {
	return l.server(func(s *Server) bool { return s.text > int(n) })
}

func (l *Log) server(behind func(*Server) bool) int {
	if len(l.Servers) <= 1 {
		return 0
	}
	return max(0, sort.Search(len(l.Servers), func(k int) bool { return behind(&l.Servers[k]) })-1)
}

// ServerName names a server by its index, empty where none was named.
func (l *Log) ServerName(k int) string {
	if k >= len(l.Servers) {
		return ""
	}
	return l.Servers[k].Name
}

// EntriesOf returns the entries of a server by its index, from <= i < to; of a log
// without servers all.
func (l *Log) EntriesOf(k int) (from, to int) {
	from, to = 0, l.Len()
	if k < len(l.Servers) {
		from = l.Servers[k].Entry
	}
	if k+1 < len(l.Servers) {
		to = l.Servers[k+1].Entry
	}
	return from, to
}

// BeginsServer reports whether an entry is the first of its server.
func (l *Log) BeginsServer(i int) bool {
	from, _ := l.EntriesOf(l.ServerOf(i))
	return i == from
}

// ConnectionsOf returns how many connections a server has by its index, and the epochs
// of its first and last run; 0 where it has none.
func (l *Log) ConnectionsOf(k int) (n int, first, last uint32) {
	from, to := 0, l.Connections.Len()
	if k < len(l.Servers) {
		from = l.Servers[k].Connection
	}
	if k+1 < len(l.Servers) {
		to = l.Servers[k+1].Connection
	}
	for c := from; c < to; c++ {
		if epoch := l.Connections.Peek(c).Epoch; epoch < connection.NeverBegun {
			if first == 0 {
				first = epoch
			}
			first, last = min(first, epoch), max(last, epoch)
		}
	}
	return to - from, first, last
}

// LongestName is about how many bytes the longest name of a connection has. Ids grow, so
// that those of each server's last connections are about the longest.
func (l *Log) LongestName() (n int) {
	for k := range max(1, len(l.Servers)) {
		last := l.Connections.Len() - 1
		if k+1 < len(l.Servers) {
			last = l.Servers[k+1].Connection - 1
		}
		if last >= 0 {
			n = max(n, len(l.Connections.Name(last)))
		}
	}
	return n
}

// LongestServer is how many characters the longest name of a server has.
func (l *Log) LongestServer() (n int) {
	for _, s := range l.Servers {
		n = max(n, utf8.RuneCountInString(s.Name))
	}
	return n
}

// TimesOf returns the earliest and the latest time of the entries of a server by its
// index, false where none has one. Of several servers it passes over those entries.
func (l *Log) TimesOf(k int) (earliest, latest int64, ok bool) {
	if !l.SeveralServers() {
		return l.Entries.Times()
	}
	from, to := l.EntriesOf(k)
	for i := from; i < to; i++ {
		switch t := l.Entries.Time(i); {
		case t == store.NoTime:
		case !ok:
			earliest, latest, ok = t, t, true
		default:
			earliest, latest = min(earliest, t), max(latest, t)
		}
	}
	return earliest, latest, ok
}

// EachServer calls do for each server with its index and its entries, once where none
// was named, until do fails.
func (l *Log) EachServer(do func(k, from, to int) error) error {
	for k := range max(1, len(l.Servers)) {
		from, to := l.EntriesOf(k)
		if err := do(k, from, to); err != nil {
			return err
		}
	}
	return nil
}
