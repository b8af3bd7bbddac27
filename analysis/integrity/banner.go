package integrity

import (
	"fmt"
	"sort"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// opening is a banner and the entry behind it.
type opening struct {
	banner int  // index in Coverage.Opened
	entry  int  // the first one behind it, Len for none
	starts bool // a server run begins behind it
	forged bool // it may be the rest of a name
}

// serverRun is what ids show of one run of the server.
type serverRun struct {
	entry      int // first entry of its first connection
	from, to   int // connections [from, to)
	fromBanner bool
}

// mapBanners finds the entry behind each banner.
func (c *check) mapBanners() {
	for k, b := range c.Coverage.Opened {
		c.opened = append(c.opened, opening{banner: k, entry: c.entryBehind(b.Offset)})
	}
}

// opens returns the opening right before entry i.
func (c *check) opens(i int) (o *opening, ok bool) {
	k := sort.Search(len(c.opened), func(k int) bool { return c.opened[k].entry >= i })
	if k < len(c.opened) && c.opened[k].entry == i {
		return &c.opened[k], true
	}
	return nil, false
}

// mapRuns distinguishes restarts from reopened logs: a run begins behind the last
// banner before it.
func (c *check) mapRuns() {
	for k := range c.runs {
		r := &c.runs[k]
		o := sort.Search(len(c.opened), func(o int) bool { return c.opened[o].entry > r.entry }) - 1
		if from, _ := c.EntriesOf(c.ServerOf(r.entry)); o < 0 || c.opened[o].entry < from || k > 0 && (c.opened[o].entry <= c.runs[k-1].entry || c.connectedFrom(c.runs[k-1], c.opened[o].entry)) {
			continue
		}
		r.fromBanner = true
		// Banners of starts that nobody connected to are right before it.
		for at := c.opened[o].entry; o >= 0 && c.opened[o].entry == at; o-- {
			c.opened[o].starts = true
		}
	}
}

// connectedFrom reports whether anybody logged in to a run from an entry on.
func (c *check) connectedFrom(r serverRun, entry int) bool {
	for k := r.to - 1; k >= r.from; k-- {
		p := c.Connections.Peek(k)
		if int(p.First) < entry {
			return false
		}
		if p.Doubt == connection.NoDoubt && p.Outcome != connection.Unseen && !c.Connections.Doubtful(int(p.First)) {
			return true
		}
	}
	return false
}

// shutdowns returns the entries that asked the server to stop.
func (c *check) shutdowns() (list []int) {
	stops := make([]bool, len(c.Rows))
	asked := false
	for k, row := range c.Rows {
		command := c.Commands[row.Command]
		stops[k] = command == "Shutdown" || command == "Query" && strings.EqualFold(c.Templates[c.TemplateOf[row.Cluster]].Text, "shutdown")
		asked = asked || stops[k]
	}
	if !asked {
		return nil
	}
	for s := range c.Entries.Spans() {
		span := c.Entries.Span(s)
		for j, row := range span.Row {
			if stops[row] {
				list = append(list, span.First+j)
			}
		}
	}
	return list
}

// openings looks at banners, at runs without one and at shutdowns.
func (c *check) openings() error {
	c.bannersInNames()
	stops := c.shutdowns()
	var restarts, reopens, unannounced, tabled []int
	crashes := 0
	for _, o := range c.opened {
		switch _, atFile := c.atFileStart(&o); {
		case o.entry == c.Entries.Len() || o.forged:
		case c.BeginsServer(o.entry): // where its log does
		case o.starts:
			restarts = append(restarts, o.entry)
			if !stoppedBefore(stops, o.entry, c.previousOpening(&o)) {
				crashes++
			}
		case !o.starts && !atFile:
			reopens = append(reopens, o.entry)
		}
	}
	for k := 1; k < len(c.runs); k++ {
		switch r := &c.runs[k]; {
		case r.fromBanner, c.BeginsServer(r.entry):
		case c.Layout(r.entry) != nil:
			tabled = append(tabled, r.entry)
		default:
			unannounced = append(unannounced, r.entry)
		}
	}
	if n := len(restarts); n > 0 {
		f := Finding{Kind: Restarted, Severity: rule.Context, Count: n,
			Summary: fmt.Sprintf("the server was started again %s: a banner, and ids begin again", times(n))}
		if crashes > 0 {
			f.Summary += fmt.Sprintf("; %s no Shutdown before it, as after a crash or where the service was stopped from outside", ofThem(crashes, n))
		}
		c.add(f, restarts...)
	}
	if n := len(reopens); n > 0 {
		pause, ids := c.widestPause(reopens)
		gap := "a time that is not known"
		if pause >= 0 {
			gap = wording.Duration(pause)
		}
		f := Finding{Kind: Reopened, Severity: rule.Low, Count: n,
			Summary: fmt.Sprintf("the log was opened again %s while the server ran: it had been flushed, or logging had been switched off and on; nothing was written for %s at most", times(n), gap)}
		if ids > 0 {
			f.Severity = rule.Medium
			f.Summary += fmt.Sprintf(", and %s used meanwhile", wording.Counted(int(min(ids, 1<<40)), "id was", "ids were"))
		}
		c.add(f, reopens...)
	}
	if n := len(unannounced); n > 0 {
		c.add(Finding{Kind: RunWithout, Severity: rule.Medium, Count: n,
			Summary: fmt.Sprintf("ids begin again %s without a banner: the log does not say that the server was started, logs were joined, or logins are forged", times(n))}, unannounced...)
	}
	if n := len(tabled); n > 0 {
		c.add(Finding{Kind: RunWithout, Severity: rule.Context, Count: n,
			Summary: fmt.Sprintf("ids begin again %s: the server was started again, or rows of several servers were joined; a table has no banner that would tell", times(n))}, tabled...)
	}
	c.ignoredStops(stops)
	return nil
}

// bannersInNames lists banners right behind a login whose last name may hold them.
// A name has no room for the banner of the server itself.
func (c *check) bannersInNames() {
	lines := map[string]int{}
	for _, b := range c.Coverage.Opened {
		lines[b.Version]++
	}
	for k := range c.opened {
		o := &c.opened[k]
		login := o.entry - 1
		if _, atFile := c.atFileStart(o); login < 0 || atFile || !c.loginAt(login) {
			continue
		}
		var s signs
		line := c.Coverage.Opened[o.banner].Version
		if !o.starts && lines[line] == 1 && len(c.opened) > 1 {
			s.add(strong, "no other banner of the log has its first line")
		}
		if v := parseVersion(line); v.major == 0 {
			s.add(strong, "it names no version")
		}
		if text, ok := c.text(login); ok && !c.Connections.OpenLogins && connection.ParseLogin(text).Using == nil {
			s.add(strong, "the login has no end, as others have")
		}
		if s.score < suspicious {
			continue
		}
		o.forged = true
		severity := rule.Medium
		if s.score >= convincing {
			severity = rule.High
		}
		c.embedded = append(c.embedded, Embedded{Opener: login, Last: login, InName: true})
		c.add(Finding{Kind: Forged, Severity: severity, Count: 1,
			Summary: fmt.Sprintf("a banner stands right behind the login of connection %s, and may be the rest of the name that it asked for: %s; both readings are kept",
				c.Connections.Name(int(c.Entries.Connection(login))), strings.Join(s.texts, ", "))}, login)
	}
}

// loginAt reports whether entry i is the login that a connection begins with.
func (c *check) loginAt(i int) bool {
	p := c.Connections.Peek(int(c.Entries.Connection(i)))
	return int(p.First) == i && p.Outcome != connection.Unseen && p.User != 0
}

// atFileStart reports whether a banner is at the head of a file, where every
// rotated log has one.
func (c *check) atFileStart(o *opening) (*loaded.File, bool) {
	at := c.Coverage.Opened[o.banner].Offset
	for k := range c.Files {
		if f := &c.Files[k]; at >= f.Base && at < f.Base+f.Text {
			return f, o.entry == 0 || c.Entries.Offset(o.entry-1) < f.Base
		}
	}
	return nil, false
}

// previousOpening returns the entry behind the banner before o, 0 for none.
func (c *check) previousOpening(o *opening) int {
	if o.banner == 0 {
		return 0
	}
	return c.opened[o.banner-1].entry
}

// stoppedBefore reports whether an entry in [from, at) asked the server to stop.
func stoppedBefore(stops []int, at, from int) bool {
	k := sort.SearchInts(stops, from)
	return k < len(stops) && stops[k] < at
}

// goneOn is how many entries other connections may still write while a server
// shuts down.
const goneOn = 100

// ignoredStops looks for entries that go on behind a Shutdown, in the same run.
func (c *check) ignoredStops(stops []int) {
	var list []int
	for k, at := range stops {
		_, end := c.EntriesOf(c.ServerOf(at))
		if o := sort.Search(len(c.opened), func(o int) bool { return c.opened[o].entry > at }); o < len(c.opened) {
			end = c.opened[o].entry
		}
		if r := sort.Search(len(c.runs), func(r int) bool { return c.runs[r].entry > at }); r < len(c.runs) {
			end = min(end, c.runs[r].entry)
		}
		if k+1 < len(stops) {
			end = min(end, stops[k+1])
		}
		if end-at-1 > goneOn {
			list = append(list, at)
		}
	}
	if n := len(list); n > 0 {
		c.add(Finding{Kind: StoppedNot, Severity: rule.Low, Count: n,
			Summary: fmt.Sprintf("the log goes on behind %s without a banner: the server refused to stop, or a stretch of the log is missing", wording.Counted(n, "Shutdown", "Shutdowns"))}, list...)
	}
}

// widestPause returns the longest pause before one of the entries, -1 where
// entries have no time, and how many ids were used up in all the pauses.
func (c *check) widestPause(entries []int) (pause int64, ids uint64) {
	pause = -1
	for _, i := range entries {
		if c.BeginsServer(i) {
			continue
		}
		if gap, ok := c.Moment(i).Since(c.Moment(i - 1)); ok {
			pause = max(pause, gap, 0)
		}
		used, _ := c.idsUsedBefore(i)
		ids += used
	}
	return pause, ids
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// ofThem begins a clause about k of n, behind one about the n.
func ofThem(k, n int) string {
	if n == 1 {
		return "there is"
	}
	return fmt.Sprintf("for %d of them there is", k)
}
