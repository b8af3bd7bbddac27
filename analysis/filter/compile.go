package filter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// ErrUnavailable reports that a filter asks for something that is not known about
// the log, or not yet: scores, detections, statement text. Such a filter does
// not run: showing nothing would look like an answer.
var ErrUnavailable = errors.New("not available")

// Program is a Filter resolved against a Log. It may be run several times and
// from several goroutines.
type Program struct {
	log  *Subject
	root matcher
	text bool // statements have to be read
}

// Compile resolves a filter: its terms are looked up once in the distinct rows,
// the connections and the detections of the log, so that an entry costs a few
// look-ups. It takes time for each row and connection and term, but none for
// entries. The error wraps ErrUnavailable, explains what is wrong with a file of
// hosts, or is ctx.Err().
func Compile(ctx context.Context, f Filter, log *Subject) (*Program, error) {
	p := &Program{log: log, root: everything{}}
	if f.root != nil {
		c := compiler{ctx: ctx, log: log}
		var err error
		if p.root, err = c.compile(f.root, false); err != nil {
			return nil, err
		}
	}
	p.text = p.root.needsText()
	return p, nil
}

type compiler struct {
	ctx context.Context
	log *Subject
}

// compile resolves n, or its opposite where negated is set: negations move
// down to the terms, where they cost nothing.
func (c *compiler) compile(n node, negated bool) (matcher, error) {
	switch n := n.(type) {
	case negation:
		return c.compile(n.of, !negated)
	case conjunction:
		return c.compileList(n, negated, !negated)
	case disjunction:
		return c.compileList(n, negated, negated)
	case textTerm:
		return c.textMatcher(newSubstring(n.text), nil, negated)
	case regexpTerm:
		return c.textMatcher(nil, &n, negated)
	case timeTerm:
		return c.timeSpan(n, negated), nil
	case scoreTerm:
		return c.scores(n, negated)
	case idTerm:
		ids := newIDSet(n.ranges)
		return c.connections(negated, func(i int, conn *connection.Connection) bool { return ids.contains(conn.ID, conn.Epoch) })
	case networkTerm:
		var among networks
		among.add(n.network)
		return c.hosts(among, negated)
	case hostFileTerm:
		among, err := readHosts(n.name)
		if err != nil {
			return nil, err
		}
		return c.hosts(among, negated)
	case valueTerm:
		return c.value(n, negated)
	}
	return nil, fmt.Errorf("compile filter: unknown term %T", n)
}

func (c *compiler) compileList(list []node, negated, all bool) (matcher, error) {
	kids := make([]matcher, len(list))
	for i, n := range list {
		var err error
		if kids[i], err = c.compile(n, negated); err != nil {
			return nil, err
		}
	}
	if all {
		return allOf(c.log, kids), nil
	}
	return anyOf(c.log, kids), nil
}

func (c *compiler) textMatcher(s *substring, r *regexpTerm, negated bool) (matcher, error) {
	if c.log.Text == nil {
		return nil, fmt.Errorf("the statements of this log cannot be searched: %w", ErrUnavailable)
	}
	return statementTest{s, r, negated}, nil
}

func (c *compiler) timeSpan(t timeTerm, negated bool) matcher {
	if t.since() == sinceHour {
		s := t.daily()
		s.outside = negated
		return timed[dailySpan]{set: s}
	}
	earliest, latest, ok := c.log.Entries.Times()
	if !ok && t.since() == sinceMonth {
		return constant(negated)
	}
	list := t.spans(earliest, latest)
	if len(list) == 1 {
		list[0].outside = negated
		return list[0]
	}
	return timed[timeSpans]{set: timeSpans{list: list, outside: negated}}
}

// stride is how many rows or connections are looked at between two looks at the
// context.
const stride = 4096

