package overview

import (
	"regexp"
	"slices"
	"strings"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
)

// alike are suspects that the same account gave the same first reason for: a job that
// runs every night is one row.
type alike struct {
	first       int      // of them in the ranking
	connections []uint32 // ascending
	beside      string   // incident of somebody who spoke through their account; empty for none
}

// group joins the suspects that belong to no incident, in their order. There are no
// more of them than suspicion.Shown.
func group(s *pipeline.Snapshot) (groups []alike) {
	type key struct {
		user, host uint32
		words      string
	}
	at := map[key]int{}
	for k := range s.Ranking.First() {
		x := &s.Ranking.First()[k]
		if s.IncidentOf(x.Connection) >= 0 {
			continue
		}
		c := s.Connections.Peek(int(x.Connection))
		id := key{user: c.User, host: c.Host}
		if len(x.Reasons) > 0 {
			id.words = strings.Map(func(r rune) rune {
				if '0' <= r && r <= '9' {
					return -1
				}
				return r
			}, words(x.Reasons[0]))
		}
		if n, ok := at[id]; ok {
			groups[n].connections = insert(groups[n].connections, x.Connection)
			continue
		}
		at[id] = len(groups)
		groups = append(groups, alike{k, []uint32{x.Connection}, beside(s, x.Connection)})
	}
	return groups
}

// beside returns the incident of somebody who spoke through the account of a suspect, empty
// for none. They are not grouped: every visitor of an application comes through its
// account.
func beside(s *pipeline.Snapshot, suspect uint32) string {
	c, v := s.Connections.Peek(int(suspect)), &s.Connections
	server := s.ServerName(s.ServerOfConnection(int(suspect)))
	for k := range s.Incidents {
		x := &s.Incidents[k]
		if x.Actor.Kind == incident.Account && slices.Contains(x.Actor.Users, v.Text(c.User)) && slices.Contains(x.Actor.Hosts, v.Text(c.Host)) &&
			(server == "" || slices.Contains(x.Servers, server)) {
			return incident.Letter(k)
		}
	}
	return ""
}

// insert puts a connection into an ascending list.
func insert(list []uint32, c uint32) []uint32 {
	list = append(list, c)
	for k := len(list) - 1; k > 0 && list[k-1] > c; k-- {
		list[k-1], list[k] = c, list[k-1]
	}
	return list
}

// byRule is a reason that a rule gives: its id, its title, what it found. unlike is one
// that the forest over connections gives.
var (
	byRule = regexp.MustCompile(`^[A-Z]+[0-9]+(?:-[a-z0-9-]+)? ([^:]*): (.*)`)
	unlike = regexp.MustCompile(`^unlike other connections \([0-9.]*\): `)
)

// words are a reason without the name of a rule and without scores, which help a reader
// little; a rule's title stays where there is only a count beside it.
func words(reason string) string {
	if m := byRule.FindStringSubmatch(reason); m != nil {
		if m[2] != "" && '0' <= m[2][0] && m[2][0] <= '9' {
			return m[1] + ": " + m[2]
		}
		return under(m[2])
	}
	return unlike.ReplaceAllLiteralString(reason, "unlike others: ")
}

// under is a sentence without the words that the column's title has already, so that in a
// narrow list there is room for what was asked for.
func under(sentence string) string {
	for _, title := range []string{"asked for ", "asked to ", "asked the server to "} {
		if rest, ok := strings.CutPrefix(sentence, title); ok {
			return rest
		}
	}
	return sentence
}
