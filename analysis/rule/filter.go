package rule

import (
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
	f := &Filter{Title: m.text("title"), ID: strings.ToLower(m.text("id")), Source: Source{p.file, m.line, p.digest}}
	if f.Title == "" {
		p.add(p.file, m.line, "no title: write title: and what is excused")
	}
	for _, known := range []string{"logsource", "description", "author", "date", "modified", "status", "name"} {
		m.get(known)
	}
	known, filter, own := m.get("known"), m.get("filter"), m.get("sqleuth")
	if own != nil {
		block := p.mapping(own, "sqleuth")
		f.Reason, f.Until = block.text("reason"), p.until(block)
		block.rest(false)
	}
	m.rest(true)
	if filter != nil && known != nil {
		p.add(p.file, m.line, "filter and known in one document: put --- between them")
	}
	if known != nil {
		return p.known(m, f)
	}
	p.filter(p.mapping(filter, "filter"), f)
	if f.Reason == "" {
		p.add(p.file, m.line, "no reason: write sqleuth: {reason: ...}, so that others can tell why this is excused")
	}
	return []*Filter{f}
}

// filter reads the rules, selections and condition of a Sigma filter.
func (p *parser) filter(m *mapping, f *Filter) {
	if f.Refs = m.texts("rules"); len(f.Refs) == 0 {
		p.add(p.file, m.line, "filter: no rules: write their names or ids, or any")
	}
	f.Refs = unlessAny(f.Refs)
	f.detection = p.detection(m, "rules")
	// Sigma's condition selects the hits that remain, so it begins with not; ours
	// may also select those that go.
	if n, ok := f.detection.condition.(not); ok {
		f.detection.condition = n.node
	}
	m.rest(false)
}

// unlessAny returns references to rules, none where they are the word any.
func unlessAny(refs []string) []string {
	if len(refs) == 1 && refs[0] == "any" {
		return nil
	}
	return refs
}

// known reads a list of principals: user, host or network, digest, rules, reason
// and until when.
func (p *parser) known(m *mapping, common *Filter) []*Filter {
	var list []*Filter
	n := m.get("known")
	for _, child := range n.Content {
		e := p.mapping(child, "known")
		f := *common
		f.Source.Line = child.Line
		if reason := e.text("reason"); reason != "" {
			f.Reason = reason
		}
		if until := p.until(e); !until.IsZero() {
			f.Until = until
		}
		f.Refs = unlessAny(e.texts("rules"))
		f.detection = p.principal(e)
		e.rest(false)
		if f.Reason == "" {
			p.add(p.file, child.Line, "known: no reason")
		}
		list = append(list, &f)
	}
	if len(list) == 0 {
		p.add(p.file, n.Line, "known needs a list: write - user: and host:")
	}
	return list
}

// principal makes the condition of who is known.
func (p *parser) principal(m *mapping) *detection {
	var list []node
	var written []string
	for _, part := range []struct {
		key   string
		field Field
	}{{"user", UserName}, {"host", SourceIP}, {"digest", DigestHash}, {"database", Namespace}} {
		n := m.get(part.key)
		if n == nil {
			continue
		}
		it := &item{field: part.field, key: part.key}
		for _, text := range p.scalars(n, part.key) {
			t, err := modifiers{"cidr": part.field == SourceIP && strings.Contains(text, "/")}.test(text)
			if err != nil {
				p.add(p.file, n.Line, "%v", err)
				continue
			}
			it.tests = append(it.tests, t)
			written = append(written, part.key+" "+text)
		}
		list = append(list, it)
	}
	if len(list) == 0 {
		p.add(p.file, m.line, "known: write at least one of user, host, digest, database")
	}
	return &detection{condition: join(true, list), written: strings.Join(written, ", ")}
}

// Concerns reports whether the filter is about a rule.
func (f *Filter) Concerns(r *Rule) bool {
	if len(f.Refs) == 0 {
		return true
	}
	for _, ref := range f.Refs {
		if ref == r.Name || r.ID != "" && strings.EqualFold(ref, r.ID) {
			return true
		}
	}
	return false
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