// rows returns the entries of the rows for which holds is true.
func (c *compiler) rows(negated bool, holds func(row int) bool) (matcher, error) {
	set := newBitset(len(c.log.Rows))
	for i := range c.log.Rows {
		if i%stride == 0 && c.ctx.Err() != nil {
			return nil, c.ctx.Err()
		}
		if holds(i) != negated {
			set.add(i)
		}
	}
	return rowSet{set}.reduce(c.log), nil
}

// connections returns the entries of the connections for which holds is true.
func (c *compiler) connections(negated bool, holds func(i int, conn *connection.Connection) bool) (matcher, error) {
	n := c.log.Connections.Len()
	set := newBitset(n)
	for i := range n {
		if i%stride == 0 && c.ctx.Err() != nil {
			return nil, c.ctx.Err()
		}
		if holds(i, c.log.Connections.Peek(i)) != negated {
			set.add(i)
		}
	}
	return connectionSet{set}.reduce(c.log), nil
}

// identities returns the entries whose sender satisfies holds; in a connection for
// which varies is true they are looked at one by one. Few connections are ever
// somebody else, or in another database, than at first.
func (c *compiler) identities(negated bool, varies func(i int) bool, holds func(id connection.Identity) bool) (matcher, error) {
	conns := c.log.Connections
	changing := newBitset(conns.Len())
	first, err := c.connections(negated, func(i int, conn *connection.Connection) bool {
		if varies(i) {
			changing.add(i)
		}
		return holds(connection.Identity{User: conn.User, Host: conn.Host, Database: conn.Database})
	})
	if err != nil || changing.len() == 0 {
		return first, err
	}
	// holds remembers its answers and is for one goroutine; a program runs on several.
	held := make(map[connection.Identity]bool)
	for i := range conns.Len() {
		if changing.contains(uint32(i)) {
			conns.Identities(i, func(_ int, id connection.Identity) bool {
				held[id] = holds(id) != negated
				return true
			})
		}
	}
	return identitySet{first: first, changing: changing, held: held, log: c.log}, nil
}

func (c *compiler) connectionScores(t scoreTerm, negated bool) (matcher, error) {
	score, lack := c.log.Score, "connections are not ranked yet"
	switch t.field {
	case fieldAnomaly:
		score, lack = c.log.Anomaly, "connections are not measured yet"
	case fieldLearned:
		score, lack = c.log.Learned, "nothing is learnt: no connection is labelled as an anomaly, and no model was given"
	}
	if score == nil {
		return nil, fmt.Errorf("%s: %s: %w", t.field, lack, ErrUnavailable)
	}
	return c.connections(negated, func(i int, _ *connection.Connection) bool { return t.holds(score(i)) })
}

func (c *compiler) scores(t scoreTerm, negated bool) (matcher, error) {
	switch t.field {
	case fieldScore, fieldAnomaly, fieldLearned:
		return c.connectionScores(t, negated)
	}
	score, model := c.log.Isolation, "Isolation Forest"
	if t.field == fieldRandom {
		score, model = c.log.Random, "Random Forest"
	}
	if score == nil {
		return nil, fmt.Errorf("%s: there are no scores of the %s: %w", t.field, model, ErrUnavailable)
	}
	return c.rows(negated, func(row int) bool { return t.holds(score(row)) })
}

