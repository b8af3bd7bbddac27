package rule

import (
	"slices"
	"strings"
	"time"
)

// Filter is what a site knows about itself: detections that it excuses, and why.
type Filter struct {
	Title  string
	ID     string   // a UUID, or empty
	Refs   []string // rules by name or id, none for all
	Reason string
	Until  time.Time // the first moment at which it no longer holds; zero for none
	Source Source

	detection *detection
}

// filters reads a document of a site's own knowledge: a Sigma filter, or a list of
// principals that are known for something.
func (p *parser) filters(m *mapping) []*Filter {
	f := &Filter{Title: m.text("title"), ID: strings.ToLower(m.text("id")), Source: Source{p.Name, m.line, p.digest}}
	m.must(f.Title != "", "", "no title: write title: and what is excused")
	own := m.block("sqleuth")
	f.reason(own)
	own.rest(false)
	m.must(!m.has("filter") || !m.has("known"), "", "filter and known in one document: put --- between them")
	m.rest(true, "logsource", "description", "author", "date", "modified", "status", "name")
	if m.has("known") {
		return p.known(m, f)
	}
	p.filter(m.block("filter"), f)
	m.must(f.Reason != "", "", "no reason: write sqleuth: {reason: ...}, so that others can tell why this is excused")
	return []*Filter{f}
}

// reason reads why a filter is there, and the last day on which it holds, up to the end
// of it in UTC.
func (f *Filter) reason(m *mapping) {
	if reason := m.text("reason"); reason != "" {
		f.Reason = reason
	}
	if text := m.text("until"); text != "" {
		day, err := time.Parse(time.DateOnly, text)
		m.must(err == nil, "until", "until %q: write a date like 2026-12-31", text)
		f.Until = day.AddDate(0, 0, 1)
	}
}

// filter reads the rules, selections and condition of a Sigma filter.
func (p *parser) filter(m *mapping, f *Filter) {
	f.rules(m)
	m.must(m.has("rules"), "", "filter: no rules: write their names or ids, or any")
	f.detection = p.detection(m)
	// Sigma's condition selects the hits that remain, so it begins with not; ours
	// may also select those that go.
	if n, ok := f.detection.condition.(not); ok {
		f.detection.condition = n.node
	}
}

// rules reads the rules that a filter is about; the word any is all.
func (f *Filter) rules(m *mapping) {
	if f.Refs = m.texts("rules"); len(f.Refs) == 1 && f.Refs[0] == "any" {
		f.Refs = nil
	}
}

// known reads a list of principals: user, host or network, digest, rules, reason
// and until when.
func (p *parser) known(m *mapping, common *Filter) (list []*Filter) {
	for _, e := range m.list("known", "known", "- user: and host:") {
		f := *common
		f.Source.Line = e.line
		f.reason(e)
		f.rules(e)
		f.detection = p.principal(e)
		e.rest(false)
		e.must(f.Reason != "", "", "known: no reason")
		list = append(list, &f)
	}
	return list
}

// principal makes the condition of who is known.
func (p *parser) principal(m *mapping) *detection {
	var list []node
	var written []string
	for _, key := range []string{"user", "host", "digest", "database"} {
		it := &item{field: placeholders[key], key: key}
		for _, text := range m.texts(key) {
			t, err := modifiers{"cidr": key == "host" && strings.Contains(text, "/")}.test(text)
			m.must(err == nil, key, "%v", err)
			it.tests = append(it.tests, t)
			written = append(written, key+" "+text)
		}
		if m.has(key) {
			list = append(list, it)
		}
	}
	m.must(len(list) > 0, "", "known: write at least one of user, host, digest, database")
	return &detection{condition: join(true, list), written: strings.Join(written, ", ")}
}

// Concerns reports whether the filter is about a rule.
func (f *Filter) Concerns(r *Rule) bool {
	return len(f.Refs) == 0 || slices.ContainsFunc(f.Refs, r.called)
}

// Match evaluates the filter on an entry or login of a detection at a time.
func (f *Filter) Match(e Event, at time.Time) Truth {
	if !f.Until.IsZero() && !at.Before(f.Until) {
		return False
	}
	return eval(f.detection.condition, e)
}

// String returns who or what is excused.
func (f *Filter) String() string { return f.detection.written }
