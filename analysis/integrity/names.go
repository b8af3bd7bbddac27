package integrity

import (
	"fmt"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// cutNames lists the entries that somebody has written by a line break in the name
// that he logged in with. Those whose end is out of place are known from the
// connections; others have a time that was guessed.
func (c *check) cutNames() error {
	var all, lone few
	logins, entries := 0, 0
	noted := map[int]bool{} // openers
	note := func(opener, last int) {
		noted[opener] = true
		logins++
		entries += last - opener
		c.embedded = append(c.embedded, Embedded{Opener: opener, Last: last, InName: true})
		for e := opener; e <= last; e++ {
			all.add(e)
			if k := int(c.Entries.Connection(e)); e > opener && int(c.Connections.Peek(k).First) == e {
				c.doubtful[k] = true
			}
		}
	}
	known := c.Connections.Forged
	for k := range c.Connections.Len() {
		p := c.Connections.Peek(k)
		if p.Outcome == connection.Unseen {
			continue
		}
		for len(known) > 0 && known[0].Opener < p.First {
			note(int(known[0].Opener), int(known[0].Last))
			known = known[1:]
		}
		switch p.Doubt {
		case connection.Reconnected:
			c.misfitBehind(k, c.reconnects(k), note)
		case connection.Unstarted:
			c.misfitBehind(k, int(p.First), note)
		}
		switch at := int(p.First); {
		case c.guessed(at) && (len(known) == 0 || int(known[0].Opener) != at):
			note(at, at+1)
		case c.lone(k, p) && !noted[at-1]:
			lone.add(at)
			c.embedded = append(c.embedded, Embedded{Opener: at - 1, Last: at, InName: true})
		}
	}
	for _, r := range known {
		note(int(r.Opener), int(r.Last))
	}
	if n := lone.count; n > 0 {
		c.add(Finding{Kind: Forged, Severity: rule.Low, Count: n,
			Summary: fmt.Sprintf("%s right behind another login, and nothing came of it: it may be the rest of a name that the other one holds; a login with a database that is gone looks the same",
				wording.Counted(n, "login stands", "logins stand"))}, lone.list...)
	}
	if logins == 0 {
		return nil
	}
	c.add(Finding{Kind: Forged, Severity: rule.High, Count: entries,
		Summary: fmt.Sprintf("%s a line break in a name, and %s behind may be the rest of the name: the end of a login stands there, or a time that does not fit; both readings are kept. A login is logged before a password is asked for",
			wording.Counted(logins, "login may have", "logins may have"), wording.Counted(entries, "entry", "entries"))}, all.list...)
	return nil
}

// lone reports whether all that is known of connection k is a login right behind the
// first one of another, whose database may hold it, and what may be the rest of
// other names. Where logins have no end, none shows anything, and the limits state it;
// text of a table cannot leave its row.
func (c *check) lone(k int, p *connection.Connection) bool {
	at := int(p.First)
	if c.Connections.OpenLogins || c.Layout(at) != nil || at == 0 || at+soonAfter >= c.Entries.Len() || p.Entries > maxInside || p.Outcome != connection.Pending && p.Outcome != connection.Accepted {
		return false
	}
	for _, e := range c.ByConnection.Entries(k)[1:] {
		if !c.Connections.Doubtful(int(e)) {
			return false
		}
	}
	return c.loginAt(at - 1)
}

// soonAfter is how many entries behind a login have to be there for it to be odd that
// none is of its connection.
const soonAfter = 16

// misfitBehind notes entry at, a login that does not fit connection k or the server
// run, where it is right behind that of another one.
func (c *check) misfitBehind(k, at int, note func(opener, last int)) {
	if at > 0 && c.command(at-1) == "Connect" && int(c.Entries.Connection(at-1)) != k && !c.Connections.Doubtful(at) {
		note(at-1, at)
	}
}

// guessed reports whether the entry behind a login has a time that neither the
// login's nor that of the next entry allows.
func (c *check) guessed(login int) bool {
	e := login + 1
	if e >= c.Entries.Len() || c.command(login) != "Connect" {
		return false
	}
	if _, opened := c.opens(e); opened {
		return false
	}
	if _, head := c.fileStart(e); head {
		return false
	}
	t, before := c.Entries.Time(e), c.Entries.Time(login)
	if t == store.NoTime || before == store.NoTime {
		return false
	}
	after, ok := c.otherTime(e+1, t)
	// Where time steps for good, the entry behind is on its side.
	return ok && (t < before-tolerance && after >= before-tolerance || t > after+tolerance && t > before+tolerance)
}

// otherTime returns the time of the first of the entries from i on that has another
// one than t: those of the short form repeat the time of the entry before them,
// its author.
func (c *check) otherTime(i int, t int64) (other int64, ok bool) {
	for n := i; n < min(i+maxAlike, c.Entries.Len()); n++ {
		if other = c.Entries.Time(n); other != t && other != store.NoTime {
			return other, true
		}
	}
	return 0, false
}

// maxAlike is how many entries of one time are looked at for the next one.
const maxAlike = 64

// ambiguous lists logins whose user or database holds the signs of a login.
func (c *check) ambiguous() error {
	var all few
	undecided := 0
	for _, i := range c.Connections.Ambiguous {
		all.add(int(i))
		if c.Connections.Peek(int(c.Entries.Connection(int(i)))).Doubt == connection.TwoReadings {
			undecided++
		}
	}
	if all.count == 0 {
		return nil
	}
	f := Finding{Kind: Ambiguous, Severity: rule.Low, Count: all.count,
		Summary: fmt.Sprintf("%s be read as of two accounts, since a user or database holds \"@\" and \" on \" or the quotes of a refusal: somebody chose it so; the account of the refusal is taken where there is one", wording.Counted(all.count, "line of a login can", "lines of logins can"))}
	if undecided > 0 {
		f.Severity = rule.Medium
		f.Summary += fmt.Sprintf(", for %d of them there is none, and the shorter user is", undecided)
	}
	c.add(f, all.list...)
	return nil
}

// displaced lists connections that may be of another server run.
func (c *check) displaced() error {
	logins := c.doubted(connection.Displaced, func(p *connection.Connection) uint32 { return p.First })
	c.addSome(Displaced, logins, fmt.Sprintf("%s under ids below those given out before: late, or of another run of the server, whose start the log does not show for certain there; all later runs count from it",
		wording.Counted(logins.count, "connection logged in", "connections logged in")))
	return nil
}

// survivors lists connections that seem to go on behind a restart.
func (c *check) survivors() error {
	ends := c.doubted(connection.Survived, func(p *connection.Connection) uint32 { return p.Last })
	c.addSome(Survivors, ends, fmt.Sprintf("%s to go on behind the banner of a restart, which ends all connections: a thread of the server's own has been given the id again, or the banner is none",
		wording.Counted(ends.count, "connection seems", "connections seem")))
	return nil
}

// doubted lists one entry of each connection of which there is such a doubt.
func (c *check) doubted(d connection.Doubt, entry func(*connection.Connection) uint32) (all few) {
	for k := range c.Connections.Len() {
		if p := c.Connections.Peek(k); p.Doubt == d {
			all.add(int(entry(p)))
		}
	}
	return all
}

// addSome adds a low finding of entries, unless there are none.
func (c *check) addSome(k Kind, all few, summary string) {
	if all.count > 0 {
		c.add(Finding{Kind: k, Severity: rule.Low, Count: all.count, Summary: summary}, all.list...)
	}
}