// value resolves the fields that are compared with a pattern.
func (c *compiler) value(t valueTerm, negated bool) (matcher, error) {
	value := t.value.fold()
	log := c.log
	// byRow compares the text that key picks from a dictionary.
	byRow := func(texts []string, key func(k store.Key) uint32) (matcher, error) {
		m := newMemo(value)
		return c.rows(negated, func(row int) bool {
			n := key(log.Rows[row].Key)
			return m.matches(n, func() string { return texts[n] })
		})
	}
	byIdentity := func(key func(id connection.Identity) uint32) (matcher, error) {
		m := newMemo(value)
		return c.identities(negated, log.Connections.Changes, func(id connection.Identity) bool {
			n := key(id)
			return m.matches(n, func() string { return log.Connections.Text(n) })
		})
	}
	switch t.field {
	case fieldCommand:
		return byRow(log.Commands, func(k store.Key) uint32 { return k.Command })
	case fieldAction:
		return byRow(log.Actions, func(k store.Key) uint32 { return k.Action })
	case fieldTable:
		return c.tables(value, negated)
	case fieldTemplate:
		value = value.prefix()
		return byRow(log.eventIDs(), func(k store.Key) uint32 { return uint32(log.TemplateOf[k.Cluster]) })
	case fieldDigest:
		return c.digest(value, negated)
	case fieldUser:
		return byIdentity(func(id connection.Identity) uint32 { return id.User })
	case fieldHost:
		return byIdentity(func(id connection.Identity) uint32 { return id.Host })
	case fieldDatabase:
		return byIdentity(func(id connection.Identity) uint32 { return id.Database })
	case fieldLabel:
		return c.label(value, negated)
	case fieldDetection:
		return c.detection(value, negated)
	case fieldIncident:
		return c.incident(value, negated)
	case fieldError:
		return c.outcome(value, negated)
	case fieldLogin:
		return c.login(value, negated)
	case fieldServer:
		return c.server(value, negated)
	}
	return nil, fmt.Errorf("compile filter: unknown field %q", t.field)
}

// digest returns the entries with a digest that holds a text, or whose hash begins
// with it.
func (c *compiler) digest(value glob, negated bool) (matcher, error) {
	text, hash := newMemo(value.within()), newMemo(value.prefix())
	return c.rows(negated, func(row int) bool {
		n := c.log.Rows[row].Digest
		if n == 0 {
			return value.match("-")
		}
		digest := c.log.Digests[n]
		return text.matches(n, func() string { return digest }) || hash.matches(n, func() string { return loaded.DigestHash(digest) })
	})
}

// noVerdict is the value of label for connections that nobody labelled. No class
// can have this name.
const noVerdict = "-"

func (c *compiler) label(value glob, negated bool) (matcher, error) {
	labels := c.log.Labels
	unjudged := value.match(noVerdict) || value.match(label.Normal)
	if labels.Labelled() == 0 {
		return constant(unjudged != negated), nil
	}
	matches := map[string]bool{}
	for _, class := range labels.Classes() {
		matches[class] = value.match(string(appendFold(nil, class)))
	}
	return c.connections(negated, func(_ int, conn *connection.Connection) bool {
		if v, ok := labels.Verdict(label.Ref{Epoch: conn.Epoch, ID: conn.ID}); ok {
			return matches[v.Class]
		}
		return unjudged
	})
}

func (c *compiler) detection(value glob, negated bool) (matcher, error) {
	if c.log.Detections == nil {
		return nil, fmt.Errorf("detection: the rules have not run: %w", ErrUnavailable)
	}
	conns := newBitset(c.log.Connections.Len())
	var entries []uint32
	for _, d := range c.log.Detections {
		if !value.match(string(appendFold(nil, d.Rule))) {
			continue
		}
		for _, i := range d.Connections {
			conns.add(int(i))
		}
		entries = append(entries, d.Entries...)
	}
	slices.Sort(entries)
	entries = slices.Compact(entries)
	if negated {
		conns = conns.complement(c.log.Connections.Len())
		return allOf(c.log, []matcher{connectionSet{conns}.reduce(c.log), entryList{entries, true}}), nil
	}
	return anyOf(c.log, []matcher{connectionSet{conns}.reduce(c.log), entryList{entries, false}}), nil
}

// incident returns the entries that are the actors' own.
func (c *compiler) incident(value glob, negated bool) (matcher, error) {
	if c.log.Incidents == nil {
		return nil, fmt.Errorf("incident: they have not been looked for: %w", ErrUnavailable)
	}
	var entries []uint32
	for _, x := range c.log.Incidents {
		if value.match(string(appendFold(nil, x.ID))) || value.match(string(appendFold(nil, x.Letter))) {
			entries = append(entries, x.Entries...)
		}
	}
	slices.Sort(entries)
	return entryList{slices.Compact(entries), negated}, nil
}

