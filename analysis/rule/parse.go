package rule

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

// Options are the settings of a reader of rules.
type Options struct {
	// Natives are the names of native code, each with its parameters; nil leaves
	// them unchecked.
	Natives map[string][]string

	testsLater bool // rules' tests are read when they are asked for
}

// File is what one file holds.
type File struct {
	Rules   []*Rule
	Filters []*Filter

	documents []Document
}

// parser reads one file.
type parser struct {
	Problems
	file   string
	text   []byte // that is read
	whole  []byte // with the tests of rules
	later  func() map[int][]Test
	digest string
	opt    Options
	out    File
}

// Parse reads the documents of a file. Documents with problems that are no
// warnings are left out; the others are not linked to one another yet, see NewSet.
func Parse(name string, text []byte, opt Options) (File, Problems) {
	sum := sha256.Sum256(text)
	p := &parser{file: name, text: text, whole: text, digest: hex.EncodeToString(sum[:]), opt: opt}
	if opt.testsLater {
		p.text, p.later = withoutTests(text), sync.OnceValue(func() map[int][]Test { return testsIn(name, text) })
	}
	docs := p.documents()
	if len(docs) == 0 && len(p.Problems) == 0 {
		p.add(name, 0, "no rule in it: write title, detection and level")
	}
	for i, doc := range docs {
		p.document(doc, i)
	}
	return p.out, p.sorted()
}

// document reads one document and keeps it if nothing is wrong with it.
func (p *parser) document(n *yaml.Node, document int) {
	before := len(p.Problems)
	m := p.mapping(n, "the document")
	has := func(key string) bool { return m.get(key) != nil }
	var r *Rule
	var filters []*Filter
	switch {
	case has("filter"), has("known"):
		filters = p.filters(m)
	case has("detection"), has("correlation"), has("sqleuth"), has("enabled"):
		r = p.rule(m)
	default:
		p.add(p.file, m.line, "neither rule nor filter: write detection, correlation, filter or known")
	}
	if p.Problems[before:].Err() != nil {
		return
	}
	if r != nil {
		r.text, r.document = p.whole, document
		if p.later != nil {
			r.tests = func() []Test { return p.later()[document] }
		}
		p.out.Rules = append(p.out.Rules, r)
	}
	p.out.Filters = append(p.out.Filters, filters...)
}

var (
	uuid     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	ruleName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	statuses = []string{"stable", "test", "experimental", "deprecated", "unsupported"}
)

// nowhere is the detection of a rule that has none.
var nowhere = &detection{condition: settled(false)}

// rule reads a rule or correlation.
func (p *parser) rule(m *mapping) *Rule {
	r := &Rule{
		Title: m.text("title"), Status: m.text("status"), Description: m.text("description"), References: m.texts("references"),
		Tags: m.texts("tags"), FalsePositives: m.texts("falsepositives"), Enabled: m.yes("enabled", true),
		Source: Source{p.file, m.line, p.digest}, detection: nowhere,
	}
	p.identity(m, r)
	if !r.Enabled {
		for _, e := range m.entries {
			m.asked[e.key] = true
		}
		return r
	}
	for _, known := range []string{"author", "date", "modified", "license", "related", "taxonomy", "scope", "fields", "logsource"} {
		m.get(known)
	}
	p.head(m, r)
	p.logsource(m)
	detection, correlation := m.get("detection"), m.get("correlation")
	if detection != nil {
		block := p.mapping(detection, "detection")
		if n := block.get("timeframe"); n != nil {
			p.add(p.file, n.Line, "timeframe is of Sigma's old form: write a correlation")
		}
		r.detection = p.detection(block, "timeframe")
	}
	if correlation != nil {
		p.correlation(p.mapping(correlation, "correlation"), r)
	}
	if detection != nil && correlation != nil {
		p.add(p.file, m.line, "detection and correlation in one document: put --- between them")
	}
	if own := m.get("sqleuth"); own != nil {
		p.own(p.mapping(own, "sqleuth"), r)
	}
	m.rest(true)
	p.classify(m, r)
	p.unused(r)
	return r
}

// identity reads id and name. A rule without a name is called after its title.
func (p *parser) identity(m *mapping, r *Rule) {
	r.ID = strings.ToLower(m.text("id"))
	if r.ID != "" && !uuid.MatchString(r.ID) {
		p.add(p.file, m.lineOf("id"), "id %q is no UUID: write one of the form 8-4-4-4-12 hexadecimal digits", r.ID)
	}
	r.Name = m.text("name")
	if r.Name == "" {
		r.Name = cmp.Or(slug(r.Title), r.ID)
	}
	switch {
	case r.Name == "":
		p.add(p.file, m.line, "neither id nor name")
	case !ruleName.MatchString(r.Name):
		p.add(p.file, m.lineOf("name"), "name %q: write letters, digits, dots, - and _, at most 64", r.Name)
	}
}

var noSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug returns a name for a rule that has a title only.
func slug(title string) string {
	s := strings.Trim(noSlug.ReplaceAllString(strings.ToLower(title), "-"), "-")
	return strings.TrimRight(s[:min(len(s), 48)], "-")
}

// head reads what every rule has.
func (p *parser) head(m *mapping, r *Rule) {
	if r.Title == "" {
		p.add(p.file, m.line, "no title: write title: and what the rule finds")
	}
	if r.Status != "" && !slices.Contains(statuses, r.Status) {
		p.add(p.file, m.lineOf("status"), "status %q is none of %s%s", r.Status, strings.Join(statuses, ", "), nearestHint(r.Status, statuses))
	}
	r.Level = p.level(m, "level", r.ID != "")
	for _, tag := range r.Tags {
		if t, ok := technique(tag); ok {
			r.Techniques = append(r.Techniques, t)
		} else if tactic, ok := strings.CutPrefix(strings.ToLower(tag), "attack."); ok {
			r.Tactics = append(r.Tactics, tactic)
		}
	}
}

// level reads a severity.
func (p *parser) level(m *mapping, key string, needed bool) Severity {
	word := m.text(key)
	s, ok := SeverityNamed(word)
	if !ok && (word != "" || needed) {
		p.add(p.file, m.lineOf(key), "%s %q is none of context (informational), low, medium, high, critical", key, word)
	}
	return s
}

// logsource reports a rule that is not about a database's statements.
func (p *parser) logsource(m *mapping) {
	n := m.get("logsource")
	if n == nil {
		return
	}
	source := p.mapping(n, "logsource")
	product, category := source.text("product"), source.text("category")
	source.text("service")
	source.text("definition")
	source.rest(true)
	if product != "" && product != "mysql" && product != "mariadb" || category != "" && category != "database" {
		p.warn(p.file, n.Line, "logsource is not a database's: the rule is evaluated on MySQL statements all the same")
	}
}

// own reads the block that is ours.
func (p *parser) own(m *mapping, r *Rule) {
	r.Says = Template(m.text("says"))
	if err := r.Says.check(); err != nil {
		p.add(p.file, m.lineOf("says"), "says: %v", err)
	}
	r.Sees, r.Misses, r.Alike, r.Next = m.text("sees"), m.text("misses"), m.text("alike"), m.text("next")
	p.per(m, r)
	if n := m.get("levels"); n != nil {
		p.levels(n, r)
	}
	r.Native = m.text("native")
	if n := m.get("parameters"); n != nil {
		r.Parameters = p.parameters(p.mapping(n, "parameters"))
	}
	p.native(m, r)
	if n := m.get("tests"); n != nil {
		p.tests(n, r)
	}
	m.rest(false)
}

func (p *parser) per(m *mapping, r *Rule) {
	if word := m.text("per"); word != "" {
		i := slices.Index(perText[:], word)
		if i < 0 {
			p.add(p.file, m.lineOf("per"), "per %q is none of %s", word, strings.Join(perText[:], ", "))
		}
		r.Per = Per(max(i, 0))
	}
	if text := m.text("pause"); text != "" {
		var err error
		if r.Pause, err = parseTimespan(text); err != nil {
			p.add(p.file, m.lineOf("pause"), "pause: %v", err)
		}
	}
}

// levels reads the adjustments of the level.
func (p *parser) levels(n *yaml.Node, r *Rule) {
	if n.Kind != yaml.SequenceNode {
		p.add(p.file, n.Line, "levels needs a list: write - when: and level:")
		return
	}
	for _, child := range n.Content {
		m := p.mapping(child, "levels")
		a := Adjustment{Level: p.level(m, "level", true)}
		when := m.get("when")
		m.rest(false)
		switch {
		case when == nil:
			p.add(p.file, child.Line, "levels: no when: write a condition or the fields of a selection")
			continue
		case when.Kind != yaml.ScalarNode:
			a.condition = p.selection(when, "when")
			a.When = "line " + strconv.Itoa(when.Line)
		case r.detection == nowhere:
			p.add(p.file, when.Line, "when: there are no selections here: write fields with values")
			continue
		default:
			var err error
			if a.condition, err = r.detection.parse(when.Value); err != nil {
				p.add(p.file, when.Line, "when: %v", err)
				continue
			}
			a.When = when.Value
		}
		r.Levels = append(r.Levels, a)
	}
}

