package suspicion

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/store"
	"sqleuth/analysis/trait"
	"sqleuth/analysis/wording"
)

// words describes a kind of evidence about a connection, or about one of its
// entries; s is the statement of kinds that are about one.
func (e *explainer) words(kind Kind, m *trait.Measures, entry int, s *trait.Statement) string {
	conns := e.in.Log.Connections
	k := conns.Peek(m.Connection)
	user, host := wording.Name(conns.Text(k.User)), wording.Name(conns.Text(k.Host))
	switch kind {
	case RefusedStranger:
		return fmt.Sprintf("refused login of %s, who had not got in from %s before", user, host)
	case UsersTried:
		return fmt.Sprintf("%d users were tried from %s that had not got in from there before", m.HostUsers, host)
	case HostsTried:
		return fmt.Sprintf("%s was tried from %d hosts that it had not got in from before", user, m.UserHosts)
	case ManyTries:
		return fmt.Sprintf("%d such refused logins from %s", m.HostStrangers, host)
	case NoSuchUser:
		return user + " gets in from nowhere in this log"
	case NewAccount:
		return fmt.Sprintf("%s@%s first came %s after the log began, and does something in %d of its %.0f half hours", user, host, wording.Duration(e.Traits.Learned().Into(m.PairFirst, int(k.First))), m.HalfHours, e.Traits.Learned().HalfHours(int(k.First)))
	case NewNetwork:
		return fmt.Sprintf("nobody came from the network of %s during the first %s of the log", host, wording.Duration(e.Traits.Learned().Into(m.NetworkFirst, int(k.First))))
	case Away:
		away := e.in.History.AwayOf(m.Account)
		if away.Usual > 0 {
			return fmt.Sprintf("%s had got in %s before it came from %s, where it never sends %d of the %s that it sends elsewhere all the time",
				user, wording.Counted(away.Logins, "time", "times"), host, away.Missing, wording.Counted(away.Usual, "statement", "statements"))
		}
		return fmt.Sprintf("%s had got in %s, from %s, before it came from %s, whose network nobody had come from",
			user, wording.Counted(away.Logins, "time", "times"), wording.Counted(away.Homes, "network", "networks"), host)
	case NewDigest:
		return fmt.Sprintf("entry %d: new to %s, sent in %s", entry+1, e.accountWords(entry), e.halfHours(entry, s))
	case SeveralNew:
		return fmt.Sprintf("entry %d: one of %d statements that came up in %s within half an hour", entry+1, s.Burst, e.accountWords(entry))
	case NewRequest:
		return fmt.Sprintf("entry %d: new to %s, and contains %s", entry+1, e.accountWords(entry), askedWords(s.Asked))
	case StrangeRequest:
		return fmt.Sprintf("entry %d: sent by an account that is rare in the log, and contains %s", entry+1, askedWords(s.Asked))
	case Unlike:
		return e.unlikeWords(m)
	case Company:
		n := e.around(entry)
		return fmt.Sprintf("entry %d: %s of %s within a quarter of an hour", entry+1, wording.Counted(n, "suspicious statement", "suspicious statements"), e.accountWords(entry))
	case Actor:
		other, score := e.other(uint32(m.Connection))
		return fmt.Sprintf("connection %s from %s has a score of %.2f by itself", conns.Name(int(other)), host, score)
	case Session:
		v, _ := e.beside(uint32(m.Connection), e.in.History.Number(k.User, k.Host))
		return fmt.Sprintf("connection %s of %s@%s, within an hour, has a score of %.2f by itself", conns.Name(int(v.conn)), user, host, v.score)
	case Learned:
		return fmt.Sprintf("learned from labels: %.2f", e.given.Learned(uint32(m.Connection)))
	}
	return ""
}

// accountWords names the account of an entry.
func (e *explainer) accountWords(entry int) string {
	conns := e.in.Log.Connections
	id := conns.Who(int(e.in.Log.Entries.Connection(entry)), entry)
	if id.Host == 0 {
		return "somebody whose login the log does not show"
	}
	return wording.Name(conns.Text(id.User)) + "@" + wording.Name(conns.Text(id.Host))
}

