package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"sqleuth/analysis/filekind"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wrapper"
)

// ErrNotALog is wrapped by the error of Load for input without a single entry.
var ErrNotALog = errors.New("not a MySQL general log")

// errNewestFirst refuses a file whose platform listed it newest first: an entry then
// comes before the login that it belongs to, and the lines of a statement backwards. To
// turn it round takes all of it in memory, or offsets that do not ascend.
var errNewestFirst = errors.New("its records are listed newest first; list them again oldest first " +
	"(gcloud logging read --order=asc; Logs Insights: sort @timestamp asc; Kibana: sort by @timestamp, ascending; a file with a record on each line: tac)")

// maxNamed bounds the files that the error names.
const maxNamed = 3

// notALog returns the error for files in which no entry was found: what they are,
// and what would make them readable.
func (r *recorder) notALog(set *logfile.Set) error {
	var names []string
	var kinds []filekind.Finding
	for _, f := range set.Files() {
		if f.Base >= 0 && f.Size > 0 {
			names, kinds = append(names, f.Name), append(kinds, kindOf(r.cfg.Reading, set, f))
		}
	}
	if len(names) == 1 {
		return fmt.Errorf("%q: %w: no entry in the first %d bytes; this is %v", names[0], ErrNotALog, r.end, kinds[0])
	}
	var each strings.Builder
	for i, name := range names[:min(len(names), maxNamed)] {
		fmt.Fprintf(&each, "; %q is %v", name, kinds[i])
	}
	if more := len(names) - maxNamed; more > 0 {
		fmt.Fprintf(&each, "; and so on for %d more", more)
	}
	return fmt.Errorf("%w: no entry in the first %d bytes of %d files%s", ErrNotALog, r.end, len(names), &each)
}

// kindOf names a file by the head of its text.
func kindOf(r reading.Reading, set *logfile.Set, f logfile.File) filekind.Finding {
	head := make([]byte, min(f.Size, headSize))
	n, _ := set.ReadAt(head, f.Base) // what cannot be read again names nothing
	head = head[:n]
	if around := around(head); r == reading.Notebook && around != "" {
		return filekind.Wrapped(around)
	}
	encoding, _ := wrapper.Encoding(head, true)
	if what, line, ok := tablelog.Nearly(encoding.Decode(head, true)); ok {
		return filekind.Table(what, line)
	}
	return filekind.Of(head)
}

// headSize is how much of a file decides on what it is.
const headSize = max(filekind.HeadSize, tablelog.HeadSize, wrapper.HeadSize)

// around names what is around the log in a file that begins with head.
func around(head []byte) string {
	stack, _ := wrapper.Recognise(head, true)
	return stack.Name()
}

// Wrapped reports whether the first file of a set has something around the log,
// which the notebook's reading does not take off.
func Wrapped(set *logfile.Set) bool {
	head := make([]byte, headSize)
	n, _ := set.ReadAt(head, 0)
	return around(head[:n]) != ""
}

// nameEmpty sets for each file without entries what it is, in a log that has some.
func nameEmpty(l *loaded.Log, set *logfile.Set) {
	if l.Len() == 0 {
		return
	}
	at := func(offset int64) int { // the first entry from there on
		return sort.Search(l.Len(), func(i int) bool { return l.Entries.Offset(i) >= offset })
	}
	for k, f := range set.Files() {
		if f.Base < 0 || f.Size == 0 || at(f.Base) < at(f.Base+f.Size) {
			continue
		}
		opened := slices.ContainsFunc(l.Coverage.Opened, func(b genlog.Banner) bool { return b.Offset >= f.Base && b.Offset < f.Base+f.Size })
		kind := kindOf(l.Reading, set, f)
		l.Files[k].Empty = kind.String()
		if opened && !kind.Known {
			l.Files[k].Empty = "a log that the server opened and wrote nothing to"
		}
	}
}

// empty returns nil where a log without entries is one all the same: the server
// opened it, or a dump has the names of its columns, and nothing was logged. A slow
// query log has the same banner, so what it holds beside banners must be of no
// known kind.
func (r *recorder) empty(set *logfile.Set) error {
	c := &r.coverage
	if c.BannerBytes == 0 {
		return r.notALog(set)
	}
	if c.RejectBytes == c.HoleBytes && c.MessageBytes == 0 {
		return nil
	}
	if c.Banners == 0 {
		return r.notALog(set)
	}
	for _, f := range set.Files() {
		if f.Base >= 0 && f.Size > 0 && kindOf(r.cfg.Reading, set, f).Known {
			return r.notALog(set)
		}
	}
	return nil
}