// parameters reads the settings of native code; lists are kept with a line for
// each value.
func (p *parser) parameters(m *mapping) Parameters {
	out := Parameters{}
	for _, e := range m.entries {
		out[e.key] = strings.Join(p.scalars(e.value, e.key), "\n")
	}
	return out
}

// native holds the name of native code and its parameters against what exists.
func (p *parser) native(m *mapping, r *Rule) {
	if r.Native == "" {
		if r.Parameters != nil {
			p.add(p.file, m.lineOf("parameters"), "parameters without native")
		}
		return
	}
	if p.opt.Natives == nil {
		return
	}
	known, ok := p.opt.Natives[r.Native]
	if !ok {
		p.add(p.file, m.lineOf("native"), "no native code is called %q%s", r.Native, nearestHint(r.Native, keys(p.opt.Natives)))
		return
	}
	for name := range r.Parameters {
		if !slices.Contains(known, name) {
			p.add(p.file, m.lineOf("parameters"), "%s has no parameter %q%s", r.Native, name, nearestHint(name, known))
		}
	}
}

// classify works out what the rule is evaluated on and what it asks for.
func (p *parser) classify(m *mapping, r *Rule) {
	r.necessary = []FieldSet{{}}
	switch {
	case r.Correlated != nil:
		r.Kind = Correlation
	case r.detection != nowhere:
		p.classifyDetection(m, r)
	case m.get("detection") == nil && m.get("correlation") == nil:
		r.Kind = Native
		if r.Native == "" {
			p.add(p.file, m.line, "neither detection nor correlation nor native")
		}
	}
	for _, a := range r.Levels {
		r.Asks = r.Asks.union(asks(a.condition))
	}
	r.NeedsText = r.Asks.Has(Text)
}

func (p *parser) classifyDetection(m *mapping, r *Rule) {
	r.Asks = asks(r.detection.condition)
	var login, statement Field
	for _, f := range r.Asks.Fields() {
		_, isFact := f.Fact()
		switch {
		case f.login():
			login = f
		case isFact || f == Text:
			statement = f
		case f.ofMatch():
			p.add(p.file, m.lineOf("detection"), "%s is known when a detection is complete: write it in levels only", f)
		}
	}
	if login != 0 {
		r.Kind = Login
	}
	if login != 0 && statement != 0 {
		p.add(p.file, m.lineOf("detection"), "%s is of logins and %s of statements: write two rules and a correlation", login, statement)
	}
	r.necessary = r.necessary[:0]
	for _, s := range r.detection.condition.necessary() {
		s[1] = 0 // fields that are no facts
		r.necessary = append(r.necessary, s)
	}
	r.necessary = minimal(r.necessary)
}

// unused reports selections that no condition refers to: mistyped, most likely. Of a
// condition with a problem that is not known.
func (p *parser) unused(r *Rule) {
	if r.detection.written == "" {
		return
	}
	used := map[string]bool{}
	referred(r.detection.condition, used)
	for _, a := range r.Levels {
		referred(a.condition, used)
	}
	for _, s := range r.detection.selections {
		if !used[s.name] {
			p.warn(p.file, s.line, "no condition refers to the selection %q", s.name)
		}
	}
}

// tests reads the rule's own examples.
func (p *parser) tests(n *yaml.Node, r *Rule) {
	if n.Kind != yaml.SequenceNode {
		p.add(p.file, n.Line, "tests needs a list: write - sql: and level:")
		return
	}
	var list []Test
	for _, child := range n.Content {
		m := p.mapping(child, "a test")
		t := Test{Line: child.Line, SQL: m.text("sql"), Log: m.text("log"), Database: m.text("database"), User: m.text("user"), Host: m.text("host")}
		t.Event, t.With = p.values(m, "event"), p.values(m, "with")
		forms := 0
		for _, has := range []bool{t.SQL != "", t.Log != "", t.Event != nil} {
			if has {
				forms++
			}
		}
		if forms != 1 {
			p.add(p.file, child.Line, "a test has one of sql, log and event")
		}
		if t.None = m.text("level") == "none"; !t.None {
			t.Level = p.level(m, "level", true)
		}
		m.rest(false)
		list = append(list, t)
	}
	r.tests = func() []Test { return list }
}

