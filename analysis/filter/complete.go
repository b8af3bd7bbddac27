package filter

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqleuth/analysis/loaded"
)

// Bounds of completion: no log must make a prompt slow.
const (
	maxSuggestions = 50
	maxValues      = 10_000 // remembered for each field, the first ones of the log
	maxValueLength = 256    // bytes
)

// Completer completes what is typed into a prompt for filters. It is immutable.
type Completer struct {
	values map[string][]candidate // by field, ascending
	// Times of the log, in microseconds since 1970; none where they run backwards.
	earliest, latest int64
}

type candidate struct{ folded, text string }

// NewCompleter collects the values that occur in a log. It walks the
// connections and dictionaries, so it is for a background task; Complete then
// takes microseconds.
func NewCompleter(log *Subject) *Completer {
	rules := make([]string, 0, len(log.Detections))
	for _, d := range log.Detections {
		rules = append(rules, d.Rule)
	}
	var incidents []string
	for _, x := range log.Incidents {
		incidents = append(incidents, x.Letter, x.ID)
	}
	c := &Completer{earliest: 1, values: map[string][]candidate{
		fieldCommand:   candidates(log.Commands),
		fieldAction:    candidates(log.Actions),
		fieldTable:     candidates(tableNames(log)),
		fieldTemplate:  candidates(log.eventIDs()),
		fieldDigest:    candidates(digestValues(log)),
		fieldLabel:     candidates(append(log.Labels.Classes(), noVerdict)),
		fieldDetection: candidates(rules),
		fieldIncident:  candidates(incidents),
		fieldError:     candidates(errorValues(log)),
		fieldLogin:     candidates(loginValues()),
	}}
	servers := make([]string, len(log.Servers))
	for k, s := range log.Servers {
		servers[k] = s.Name
	}
	c.values[fieldServer] = candidates(servers)
	if earliest, latest, ok := log.Entries.Times(); ok {
		c.earliest, c.latest = earliest, latest
	}
	users, hosts, databases := newNumbers(), newNumbers(), newNumbers()
	for i := range log.Connections.Len() {
		conn := log.Connections.Peek(i)
		users.add(conn.User)
		hosts.add(conn.Host)
		databases.add(conn.Database)
	}
	c.values[fieldUser] = candidates(users.texts(log.Connections.Text))
	c.values[fieldHost] = candidates(hosts.texts(log.Connections.Text))
	c.values[fieldDatabase] = candidates(databases.texts(log.Connections.Text))
	return c
}

func loginValues() (values []string) {
	for _, names := range loginOutcomes {
		values = append(values, names...)
	}
	return values
}

// errorValues lists what error can be compared with in a log that holds the
// server's answers.
func errorValues(log *Subject) (values []string) {
	for _, a := range log.Answers() {
		if a.Error > 0 {
			values = append(values, strconv.Itoa(int(a.Error)))
		}
	}
	if log.Outcomes.Any() {
		values = append(values, anyError, noError, noAnswer)
	}
	return values
}

// digestValues lists digests and their hashes as screens show them.
func digestValues(log *Subject) (values []string) {
	for _, digest := range log.Digests[:min(len(log.Digests), maxValues/2)] {
		values = append(values, digest)
		if hash := loaded.DigestHash(digest); hash != "" {
			values = append(values, hash[:loaded.DigestPrefix])
		}
	}
	return values
}

