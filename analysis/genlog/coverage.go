package genlog

import (
	"bytes"
	"cmp"
	"slices"
)

// A Reason is why bytes of a log are part of no entry.
type Reason uint8

// The reasons, in the order in which reports list them.
const (
	BeforeFirst  Reason = iota // text with no entry before it to belong to: at the start of a file or behind a banner
	NulRun                     // NUL bytes, as a sparse file has after copytruncate
	NoEntry                    // notebook reading: begins like an entry and is none
	NeverFlushed               // notebook reading: the last entry, which the notebook loses
	RowQuotes                  // of a table dump: quotes that do not enclose a whole field
	RowColumns                 // of a table dump: more or fewer fields than columns
	RowTime                    // of a table dump: event_time is no time
	RowID                      // of a table dump: thread_id is no number
	RowCommand                 // of a table dump: command_type is empty
	NoPrefix                   // of a wrapped log: a line without the prefix of the others
	NoDocument                 // of a wrapped log: text outside of any document, or the break that ends one in its middle
	NoUTF16                    // of UTF-16: half a unit at the end of the file
	RowText                    // of a table dump: text between rows
	RowForm                    // of an audit log: a line that is no record, or could be two
	BadTime                    // a header whose time no calendar has
	BadID                      // a header whose id has more than 64 bits
	NoText                     // of a wrapped log: a value of a document that is no text where others hold the log, as journalctl leaves null for a long one
	Wrapped                    // a line that holds an entry behind something else, in a log that has nothing around its entries
	reasons
)

var reasonText = [reasons]string{
	"text before the first entry, or behind a banner",
	"run of NUL bytes",
	"begins with a time but is no entry",
	"last entry, never flushed by the notebook",
	"row of a table with broken quotes",
	"row of a table with a wrong number of columns",
	"row of a table without a readable event_time",
	"row of a table without a readable thread_id",
	"row of a table without a command_type",
	"line without the wrapper's prefix",
	"text outside of any document, or a document that breaks off",
	"half a character at the end of UTF-16",
	"text between the rows of a table",
	"line of an audit log that is no record, or could be two",
	"header with an impossible date or time",
	"header with an id of more than 64 bits",
	"no text where other documents hold the log: null, a number or a torn document",
	"entry with something around it in a log without",
}

// String returns the reason in words.
func (r Reason) String() string { return reasonText[r] }

// Around reports whether the bytes are no text of the log but of what is around it.
func (r Reason) Around() bool { return r == NoPrefix || r == NoDocument || r == NoUTF16 || r == NoText }

// MarshalText writes the reason in words.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Reject is a run of bytes that is neither an entry nor a banner.
type Reject struct {
	Offset int64  `json:"offset"` // in the decompressed log
	Bytes  int64  `json:"bytes"`
	Reason Reason `json:"reason"`
}

// maxRejects bounds the list of rejects that is kept; the counts go on.
const maxRejects = 10_000

// Coverage accounts for the bytes of a log after decompression. The zero
// value has seen nothing.
type Coverage struct {
	EntryBytes   int64
	BannerBytes  int64
	RejectBytes  int64
	MessageBytes int64 // of messages between entries
	// WrapperBytes are around the log: prefixes of lines, containers of values, and
	// lines of other streams, which hold ForeignBytes beside their prefixes.
	WrapperBytes int64
	ForeignBytes int64
	ForeignLines int
	HoleBytes    int64 // of the reject bytes, those in runs of NUL
	Banners      int
	Messages     MessageCounts
	Doubtful     int      // of the messages, those that the entry before may have written
	Rejects      int      // all of them
	First        []Reject // the first 10,000, in order of the log
	LongEntries  int      // entries of which only the head was parsed, their bytes counted as entry bytes
	Forms        Forms    // of the headers; not counted in the notebook's reading
	Opened       []Banner // the first 1,000 banners, in order of the log
}

// Forms counts headers by the way in which they state the time.
type Forms struct {
	UTC    int // ISO time ending in Z
	Offset int // ISO time ending in an offset from UTC
	Short  int // two-digit year, whole seconds, no zone
	Same   int // no time: the second of the entry before
}

