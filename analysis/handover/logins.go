package handover

import (
	"math"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/incident"
)

// logins is what became of the logins of an incident.
type logins struct {
	in            int // that were not refused
	alone         int // of these, with nothing behind them in the log
	before, after int // refused, before the first that was not and behind it
	hosts         []string
}

// loginsOf counts the logins of an incident.
func (b *builder) loginsOf(x *incident.Incident) (l logins) {
	for _, known := range x.Logins {
		if known.In > 0 && !slices.Contains(l.hosts, known.Host) {
			l.hosts = append(l.hosts, known.Host)
		}
	}
	slices.SortStableFunc(l.hosts, func(a, c string) int { return slices.Index(x.Actor.Hosts, a) - slices.Index(x.Actor.Hosts, c) })
	first := uint32(math.MaxUint32)
	for _, c := range x.Connections {
		switch known := b.s.Connections.Peek(int(c)); known.Outcome {
		case connection.Pending:
			l.alone++
			fallthrough
		case connection.Accepted:
			l.in++
			first = min(first, known.First)
		}
	}
	for _, c := range x.Connections {
		known := b.s.Connections.Peek(int(c))
		switch {
		case known.Outcome != connection.Denied && known.Outcome != connection.Failed:
		case known.First < first:
			l.before++
		default:
			l.after++
		}
	}
	return l
}

// refusedBefore returns in words how many logins were refused before somebody got
// in.
func (l *logins) refusedBefore() string {
	switch {
	case l.before == 0:
		return ""
	case l.after == 0:
		return " after " + counted(l.before, "refused login", "refused logins")
	}
	return " after " + counted(l.before, "refused login", "refused logins") + " (" + figure(l.after) + " more were refused later)"
}

// gotIn is whether logins of incidents got in, and how sure that is: an entry behind a login is
// sent by somebody whom the server let in.
func (b *builder) gotIn() (answer, sure string, because Spans) {
	var all logins
	for k := range b.s.Incidents {
		if x := &b.s.Incidents[k]; x.Actor.Kind != incident.Account {
			l := b.loginsOf(x)
			all.in += l.in
			all.alone += l.alone
		}
	}
	if all.in == 0 {
		return "no login of an incident got past the password", "as far as this log goes", line("-")
	}
	cites, _, _, letters := b.stages(incident.Access)
	because = b.cite(cites...)
	alone := counted(all.alone, "login was", "logins were") + " not refused, and sent nothing that the log has"
	if all.in == all.alone {
		return alone + " (" + letters + ")", "probable", because
	}
	answer = counted(all.in-all.alone, "login", "logins") + " of " + letters + " got past the password: the log goes on with what was sent"
	if all.alone == 0 {
		return answer, "certain", because
	}
	return answer + "; " + alone, "certain, but for " + figure(all.alone), because
}
