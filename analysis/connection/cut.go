package connection

import (
	"bytes"
	"cmp"
	"slices"
)

// A name may hold line breaks, and a login is logged before anybody is asked for
// a password. So the rest of a name can look like entries of whomever the client
// likes:
//
//	2024-07-10T05:00:00.000000Z	  40 Connect	root@6.6.6.6 on a
//	2024-07-10T05:00:00.000000Z	   9 Query	DROP TABLE t --  using TCP/IP
//	2024-07-10T05:00:00.000130Z	  40 Connect	Access denied for user 'root'@'6.6.6.6' (using password: YES)
//
// The server writes all of it at once, so what gives it away is close: an end of
// a login where there can be none, behind a login that has not ended.

// missing is what of a login is missing.
type missing uint8

const (
	nothing      missing = iota // but it may feign to be whole
	accountEnd                  // everything behind the first line of the user, or it is the reason of a failure
	quoteEnd                    // a refusal ends inside a name
	connectedVia                // the kind of connection, which the logins of this server end in
)

const (
	// maxDatabase bounds the bytes of the entries that the name of a database can look
	// like, 64 characters, with what the server writes behind it; maxName those of a
	// user's name and all that follows.
	maxDatabase = 220
	maxName     = 560
	// maxWait bounds the bytes until a client must be heard of again whose login
	// may have been cut.
	maxWait = 1 << 14
	// maxCuts is how many logins at a time are followed.
	maxCuts = 4
	// maxForged is how many stretches of forged entries are listed.
	maxForged = 1 << 14
	// perEntry is about what a header takes in the log.
	perEntry = 20
)

// cut is a login that a line break may have cut.
type cut struct {
	Range
	conn    uint32
	missing missing
	bytes   int  // in the entries behind it
	ended   bool // it may have ended at Last
	touched []touched
	epoch   uint32 // when it came
	pending bool
}

// touched is a connection as it was before an entry that may be part of a name.
type touched struct {
	at  uint32
	was Connection
}

// ending is whether the logins of the log end in the kind of connection.
type ending uint8

const (
	unknownEnding ending = iota
	withKind
	withoutKind
)

const (
	// manyOthers is how many logins in a row have to end otherwise than those before
	// them to be those of a server of another version.
	manyOthers = 3
	// fewKinds is how many logins are too few to show that there was such a version.
	fewKinds = 8
)

// otherEnding counts a login that ends otherwise than those before it.
func (t *Tracker) otherEnding(is ending) {
	if t.others++; t.others < manyOthers {
		return
	}
	t.endings, t.others = is, 0
	if is == withoutKind && len(t.kinds) < fewKinds {
		// What ended in a kind of connection may have done so by the name of its database.
		ambiguous := slices.Clone(t.ambiguous) // views hold the other
		for _, at := range t.kinds {
			t.doubt(at, TwoReadings)
			ambiguous = append(ambiguous, t.list.At(int(at)).First)
		}
		slices.Sort(ambiguous)
		t.ambiguous = ambiguous
	}
	t.kinds = t.kinds[:0]
}

// mayBeCut looks whether entry i, a Connect, may go on in the entries behind it.
func (t *Tracker) mayBeCut(i int, at uint32, l *Login, text []byte) {
	if t.unbannered {
		return // in a dump of the log's table text cannot leave its row
	}
	what := nothing
	t.blanks = t.blanks || bytes.HasSuffix(text, []byte(" on ")) || bytes.Contains(text, []byte(" on  using "))
	bare := len(l.Database) == 0 && bytes.HasSuffix(text, []byte(" on"))
	c := t.list.At(int(at))
	switch {
	case l.attempt() && endsInName(text) && (bare || c.Entries > 1 && c.Outcome == Pending):
		what = quoteEnd // a refusal with an account in its name
	case l.attempt() && bare && t.blanks && t.endings != withKind:
		what = accountEnd // where no database is given a blank follows
	case l.Using != nil:
		if t.endings == withoutKind {
			t.otherEnding(withKind)
			l.Ambiguous = true // the kind of connection may be of the database's name
			break
		}
		if t.endings, t.others = withKind, 0; len(t.kinds) < fewKinds {
			t.kinds = append(t.kinds, at)
		}
	case l.attempt():
		if t.endings != withKind {
			t.endings, t.others = withoutKind, 0
			break
		}
		what = connectedVia
	case endsInName(text):
		what = quoteEnd
	case l.Denied:
		return
	default:
		what = accountEnd
	}
	if len(t.cuts) == maxCuts {
		t.drop(0)
	}
	n := len(t.cuts)
	if n < cap(t.cuts) {
		t.cuts = t.cuts[:n+1]
	} else {
		t.cuts = append(t.cuts, cut{})
	}
	k := &t.cuts[n]
	*k = cut{Range: Range{uint32(i), uint32(i)}, conn: at, missing: what, touched: k.touched[:0], epoch: t.current().epoch, pending: t.pending}
}

// endsInName reports whether a refusal ends inside a name in quotes.
func endsInName(text []byte) bool {
	at := bytes.LastIndexByte(text, '\'')
	return at >= 0 && (at == 0 || text[at-1] == ' ') && at+1 < len(text)
}

// drop gives cut k up.
func (t *Tracker) drop(k int) {
	if t.cuts[k].missing == connectedVia && !t.cuts[k].ended {
		t.otherEnding(withoutKind)
	}
	kept := t.cuts[k].touched
	copy(t.cuts[k:], t.cuts[k+1:])
	t.cuts[len(t.cuts)-1].touched = kept
	t.cuts = t.cuts[:len(t.cuts)-1]
}

