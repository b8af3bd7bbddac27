package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// How much of an incident the text shows.
const (
	maxIncidents = 50
	maxLogins    = 10
)

// writeIncidents writes what each actor did, the most severe first.
func writeIncidents(p *page, s *pipeline.Snapshot) error {
	t := clockOf(s)
	p.title("Incidents: what actors did, the most severe first (%s)", t.zone())
	for _, u := range s.Truth.Labels.Usual() {
		p.wrap("declared normal: ", shown(u.Said()))
	}
	if len(s.Incidents) == 0 {
		p.wrap("", "No incident. No actor's acts join into an attack. That does not prove that none took place: see what this log cannot show.")
		return nil
	}
	for k := range s.Incidents[:min(len(s.Incidents), maxIncidents)] {
		writeIncident(p, s, t, k)
	}
	p.more("", len(s.Incidents)-maxIncidents)
	return nil
}

func writeIncident(p *page, s *pipeline.Snapshot, t clock, k int) {
	x := &s.Incidents[k]
	p.heading("%s  %-8s  %s to %s  incident %s", incident.Letter(k), x.Severity, t.brief(x.First), t.brief(x.Last), x.ID)
	if d, ok := s.Truth.Labels.DecisionOn(x.ID, x.Formerly); ok {
		p.wrap("   decided     ", shown(d.Said()))
	}
	what := "asked for"
	if !x.Asks() {
		what = "in short "
	}
	p.wrap("   "+what+"   ", shown(x.Asked))
	through := x.Through + "; " + x.How
	if x.Actor.Inferred {
		through += "; that the hosts are one actor is inferred: " + x.Actor.Why
	}
	p.wrap("   through     ", shown(through))
	for _, st := range x.Stages {
		p.wrap("   ", fmt.Sprintf("%s, from %s, %s in %s", st.Name, t.brief(st.First), wording.Counted(len(st.Entries), "entry", "entries"),
			wording.Counted(len(st.Connections), "connection", "connections")))
		for _, e := range st.Telling {
			if k := slices.IndexFunc(x.Twins, func(t incident.Twin) bool { return t.Entry == e }); k >= 0 {
				p.wrap(fmt.Sprintf("     entry %d: ", e+1), shown(fmt.Sprintf("%s (entry %d is without what is in brackets)", x.Twins[k].Excerpt, x.Twins[k].Honest+1)))
			} else if text := p.quotes[e]; text != "" {
				p.wrap(fmt.Sprintf("     entry %d: ", e+1), text)
			} else if d := s.Digest(int(e)); d != "-" {
				p.wrap(fmt.Sprintf("     entry %d: ", e+1), shown(wording.Name(d)))
			}
		}
	}
	for _, a := range x.After {
		p.wrap("   then sent   ", shown(a.Words))
	}
	for _, l := range x.Logins[:min(len(x.Logins), maxLogins)] {
		text := fmt.Sprintf("%s@%s: %s, %d refused", name(l.User), name(l.Host), wording.Counted(l.Tries, "login", "logins"), l.Refused)
		if l.In > 0 {
			text += ", first in " + t.brief(l.First)
		}
		if s.SeveralServers() {
			text += ", at " + name(l.Server)
		}
		p.wrap("   account     ", text)
	}
	p.more("   ", len(x.Logins)-maxLogins)
	for _, text := range x.Honest {
		p.wrap("   honest?     ", shown(text))
	}
	for _, text := range x.Unknown {
		p.wrap("   not known   ", shown(text))
	}
	p.wrap("   ", connectionList(s, x.Connections, maxConnections))
}

// How many bytes of a long statement of an incident a report shows of its beginning and of its
// end, where the file is that something is written into.
const quotedHead, quotedTail = 96, 64

// quoted is a statement on one line, a long one without its middle.
func quoted(text string) string {
	if len(text) <= quotedHead+quotedTail {
		return shortened(text, quotedHead+quotedTail)
	}
	tail := len(text) - quotedTail
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return strings.TrimSuffix(shortened(text[:tail], quotedHead), "…") + " … " + shortened(text[tail:], quotedTail)
}

// quote reads the statements of incidents that are shown, made visible, by entry: a path or a
// name in quotes is often all that matters of one. What cannot be read is left out.
func quote(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text) map[uint32]string {
	list := map[uint32]string{}
	if text == (pipeline.Text{}) {
		return list
	}
	for k := range s.Incidents[:min(len(s.Incidents), maxIncidents)] {
		for _, st := range s.Incidents[k].Stages {
			for _, e := range st.Telling {
				if ctx.Err() != nil {
					return list // the caller asks for the error
				}
				if s.Digest(int(e)) == "-" {
					continue
				}
				if r, err := text.Record(&s.Log, int(e)); err == nil {
					list[e] = quoted(string(r.Text))
				}
			}
		}
	}
	return list
}