// count counts the header at the start of raw.
func (f *Forms) count(form Form, raw []byte) {
	switch form {
	case FormISO:
		// isoTime has checked that the zone is here.
		if raw[26] == 'Z' {
			f.UTC++
		} else {
			f.Offset++
		}
	case FormShort:
		f.Short++
	case FormSame:
		f.Same++
	}
}

// Add adds the headers of a later part of the log.
func (f *Forms) Add(g Forms) {
	f.UTC += g.UTC
	f.Offset += g.Offset
	f.Short += g.Short
	f.Same += g.Same
}

// MessageCounts are numbers of messages by kind.
type MessageCounts [MessageKinds]int

// Total returns the number of all messages.
func (m *MessageCounts) Total() int {
	n := 0
	for _, k := range m {
		n += k
	}
	return n
}

// Banner is where the server opened the log.
type Banner struct {
	Offset  int64  // of its first byte in the decompressed log
	Version string // its first line, cut after 200 bytes; anybody may have written it
}

// Bounds of what is kept of banners: a log may hold nothing else.
const (
	maxBanners = 1000
	maxVersion = 200
)

// Banner counts a banner of n bytes whose first line is given.
func (c *Coverage) Banner(offset, n int64, line []byte) {
	c.Banners++
	c.BannerBytes += n
	if len(c.Opened) < maxBanners {
		line = bytes.TrimRight(line, "\r\n")
		c.Opened = append(c.Opened, Banner{offset, string(line[:min(len(line), maxVersion)])})
	}
}

// Bytes returns the bytes accounted for.
func (c *Coverage) Bytes() int64 {
	return c.EntryBytes + c.BannerBytes + c.RejectBytes + c.MessageBytes + c.WrapperBytes
}

// Reject adds a run of bytes that is not understood.
func (c *Coverage) Reject(offset, bytes int64, why Reason) {
	c.RejectBytes += bytes
	if why == NulRun {
		c.HoleBytes += bytes
	}
	c.Rejects++
	if len(c.First) < maxRejects {
		c.First = append(c.First, Reject{offset, bytes, why})
	}
}

// Merge adds rejects of the same part of the log, in order, to those of its text.
func (c *Coverage) Merge(list []Reject) {
	if len(list) == 0 {
		return
	}
	n := len(c.First)
	for _, r := range list {
		c.Reject(r.Offset, r.Bytes, r.Reason)
	}
	if n > 0 {
		slices.SortStableFunc(c.First, func(a, b Reject) int { return cmp.Compare(a.Offset, b.Offset) })
	}
}

// Add adds what a later part of the log accounts for.
func (c *Coverage) Add(d *Coverage) {
	c.EntryBytes += d.EntryBytes
	c.BannerBytes += d.BannerBytes
	c.RejectBytes += d.RejectBytes
	c.WrapperBytes += d.WrapperBytes
	c.ForeignBytes += d.ForeignBytes
	c.ForeignLines += d.ForeignLines
	c.HoleBytes += d.HoleBytes
	c.MessageBytes += d.MessageBytes
	c.Banners += d.Banners
	c.Doubtful += d.Doubtful
	for k, n := range d.Messages {
		c.Messages[k] += n
	}
	c.Rejects += d.Rejects
	c.LongEntries += d.LongEntries
	if room := maxRejects - len(c.First); room > 0 {
		c.First = append(c.First, d.First[:min(room, len(d.First))]...)
	}
	if room := maxBanners - len(c.Opened); room > 0 {
		c.Opened = append(c.Opened, d.Opened[:min(room, len(d.Opened))]...)
	}
	c.Forms.Add(d.Forms)
}

// Reset empties the account and keeps its memory.
func (c *Coverage) Reset() { *c = Coverage{First: c.First[:0], Opened: c.Opened[:0]} }

// Clone returns a copy that shares nothing that is written to later.
func (c *Coverage) Clone() Coverage {
	d := *c
	d.First = c.First[:len(c.First):len(c.First)]
	d.Opened = c.Opened[:len(c.Opened):len(c.Opened)]
	return d
}