// follow looks whether entry i, of connection at, is the end of a cut login, and
// reports whether it is part of one.
func (t *Tracker) follow(i int, at uint32, command string, text []byte) (inside bool) {
	// Of several logins the last one is cut: names are short.
	for k := len(t.cuts) - 1; k >= 0; k-- {
		w := &t.cuts[k]
		w.bytes += len(text) + perEntry
		if w.ended {
			switch {
			case at == w.conn:
				// Who is refused for good is not heard of again, but for an attempt that
				// is logged behind its failure.
				if l := parseAttempt(text); command != "Connect" || l.User == nil {
					t.forge(*w)
				}
				t.drop(k)
			case w.bytes > maxWait:
				t.drop(k)
			}
			continue
		}
		switch ends, sure := w.endsIn(command, text); {
		case w.bytes > w.limit():
			t.drop(k)
		case sure:
			w.Last, w.ended = uint32(i), true
			t.undo(w)
			t.forge(*w)
			t.mendOpener(w, text)
			for len(t.cuts) > k {
				t.drop(len(t.cuts) - 1)
			}
			return true
		case ends && at != w.conn:
			w.Last, w.ended = uint32(i), true
		default:
			if c := t.list.At(int(at)); c.First <= w.Opener {
				w.touched = append(w.touched, touched{at, *c})
			}
		}
	}
	return false
}

// limit is how many bytes behind the opener may be of the name.
func (w *cut) limit() int {
	if w.missing == connectedVia || w.missing == nothing {
		return maxDatabase
	}
	return maxName
}

// endsIn reports whether an entry may be, or must be, the one in which the login
// ends.
func (w *cut) endsIn(command string, text []byte) (ends, sure bool) {
	login := command == "Connect" || command == "Change user" || command == "Change"
	switch w.missing {
	case connectedVia:
		_, kind := cutKind(text)
		return kind != nil, kind != nil
	case nothing:
		_, kind := cutKind(text)
		switch {
		case login:
			sure = kind != nil && parseAttempt(text).User == nil // what has the end of a login but is none
		default:
			sure = (kind != nil || parseAttempt(text).User != nil) && bytes.IndexByte(text, '\n') < 0
		}
		return sure, sure
	case quoteEnd:
		sure = endsRefusal(text) || bytes.HasSuffix(text, []byte("'")) && bytes.Count(text, []byte("'"))%2 == 1
		return sure, sure
	}
	if l := parseAttempt(text); l.User != nil {
		return true, !login || l.Ambiguous
	}
	sure = endsRefusal(text)
	return sure, sure
}

// Telling reports whether the text of a statement may be the end of a cut login, or
// hold that of a comment: whether what it is matters where ReadsAll. Digits do not
// decide that.
func Telling(text []byte) bool {
	_, kind := cutKind(text)
	return kind != nil || bytes.ContainsAny(text, "@'") || bytes.Contains(text, []byte("*/"))
}

// endsRefusal reports whether text ends a refusal that has begun before it.
func endsRefusal(text []byte) bool {
	return bytes.Contains(text, []byte("'@'")) && parseRefusal(text).User == nil
}

// undo takes back what the entries of a forged stretch have changed.
func (t *Tracker) undo(w *cut) {
	if t.pending && !w.pending {
		t.dismiss()
	}
	for k := range t.runs {
		if t.runs[k].epoch == w.epoch && k+1 < len(t.runs) {
			t.returnTo(k)
			break
		}
	}
	for k := len(w.touched) - 1; k >= 0; k-- {
		c := t.list.At(int(w.touched[k].at))
		was := w.touched[k].was
		was.Last, was.Entries, was.Epoch = c.Last, c.Entries, c.Epoch
		*c = was
	}
	for at := t.list.Len() - 1; at >= 0; at-- {
		c := t.list.At(at)
		if c.First <= w.Opener {
			break
		}
		c.Doubt = Unsure
	}
	t.hasRecent = false
}

// forge lists a forged stretch.
func (t *Tracker) forge(w cut) {
	if len(t.forged) < maxForged {
		t.forged = append(t.forged, w.Range)
	}
}

// mendOpener makes of what looked like the reason of a failure the attempt or the
// refusal that it was, whose last line is text.
func (t *Tracker) mendOpener(w *cut, text []byte) {
	c := t.list.At(int(w.conn))
	if w.missing != accountEnd && w.missing != quoteEnd || c.Outcome != Failed {
		return
	}
	l := parseAttempt(text)
	if w.missing == quoteEnd || c.identified() || l.User == nil {
		c.Outcome = Denied
		reason := []byte(t.Text(c.Reason))
		if open, end := openingQuote(reason), bytes.LastIndex(text, []byte("'@'")); !c.identified() && open >= 0 && end >= 0 {
			c.User, c.Host = t.name(reason[open+1:]), t.name(hostIn(bytes.TrimPrefix(text[end+3:], []byte("@"))))
		}
		return
	}
	c.Outcome, c.User, c.Reason = Pending, c.Reason, 0
	for ; l.User != nil; l = parseAttempt(l.Database) {
		c.Host = t.name(l.Host)
		if len(l.Database) > 0 {
			c.Database, c.DatabaseFrom = t.name(l.Database), c.First
		}
	}
}

// forgedRanges returns the forged stretches in order, those inside others left
// out.
func (t *Tracker) forgedRanges() []Range {
	list := append([]Range(nil), t.forged...)
	slices.SortFunc(list, func(a, b Range) int { return cmp.Compare(a.Opener, b.Opener) })
	out := list[:0]
	for _, r := range list {
		if n := len(out); n > 0 && r.Opener < out[n-1].Last {
			out[n-1].Last = max(out[n-1].Last, r.Last)
			continue
		}
		out = append(out, r)
	}
	return out
}
