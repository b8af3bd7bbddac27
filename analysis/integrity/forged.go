package integrity

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// A general log escapes nothing, so anyone who can send a statement can write lines
// into it that look like entries:
//
//	SELECT '
//	2024-07-10T05:25:05.058758Z  9999 Connect  root@10.0.0.1 on  using TCP/IP'
//
// No reader can be certain; signs are counted. That the statement before ends
// inside a quote is what makes an entry a candidate. It is a sign of its own
// where the server logs only what it could parse; others write the broken
// statements of anybody who probes for injections.

const (
	// maxInside is how many entries are tried for the end of a quote.
	maxInside = 6
	// maxJoined is how many bytes of text are read together for that.
	maxJoined = 1 << 20
	// maxOpeners is how many open ends are looked at for forged entries.
	maxOpeners = 100_000
	// rareOpeners is how many open ends a log may have for each to be a sign:
	// some settings and character sets make our lexer see them everywhere.
	rareOpeners = 32
	// maxForged is how many findings about forged entries are listed.
	maxForged = 100
)

// Weights of signs. suspicious is what it takes to speak of a forged entry.
const (
	weak       = 1
	strong     = 2
	suspicious = 2
	convincing = 4
)

// signs collects what speaks for a forged entry.
type signs struct {
	score int
	texts []string
}

func (s *signs) add(weight int, text string) {
	for _, t := range s.texts {
		if t == text {
			return
		}
	}
	s.score += weight
	s.texts = append(s.texts, text)
}

// forgeries weighs each open end.
func (c *check) forgeries() error {
	var open, unlisted few
	parsed, listed := c.server().parsesFirst, 0
	inside := -1 // the last entry that may be text of a statement before it
	for k, o := range c.OpenEnds {
		i := int(o)
		if k >= maxOpeners || i >= c.Entries.Len() {
			break
		}
		if i <= inside || c.Connections.Doubtful(i) {
			continue
		}
		open.add(i)
		if i+1 == c.Entries.Len() {
			continue
		}
		if _, head := c.fileStart(i + 1); head {
			continue
		}
		last, s := c.weigh(i, parsed && len(c.OpenEnds) <= rareOpeners)
		if s.score < suspicious {
			continue
		}
		inside = last
		c.embedded = append(c.embedded, Embedded{Opener: i, Last: last})
		for e := i + 1; e <= last; e++ {
			if k := int(c.Entries.Connection(e)); int(c.Connections.Peek(k).First) == e {
				c.doubtful[k] = true
			}
		}
		if listed == maxForged {
			unlisted.add(i + 1)
			continue
		}
		listed++
		severity := rule.Medium
		if s.score >= convincing {
			severity = rule.High
		}
		entries := []int{i, i + 1}
		for e := i + 2; e <= last; e++ {
			entries = append(entries, e)
		}
		what := "the banner behind it"
		switch n := last - i; {
		case n == 1:
			what = "the entry behind it"
		case n > 1:
			what = fmt.Sprintf("the %d entries behind it", n)
		}
		c.add(Finding{Kind: Forged, Severity: severity, Count: last - i,
			Summary: fmt.Sprintf("a statement of connection %s ends inside a quote or comment, and %s may be its text: %s; both readings are kept",
				c.Connections.Name(int(c.Entries.Connection(i))), what, strings.Join(s.texts, ", "))}, entries...)
	}
	slices.SortFunc(c.embedded, func(a, b Embedded) int { return a.Opener - b.Opener })
	c.misfits(listed, &unlisted)
	if unlisted.count > 0 {
		c.add(Finding{Kind: Forged, Severity: rule.Medium, Count: unlisted.count,
			Summary: fmt.Sprintf("and %d more possible forged entries", unlisted.count)}, unlisted.list...)
	}
	if n := open.count; n > 0 {
		more := ""
		if len(c.OpenEnds) > maxOpeners {
			more = "at least "
		}
		why := "attempts at injection look like that, and so do backslashes and character sets that this program takes for others"
		if parsed {
			why = "this server logs only what it could parse, so each is strange, unless backslashes or a character set mislead this program"
		}
		c.add(Finding{Kind: OpenEnded, Severity: rule.Context, Count: n,
			Summary: fmt.Sprintf("%s%s inside a quote or comment: %s", more, wording.Counted(n, "statement ends", "statements end"), why)}, open.list...)
	}
	return nil
}

// misfits looks for connections that the log cannot have right. Those that an
// open end explains are found already; a forgery needs no quote where the server
// logs what it could not parse.
func (c *check) misfits(listed int, unlisted *few) {
	for k := range c.Connections.Len() {
		p := c.Connections.Peek(k)
		at, what := -1, ""
		switch p.Doubt {
		case connection.Reconnected:
			at, what = c.reconnects(k), "connects again or is refused although it had connected; what was known of it before holds"
		case connection.Unstarted:
			at, what = int(p.First), "seems to begin a server run, but connections or ids from before go on; it is no run"
		}
		if at < 0 || c.doubtful[k] || c.embeds(at) {
			continue
		}
		if p.Doubt == connection.Unstarted {
			c.doubtful[k] = true
		}
		if listed == maxForged {
			unlisted.add(at)
			continue
		}
		listed++
		c.add(Finding{Kind: Forged, Severity: rule.Medium, Count: 1,
			Summary: fmt.Sprintf("connection %s %s: the entry may be text of another one, or the log was joined or cut", c.Connections.Name(k), what)}, at)
	}
}