// The values of error beside the server's numbers.
const (
	anyError = "any"
	noError  = "none"
	noAnswer = "-" // the log does not hold the server's answer to the entry
)

// outcome returns the entries that the server answered so.
func (c *compiler) outcome(value glob, negated bool) (matcher, error) {
	outcomes := c.log.Outcomes
	if !outcomes.Any() {
		return nil, fmt.Errorf("error: this log does not hold the server's answers, as an audit log does: %w", ErrUnavailable)
	}
	matches := map[int32]bool{}
	var entries []uint32
	for i := range c.log.Entries.Len() {
		if i%stride == 0 && c.ctx.Err() != nil {
			return nil, c.ctx.Err()
		}
		code := outcomes.At(i)
		match, known := matches[code]
		if !known {
			match = answers(value, code)
			matches[code] = match
		}
		if match {
			entries = append(entries, uint32(i))
		}
	}
	return entryList{entries, negated}, nil
}

// answers reports whether an outcome matches a value of the field error.
func answers(value glob, code int32) bool {
	switch {
	case code < 0:
		return value.match(noAnswer)
	case code == 0:
		return value.match(noError) || value.match("0")
	}
	return value.match(anyError) || value.match(strconv.Itoa(int(code)))
}

// loginOutcomes are the values of login; a value may mean several outcomes.
var loginOutcomes = map[connection.Outcome][]string{
	connection.Unseen:   {"unseen"},
	connection.Pending:  {"pending"},
	connection.Accepted: {"accepted"},
	connection.Denied:   {"denied", "refused"},
	connection.Failed:   {"failed", "refused"},
}

// login returns the entries of connections with a login of that outcome. A refused
// change of the user is a denial.
func (c *compiler) login(value glob, negated bool) (matcher, error) {
	matches := map[connection.Outcome]bool{}
	for o, names := range loginOutcomes {
		matches[o] = slices.ContainsFunc(names, value.match)
	}
	changed := newBitset(c.log.Connections.Len())
	for _, k := range c.log.Connections.UserChanges() {
		if !k.Refused && matches[connection.Accepted] || k.Refused && matches[connection.Denied] {
			changed.add(int(k.Connection))
		}
	}
	return c.connections(negated, func(i int, conn *connection.Connection) bool {
		return matches[conn.Outcome] || changed.contains(uint32(i))
	})
}

// server returns the entries of servers of a name.
func (c *compiler) server(value glob, negated bool) (matcher, error) {
	if len(c.log.Servers) == 0 {
		return nil, fmt.Errorf("server: nobody named the servers of this log, as --server NAME=FILE does: %w", ErrUnavailable)
	}
	matches := make([]bool, len(c.log.Servers))
	for k, s := range c.log.Servers {
		matches[k] = value.match(string(appendFold(nil, s.Name)))
	}
	return c.connections(negated, func(i int, _ *connection.Connection) bool { return matches[c.log.ServerOfConnection(i)] })
}

// A memo remembers which texts of a dictionary match a pattern, so that each is
// compared once however many rows or connections have it.
type memo struct {
	value  glob
	known  []uint8 // by number: 0 not asked yet, 1 no, 2 yes
	folded []byte
}

func newMemo(value glob) *memo { return &memo{value: value} }

func (m *memo) matches(n uint32, text func() string) bool {
	if int(n) >= len(m.known) {
		m.known = append(m.known, make([]uint8, int(n)+1-len(m.known))...)
	}
	if m.known[n] == 0 {
		m.folded = appendFold(m.folded[:0], text())
		m.known[n] = 1
		if m.value.match(string(m.folded)) {
			m.known[n] = 2
		}
	}
	return m.known[n] == 2
}