// withoutTests empties the lines of the tests in a file that is laid out as the
// built-in ones are: the larger part of it, which nobody who looks at a log needs.
func withoutTests(text []byte) []byte {
	out, skip := make([]byte, 0, len(text)/2), false
	for line := range bytes.Lines(text) {
		blank := len(bytes.TrimSpace(line)) == 0
		if skip = skip && (blank || bytes.HasPrefix(line, []byte("   "))) || string(line) == "  tests:\n"; skip {
			line = line[len(line)-1:] // so that the others keep their numbers
		}
		out = append(out, line...)
	}
	return out
}

// testsIn returns the tests of the rules of a file, by document.
func testsIn(name string, text []byte) map[int][]Test {
	file, _ := Parse(name, text, Options{})
	tests := map[int][]Test{}
	for _, r := range file.Rules {
		tests[r.document] = r.Tests()
	}
	return tests
}

// values reads fields with values.
func (p *parser) values(m *mapping, key string) Values {
	n := m.get(key)
	if n == nil {
		return nil
	}
	out := Values{}
	for _, e := range p.mapping(n, key).entries {
		out[p.fieldNamed(e.key, e.line)] = p.scalars(e.value, e.key)
	}
	return out
}

// correlation reads a correlation. What it refers to is resolved by NewSet.
func (p *parser) correlation(m *mapping, r *Rule) {
	c := &Correlated{Refs: m.texts("rules"), GroupBy: m.texts("group-by"), Generate: m.yes("generate", false)}
	word := m.text("type")
	i := slices.Index(typeText[:], word)
	switch {
	case word == "value_sum" || word == "value_avg" || word == "value_percentile":
		p.add(p.file, m.lineOf("type"), "type %q needs numbers, and statements have none: write one of %s", word, strings.Join(typeText[:], ", "))
	case i < 0:
		p.add(p.file, m.lineOf("type"), "type %q is none of %s%s", word, strings.Join(typeText[:], ", "), nearestHint(word, typeText[:]))
	}
	c.Type = Type(max(i, 0))
	if len(c.Refs) == 0 {
		p.add(p.file, m.line, "correlation: no rules: write the names or ids of rules")
	}
	var err error
	if c.Timespan, err = parseTimespan(m.text("timespan")); err != nil {
		p.add(p.file, m.lineOf("timespan"), "timespan: %v", err)
	}
	p.aliases(m, c)
	p.bounds(m, c)
	m.rest(false)
	r.Correlated = c
}

func (p *parser) aliases(m *mapping, c *Correlated) {
	n := m.get("aliases")
	if n == nil {
		return
	}
	c.aliases = map[string]map[string]string{}
	for _, alias := range p.mapping(n, "aliases").entries {
		of := map[string]string{}
		for _, e := range p.mapping(alias.value, alias.key).entries {
			of[e.key] = p.scalar(e.value, e.key)
		}
		c.aliases[alias.key] = of
	}
}

var operators = strings.Fields("gt gte lt lte eq neq")

// bounds reads the condition of a count.
func (p *parser) bounds(m *mapping, c *Correlated) {
	n := m.get("condition")
	counts := c.Type == EventCount || c.Type == ValueCount
	switch {
	case n == nil && counts:
		p.add(p.file, m.line, "%s has no condition: write condition: {gte: 10}", c.Type)
		return
	case n != nil && !counts:
		p.add(p.file, n.Line, "%s takes no condition: all of its rules must be found", c.Type)
		return
	case n == nil:
		if len(c.Refs) < 2 {
			p.add(p.file, m.line, "%s needs two rules", c.Type)
		}
		return
	}
	condition := p.mapping(n, "condition")
	if c.Values = condition.texts("field"); (len(c.Values) > 0) != (c.Type == ValueCount) {
		p.add(p.file, n.Line, "value_count, and no other type, has a field in its condition: the one whose values are counted")
	}
	for _, op := range operators {
		if text := condition.text(op); text != "" {
			c.Bounds = append(c.Bounds, Bound{op, p.count(text, condition.lineOf(op))})
		}
	}
	condition.rest(false)
	if len(c.Bounds) == 0 {
		p.add(p.file, n.Line, "condition: write one of %s with a number", strings.Join(operators, ", "))
	}
}

// count reads a number of events.
func (p *parser) count(text string, line int) int {
	n, err := parseCount(text)
	if err != nil {
		p.add(p.file, line, "%v", err)
	}
	return n
}

// until reads the last day on which something holds, as the end of it in UTC.
func (p *parser) until(m *mapping) time.Time {
	text := m.text("until")
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		p.add(p.file, m.lineOf("until"), "until %q: write a date like 2026-12-31", text)
	}
	return day.AddDate(0, 0, 1)
}