// halfHours describes in how many half hours of its account a statement is sent.
func (e *explainer) halfHours(entry int, s *trait.Statement) string {
	all := 0
	if a := e.in.History.Account(e.account(entry)); a != nil {
		all = a.HalfHours()
	}
	return fmt.Sprintf("%.0f of its %s, first after %.0f %% of its time", math.Round(s.Support*float64(all)), wording.Counted(all, "half hour", "half hours"), 100*s.Late)
}

// askedWords names what a statement asks for.
func askedWords(a trait.Asked) string {
	var list []string
	for _, n := range askedNames {
		if a&n.what != 0 {
			list = append(list, n.words)
		}
	}
	if len(list) > 3 {
		list = list[:3]
	}
	return strings.Join(list, ", ")
}

var askedNames = []struct {
	what  trait.Asked
	words string
}{
	{trait.AskInjected, "marks of injected text"}, {trait.AskTool, "the signature of a tool"}, {trait.AskCode, "code for the server to run"}, {trait.AskDestroy, "an order to drop or empty data"},
	{trait.AskFile, "a request for files of the server"}, {trait.AskRights, "a change of accounts or rights"}, {trait.AskLogs, "a change of what is logged"}, {trait.AskSecrets, "a request for passwords that names nobody"},
	{trait.AskAccounts, "a request for accounts of the server"}, {trait.AskPeople, "a request for people that names nobody"}, {trait.AskWhole, "a request for a whole table"}, {trait.AskDefinition, "a question about the schema"},
	{trait.AskQuestion, "a question about the server"},
}

// unlikeWords names the traits that make a connection unlike the others.
func (e *explainer) unlikeWords(m *trait.Measures) string {
	var list []string
	for _, u := range e.Forest.Explain(m) {
		list = append(list, u.String())
	}
	return fmt.Sprintf("unlike other connections (%.2f): %s", e.Anomaly(m.Connection), strings.Join(list, ", "))
}

// other returns the most suspicious other connection of a connection's host, and its
// score by itself.
func (a *Assessment) other(c uint32) (conn uint32, score float64) {
	h := a.hosts[a.in.Log.Connections.Peek(int(c)).Host]
	if h.of == c {
		return h.then, float64(h.next)
	}
	return h.of, float64(h.most)
}

// detectionWords describes what a detection found in one connection; the detection's
// own words are about all of its connections.
func (e *explainer) detectionWords(d *detect.Detection, c uint32) string {
	rule := d.Rule.Name + " " + d.Rule.Title
	place, _ := slices.BinarySearch(d.Connections, c)
	switch {
	case d.Guessing():
		from := d.Host
		if from == "" {
			from = "several hosts"
		}
		return fmt.Sprintf("%s: failed login %d of %d from %s", rule, place+1, d.Count, from)
	case d.Logins:
		if len(d.Connections) == 1 {
			return rule + ": " + d.What
		}
		return fmt.Sprintf("%s: %s; this is connection %d of %d", rule, d.What, place+1, len(d.Connections))
	case len(d.Connections) == 1:
		return rule + ": " + d.What
	}
	n := 0
	for _, i := range e.in.Log.ByConnection.Entries(int(c)) {
		if contains(d.Entries, i) {
			n++
		}
	}
	return fmt.Sprintf("%s: %d of %s, %d connections", rule, n, wording.Counted(len(d.Entries), "entry", "entries"), len(d.Connections))
}

// entryWords describes what a detection found in one of its entries.
func entryWords(d *detect.Detection) string {
	if len(d.Entries) == 1 {
		return fmt.Sprintf("%s %s: %s", d.Rule.Name, d.Rule.Title, d.What)
	}
	return fmt.Sprintf("%s %s: one of %d entries", d.Rule.Name, d.Rule.Title, len(d.Entries))
}

// entryIn returns the first entry of a connection that a detection rests on, NoEntry
// for none.
func (e *explainer) entryIn(d *detect.Detection, c int) int {
	for _, i := range e.in.Log.ByConnection.Entries(c) {
		if contains(d.Entries, i) {
			return int(i)
		}
	}
	return NoEntry
}

// membership lists, for each connection, the detections that it is part of.
func membership(detections []detect.Detection, connections int) store.Lists {
	return store.NewLists(connections, func(yield func(connection, detection uint32) bool) {
		for k := range detections {
			for _, c := range detections[k].Connections {
				if !yield(c, uint32(k)) {
					return
				}
			}
		}
	})
}