// tableNames lists the tables that statements name.
func tableNames(log *Subject) []string {
	names := slices.Clone(log.Tables)
	seen := map[string]bool{}
	for _, others := range log.OtherTables {
		for _, name := range others {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// numbers are numbers of texts in order of first appearance.
type numbers struct {
	seen map[uint32]struct{}
	list []uint32
}

func newNumbers() *numbers { return &numbers{seen: map[uint32]struct{}{}} }

func (s *numbers) add(n uint32) {
	if _, ok := s.seen[n]; ok || len(s.list) == maxValues {
		return
	}
	s.seen[n] = struct{}{}
	s.list = append(s.list, n)
}

func (s *numbers) texts(text func(uint32) string) []string {
	texts := make([]string, len(s.list))
	for i, n := range s.list {
		texts[i] = text(n)
	}
	return texts
}

// candidates sorts values as they compare, each once.
func candidates(values []string) []candidate {
	values = values[:min(len(values), maxValues)]
	list := make([]candidate, 0, len(values))
	for _, v := range values {
		if len(v) <= maxValueLength {
			list = append(list, candidate{string(appendFold(nil, v)), v})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return strings.Compare(a.folded, b.folded) })
	return slices.CompactFunc(list, func(a, b candidate) bool { return a.folded == b.folded })
}

// Complete returns what the text could become when its last word is completed:
// whole lines that may take its place, at most 50, with values quoted where the
// language needs it. Field names come in the order of the documentation, values
// in that of their texts.
func (c *Completer) Complete(text string) []string {
	start, ok := lastWord(text)
	if !ok {
		return nil
	}
	head, word := text[:start], text[start:]
	if strings.HasPrefix(word, "-") {
		head, word = text[:start+1], word[1:]
	}
	name := nameAt(word)
	if strings.HasPrefix(word[len(name):], ":") {
		return c.completeValue(head, strings.ToLower(name), word[len(name)+1:])
	}
	if name != word {
		return nil
	}
	var lines []string
	suggest := func(s string) {
		if len(s) > len(word) && strings.EqualFold(s[:len(word)], word) {
			lines = append(lines, head+s)
		}
	}
	for _, f := range fields {
		if f.score {
			suggest(f.name + ">")
		} else {
			suggest(f.name + ":")
		}
	}
	if word != "" {
		suggest("not ")
		suggest("and ")
		suggest("or ")
	}
	return lines
}

func (c *Completer) completeValue(head, field, typed string) []string {
	if strings.HasPrefix(typed, `"`) {
		p := parser{text: typed + `"`}
		value, err := p.quoted()
		if err != nil || p.at <= len(typed) { // closed already
			return nil
		}
		typed = value
	} else if strings.ContainsAny(typed, `*"`) {
		return nil
	}
	if field == fieldTime {
		begin := ""
		if i := strings.Index(typed, ".."); i >= 0 {
			begin, typed = typed[:i+len("..")], typed[i+len(".."):]
		}
		var lines []string
		for _, t := range CompleteTime(typed, c.earliest, c.latest) {
			lines = append(lines, head+fieldTime+":"+begin+t)
		}
		return lines
	}
	prefix := string(appendFold(nil, typed))
	list := c.values[field]
	i, _ := slices.BinarySearchFunc(list, prefix, func(v candidate, prefix string) int { return strings.Compare(v.folded, prefix) })
	var lines []string
	for ; i < len(list) && len(lines) < maxSuggestions && strings.HasPrefix(list[i].folded, prefix); i++ {
		lines = append(lines, head+Term(field, list[i].text))
	}
	return lines
}

// lastWord returns where the word begins that text ends in, at its end where
// there is none. ok is false within a quotation or regular expression that is
// not a field's value: nothing is known about what comes there.
func lastWord(text string) (start int, ok bool) {
	p := parser{text: text}
	for {
		p.at = len(text) - len(strings.TrimLeftFunc(text[p.at:], func(r rune) bool {
			return r == '(' || r == ')' || unicode.IsSpace(r)
		}))
		start = p.at
		if start < len(text)-1 && text[start] == '-' && negates(text[start:]) {
			p.at++
		}
		if p.at == len(text) {
			before, _ := utf8.DecodeLastRuneInString(text)
			return start, text == "" || strings.ContainsRune("(-", before) || unicode.IsSpace(before)
		}
		var err error
		name := nameAt(text[p.at:])
		switch {
		case text[p.at] == '"':
			_, err = p.quoted()
		case text[p.at] == '/':
			_, err = p.regexp()
		case strings.HasPrefix(text[p.at+len(name):], ":") && name != "":
			p.at += len(name) + 1
			if _, _, err := p.value(false); err != nil || p.at == len(text) {
				return start, true
			}
		default:
			p.at += bareEnd(text[p.at:])
			if p.at == len(text) {
				return start, true
			}
		}
		if err != nil {
			return 0, false
		}
	}
}