// reconnects returns the entry of connection k that speaks of a login when there
// can be none, -1 for none.
func (c *check) reconnects(k int) int {
	list := c.ByConnection.Entries(k)
	again := -1
	for n, i := range list {
		if n == 0 || c.command(int(i)) != "Connect" {
			continue
		}
		if c.command(int(list[n-1])) != "Connect" {
			return int(i)
		}
		if again < 0 {
			again = int(i)
		}
	}
	return again
}

// embeds reports whether entry i is inside of what was found already.
func (c *check) embeds(i int) bool {
	k := sort.Search(len(c.embedded), func(k int) bool { return c.embedded[k].Last >= i })
	return k < len(c.embedded) && c.embedded[k].Opener < i
}

// weigh collects the signs that the entries behind opener are its text, and
// returns the last entry that would be; opener itself where only a banner is.
func (c *check) weigh(opener int, rare bool) (last int, s signs) {
	last = opener + 1
	if rare {
		s.add(weak, "this server logs only what it could parse")
	}
	if _, ok := c.opens(last); ok {
		s.add(strong, "a banner stands before the quote or comment is closed")
		return opener, s
	}
	if end, ok := c.closes(opener); ok {
		last = end
		s.add(weak, "the quote or comment closes there")
	}
	for e := opener + 1; e <= last; e++ {
		if c.Entries.Connection(e) != c.Entries.Connection(opener) || c.command(e) == "Connect" {
			c.weighID(e, last, &s)
		}
		c.weighTime(opener, e, last+1, &s)
	}
	return last, s
}

// closes looks for the entry in which what is open at the end of opener is
// closed.
func (c *check) closes(opener int) (end int, ok bool) {
	text, ok := c.text(opener)
	joined := append([]byte(nil), text...)
	for e := opener + 1; ok && e <= opener+maxInside && e < c.Entries.Len(); e++ {
		if len(joined) > maxJoined {
			return 0, false
		}
		if text, ok = c.text(e); !ok {
			return 0, false
		}
		joined = append(append(joined, '\n'), text...)
		if sqltext.EndState(joined) == sqltext.Closed {
			return e, true
		}
	}
	return 0, false
}

// weighID looks at the id of entry e, whose text would reach to entry last.
func (c *check) weighID(e, last int, s *signs) {
	k := int(c.Entries.Connection(e))
	p := c.Connections.Peek(k)
	id := "id " + c.Connections.Name(k)
	list := c.ByConnection.Entries(k)
	if int(p.First) != e && c.doubtful[k] {
		s.add(strong, id+" is known from another possible forgery only")
	}
	if r := sort.Search(len(c.runs), func(r int) bool { return c.runs[r].entry >= e }); r < len(c.runs) && c.runs[r].entry == e && r > 0 && !c.runs[r].fromBanner {
		s.add(strong, "ids begin again with it, without a banner")
	}
	if p.Outcome == connection.Unseen && !c.older(k) {
		s.add(strong, id+" never connected")
	}
	if int(p.First) == e && c.jumps(k) {
		s.add(strong, id+" is far ahead of those given out before and behind it")
	}
	at := len(list) - 1 - c.laterOf(k, e)
	if c.command(e) == "Connect" && p.Outcome == connection.Accepted && c.connectsBehind(list[at+1:], last) {
		s.add(strong, id+" connects again behind it")
	}
	if at == 0 {
		return
	}
	before := c.command(int(list[at-1]))
	switch {
	case before == "Quit":
		s.add(strong, id+" had quit before")
	case c.command(e) == "Connect" && before != "Connect":
		s.add(strong, id+" was connected already")
	}
}

// connectsBehind reports whether a Connect is among the next entries of a
// connection, which are given, behind entry last.
func (c *check) connectsBehind(entries []uint32, last int) bool {
	for _, i := range entries[:min(len(entries), maxInside)] {
		if int(i) > last && c.command(int(i)) == "Connect" {
			return true
		}
	}
	return false
}

// weighTime looks at the time of entry e between those of the opener and of
// the first entry that is not inside.
func (c *check) weighTime(opener, e, behind int, s *signs) {
	t, before := c.Entries.Time(e), c.Entries.Time(opener)
	if t == store.NoTime {
		return
	}
	if before != store.NoTime && t < before-tolerance {
		s.add(strong, "its time lies before that of the statement")
	}
	if next, ok := c.Entries.TimedFrom(behind); ok && t > c.Entries.Time(next)+tolerance {
		s.add(strong, "its time lies behind that of the next entry")
	}
	f := c.fileOf(e)
	if f == nil {
		return
	}
	iso := f.Forms.UTC + f.Forms.Offset
	whole := t%second == 0
	switch {
	case iso > f.Forms.Short+f.Forms.Same && whole:
		s.add(strong, "its time is a whole second, unlike those of the file")
	case iso > 0 && iso < f.Forms.Short && !whole:
		s.add(strong, "its header has another form than those of the file")
	case !whole && t == before:
		s.add(weak, "its time equals that of the statement to the microsecond")
	}
}

// fileOf returns the file that entry i is in.
func (c *check) fileOf(i int) *loaded.File {
	at := c.Entries.Offset(i)
	for k := range c.Files {
		if f := &c.Files[k]; at >= f.Base && at < f.Base+f.Text {
			return f
		}
	}
	return nil
}