// attack is an incident in JSON. Texts are made harmless.
type attack struct {
	ID          string        `json:"id"`
	Severity    rule.Severity `json:"severity"`
	Actor       string        `json:"actor"`
	Kind        string        `json:"kind"` // host, hosts, account, strays, sitting
	Inferred    bool          `json:"inferred"`
	Why         string        `json:"why"` // it is inferred that they are one actor
	First       *string       `json:"first"`
	Last        *string       `json:"last"`
	Asked       string        `json:"asked"`
	How         string        `json:"how"`
	Stages      []stageJSON   `json:"stages"`
	Connections []string      `json:"connections"`
	Entries     []int         `json:"entries"` // the actor's own, from 1
	Users       []string      `json:"users"`
	Hosts       []string      `json:"hosts"`
	Tables      []string      `json:"tables"`
	Accounts    []accountJSON `json:"accounts"`
	After       []afterJSON   `json:"then_sent"`
	Twins       []twinJSON    `json:"twins"`
	Honest      []string      `json:"honest"`
	Unknown     []string      `json:"not_known"`
	Decision    *decisionJSON `json:"decision,omitempty"`
	Servers     []string      `json:"servers,omitempty"` // at which he acted
}

// decisionJSON is what an analyst decided of an incident.
type decisionJSON struct {
	Outcome string `json:"outcome"`
	Note    string `json:"note"`
	Analyst string `json:"analyst"`
	At      string `json:"at"`
}

func decisionOf(s *pipeline.Snapshot, x *incident.Incident) *decisionJSON {
	d, ok := s.Truth.Labels.DecisionOn(x.ID, x.Formerly)
	if !ok {
		return nil
	}
	return &decisionJSON{d.Outcome.String(), visible.JSON(d.Note), visible.JSON(d.Analyst), d.At.Format(time.RFC3339Nano)}
}

// stageJSON is a stage of an incident.
type stageJSON struct {
	Name        string   `json:"name"`
	First       *string  `json:"first"`
	Last        *string  `json:"last"`
	Connections []string `json:"connections"`
	Entries     []int    `json:"entries"`
	Telling     []int    `json:"telling"`
}

// twinJSON is an injected statement with an honest one, and the bytes of its text that
// the other lacks.
type twinJSON struct {
	Entry  int `json:"entry"`
	Honest int `json:"honest"`
	From   int `json:"from"`
	To     int `json:"to"`
}

// afterJSON is what came after statements.
type afterJSON struct {
	Entries []int  `json:"entries"`
	Then    []int  `json:"then"`
	Words   string `json:"words"`
}

// accountJSON is how an account was tried.
type accountJSON struct {
	User    string  `json:"user"`
	Host    string  `json:"host"`
	Tries   int     `json:"tries"`
	Refused int     `json:"refused"`
	In      int     `json:"in"`
	First   *string `json:"first_in"`
}

func incidentJSON(s *pipeline.Snapshot, t clock, x *incident.Incident) attack {
	return attack{
		ID: x.ID, Severity: x.Severity, Actor: visible.JSON(x.Actor.String()), Kind: x.Actor.Kind.String(), Inferred: x.Actor.Inferred, Why: visible.JSON(x.Actor.Why),
		First: t.json(x.First), Last: t.json(x.Last), Asked: visible.JSON(x.Asked), How: visible.JSON(x.How),
		Stages: each(x.Stages, func(st incident.Stage) stageJSON {
			return stageJSON{st.Name.String(), t.json(st.First), t.json(st.Last), names(s, st.Connections), numbers(st.Entries), numbers(st.Telling)}
		}),
		Connections: names(s, x.Connections), Entries: numbers(x.Entries), Servers: each(x.Servers, visible.JSON),
		Users: each(x.Actor.Users, visible.JSON), Hosts: each(x.Actor.Hosts, visible.JSON), Tables: each(x.Tables, visible.JSON),
		Accounts: each(x.Logins, func(l incident.Login) accountJSON {
			return accountJSON{visible.JSON(l.User), visible.JSON(l.Host), l.Tries, l.Refused, l.In, t.json(l.First)}
		}),
		Twins: each(x.Twins, func(t incident.Twin) twinJSON { return twinJSON{int(t.Entry) + 1, int(t.Honest) + 1, t.From, t.To} }),
		After: each(x.After, func(a incident.After) afterJSON {
			return afterJSON{numbers(a.Entries), numbers(a.Then), visible.JSON(a.Words)}
		}),
		Honest: each(x.Honest, visible.JSON), Unknown: each(x.Unknown, visible.JSON), Decision: decisionOf(s, x),
	}
}

// stories are the incidents in which guessing was followed by a login and that by
// collection, which earlier versions gave by themselves.
func stories(s *pipeline.Snapshot) (list []*incident.Incident) {
	for k := range s.Incidents {
		x := &s.Incidents[k]
		if x.Stage(incident.Guessing) != nil && x.Stage(incident.Access) != nil && x.Stage(incident.Collection) != nil && len(x.Actor.Hosts) > 0 {
			list = append(list, x)
		}
	}
	return list
}

func storyJSON(s *pipeline.Snapshot, t clock, x *incident.Incident) story {
	var steps []int
	for _, st := range x.Stages {
		steps = append(steps, st.Detections...)
	}
	slices.Sort(steps)
	return story{
		visible.JSON(x.Actor.Hosts[0]), each(x.Actor.Users, visible.JSON), t.json(x.First), t.json(x.Last), len(x.Connections), firstNames(s, x.Connections),
		each(slices.Compact(steps), func(i int) detection { return detectionJSON(s, t, &s.Detections[i]) }),
	}
}
