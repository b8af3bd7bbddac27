package loaded

import (
	"bytes"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/store"
)

// MaxMessageText is how many bytes of the text of a message are kept.
const MaxMessageText = 512

// Message is what the server, or a program beside it, wrote between the entries.
// It belongs to no connection.
type Message struct {
	Offset int64 // of its first byte in the decompressed log
	Bytes  int64
	Time   int64  // microseconds since 1970, store.NoTime where it has none
	Local  bool   // Time is local to the server, whose zone is not known
	ID     uint64 // of the connection or thread that it names, 0 for none
	Kind   genlog.MessageKind
	Level  string // as written; empty for none
	Text   string // the first MaxMessageText bytes
	Entry  int    // index of the next entry
	// Doubtful is set where a client may have written it into the entry before:
	// nothing is concluded from it.
	Doubtful bool
}

// NewMessage copies what the scanner has read.
func NewMessage(m *genlog.Message) Message {
	out := Message{Offset: m.Offset, Bytes: m.Bytes, Time: store.NoTime, ID: m.ID, Kind: m.Kind, Level: string(m.Level),
		Text: string(m.Text[:min(len(m.Text), MaxMessageText)]), Doubtful: m.Doubtful}
	if m.Timed {
		out.Time, out.Local = m.Time, m.Local
	}
	return out
}

// Moment returns its time as far as it is known.
func (m *Message) Moment() store.Moment {
	if m.Time == store.NoTime {
		return store.Unknown
	}
	return store.At(m.Time)
}

// Refusal returns the account whose login the message reports as refused. In
// every language of the server it ends in 'user'@'host' and something in brackets.
func (m *Message) Refusal() (user, host string, ok bool) {
	if m.Doubtful || m.Kind != genlog.ErrorLog {
		return "", "", false
	}
	text := []byte(m.Text)
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	at := bytes.LastIndex(line, []byte("' ("))
	if at < 0 || line[len(line)-1] != ')' || len(line) != len(bytes.TrimRight(text, "\r\n")) {
		return "", "", false
	}
	l := connection.ParseLogin(line[:at+1])
	return string(l.User), string(l.Host), l.Denied
}
