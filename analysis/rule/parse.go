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

	"go.yaml.in/yaml/v3"
)

// Options are the settings of a reader of rules.
type Options struct {
	// Natives are the names of native code, each with its parameters; nil leaves
	// them unchecked.
	Natives map[string][]string
}

// File is what one or more files hold.
type File struct {
	Rules   []*Rule
	Filters []*Filter
}

func (f *File) add(more File) {
	f.Rules, f.Filters = append(f.Rules, more.Rules...), append(f.Filters, more.Filters...)
}

// parser reads one file.
type parser struct {
	Problems
	Document
	digest string
	opt    Options
	plain  bool // fields are renamed in the document as ExportSigma calls them
}

// Parse reads the rules and filters of a file. Those with problems that are no warnings
// are left out; the others are not linked to one another yet, see NewSet. The tests of
// built-in rules are read when they are asked for.
func (d Document) Parse(opt Options) (out File, problems Problems) {
	sum := sha256.Sum256(d.Text)
	p := &parser{Document: d, digest: hex.EncodeToString(sum[:]), opt: opt}
	text := d.Text
	if d.Layer == builtinLayer {
		text = withoutTests(text)
	}
	docs := p.documents(text)
	if len(docs) == 0 && len(p.Problems) == 0 {
		p.wrong(0, "no rule in it: write title, detection and level")
	}
	for i, doc := range docs {
		before := len(p.Problems)
		read := p.document(doc, i)
		if p.Problems[before:].Err() == nil {
			out.add(read)
		}
	}
	return out, p.sorted()
}

// wrong notes a problem of a line.
func (p *parser) wrong(line int, format string, args ...any) { p.add(p.Name, line, format, args...) }

// document reads one document, the place of which in the file is given.
func (p *parser) document(n *yaml.Node, place int) (read File) {
	m := p.mapping(n, "the document")
	switch {
	case m.has("filter", "known"):
		read.Filters = p.filters(m)
	case m.has("detection", "correlation", "sqleuth", "enabled"):
		r := p.rule(m)
		r.place = place
		read.Rules = []*Rule{r}
	default:
		p.wrong(m.line, "neither rule nor filter: write detection, correlation, filter or known")
	}
	return read
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
		ID: strings.ToLower(m.text("id")), Title: m.text("title"), Description: m.text("description"), Enabled: m.yes("enabled", true),
		Source: Source{p.Name, m.line, p.digest}, Builtin: p.Layer == builtinLayer, detection: nowhere, file: p.Document,
	}
	r.Name = cmp.Or(m.text("name"), slug(r.Title), r.ID)
	m.must(r.ID == "" || uuid.MatchString(r.ID), "id", "id %q is no UUID: write one of the form 8-4-4-4-12 hexadecimal digits", r.ID)
	m.must(r.Name != "", "", "neither id nor name")
	m.must(r.Name == "" || ruleName.MatchString(r.Name), "name", "name %q: write letters, digits, dots, - and _, at most 64", r.Name)
	if !r.Enabled {
		return r
	}
	m.must(r.Title != "", "", "no title: write title: and what the rule finds")
	m.oneOf("status", statuses)
	m.texts("references")
	m.texts("falsepositives")
	r.Level = m.level("level", r.ID != "")
	r.classified(m.texts("tags"))
	p.logsource(m)
	if m.has("detection") {
		block := m.block("detection")
		block.must(!block.has("timeframe"), "timeframe", "timeframe is of Sigma's old form: write a correlation")
		r.detection = p.detection(block)
	}
	if m.has("correlation") {
		r.Correlated = p.correlation(m.block("correlation"))
		m.must(!m.has("detection"), "", "detection and correlation in one document: put --- between them")
	}
	p.own(m.block("sqleuth"), r)
	m.rest(true, "author", "date", "modified", "license", "related", "taxonomy", "scope", "fields")
	p.classify(m, r)
	return r
}

var noSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug returns a name for a rule that has a title only.
func slug(title string) string {
	s := strings.Trim(noSlug.ReplaceAllString(strings.ToLower(title), "-"), "-")
	return strings.TrimRight(s[:min(len(s), 48)], "-")
}

// logsource reports a rule that is not about a database's statements.
func (p *parser) logsource(m *mapping) {
	source := m.block("logsource")
	product, category := source.text("product"), source.text("category")
	source.rest(true, "service", "definition")
	if product != "" && product != "mysql" && product != "mariadb" || category != "" && category != "database" {
		p.warn(p.Name, source.line, "logsource is not a database's: the rule is evaluated on MySQL statements all the same")
	}
}

// own reads the block that is ours.
func (p *parser) own(m *mapping, r *Rule) {
	r.Says = Template(m.text("says"))
	err := r.Says.check()
	m.must(err == nil, "says", "says: %v", err)
	r.Sees, r.Misses, r.Alike, r.Next = m.text("sees"), m.text("misses"), m.text("alike"), m.text("next")
	r.Per = Per(m.oneOf("per", perText[:]))
	if m.has("pause") {
		r.Pause = m.timespan("pause")
	}
	p.levels(m, r)
	p.native(m, r)
	p.tests(m) // of which only what is wrong matters now
	m.rest(false)
}

// levels reads the adjustments of the level.
func (p *parser) levels(own *mapping, r *Rule) {
	for _, m := range own.list("levels", "levels", "- when: and level:") {
		a := Adjustment{Level: m.level("level", true)}
		switch when := m.get("when"); {
		case when == nil:
			p.wrong(m.line, "levels: no when: write a condition or the fields of a selection")
		case when.Kind != yaml.ScalarNode:
			a.When, a.condition = "line "+strconv.Itoa(when.Line), p.selection(when, "when")
		default:
			var err error
			a.When = when.Value
			a.condition, err = r.detection.parse(a.When)
			m.must(err == nil, "when", "when: %v", err)
		}
		m.rest(false)
		r.Levels = append(r.Levels, a)
	}
}

// native reads the name of native code and its parameters, and holds them against what
// exists. Lists are kept with a line for each value.
func (p *parser) native(m *mapping, r *Rule) {
	r.Native = m.text("native")
	known, ok := p.opt.Natives[r.Native]
	m.must(ok || r.Native == "" || p.opt.Natives == nil, "native", "no native code is called %q%s", r.Native, nearestHint(r.Native, keys(p.opt.Natives)))
	m.must(r.Native != "" || !m.has("parameters"), "parameters", "parameters without native")
	r.Parameters = Parameters{}
	for _, e := range m.block("parameters").entries {
		name := e.key.Value
		r.Parameters[name] = strings.Join(p.scalars(e.value, name), "\n")
		m.must(!ok || slices.Contains(known, name), "parameters", "%s has no parameter %q%s", r.Native, name, nearestHint(name, known))
	}
}

// classify works out what the rule is evaluated on and what it asks for. A selection that
// no condition refers to is mistyped, most likely.
func (p *parser) classify(m *mapping, r *Rule) {
	r.Asks = asks(r.detection.condition)
	var login, statement Field
	for _, f := range r.Asks.Fields() {
		_, isFact := f.Fact()
		switch {
		case f.login():
			login = f
		case isFact || f == Text:
			statement = f
		}
		m.must(!f.OfMatch(), "detection", "%s is known when a detection is complete: write it in levels only", f)
	}
	m.must(login == 0 || statement == 0, "detection", "%s is of logins and %s of statements: write two rules and a correlation", login, statement)
	switch {
	case r.Correlated != nil:
		r.Kind = Correlation
	case login != 0:
		r.Kind = Login
	case !m.has("detection", "correlation"):
		r.Kind = Native
		m.must(r.Native != "", "", "neither detection nor correlation nor native")
	}
	used := map[string]bool{}
	referred(r.detection.condition, used)
	for _, a := range r.Levels {
		r.Asks = r.Asks.union(asks(a.condition))
		referred(a.condition, used)
	}
	for _, s := range r.detection.selections {
		if !used[s.name] && r.detection.written != "" { // else the condition has a problem
			p.warn(p.Name, s.line, "no condition refers to the selection %q", s.name)
		}
	}
}

// tests reads the rule's own examples.
func (p *parser) tests(own *mapping) (list []Test) {
	for _, m := range own.list("tests", "a test", "- sql: and level:") {
		t := Test{Line: m.line, SQL: m.text("sql"), Log: m.text("log"), Database: m.text("database"), User: m.text("user"), Host: m.text("host"),
			Event: p.values(m, "event"), With: p.values(m, "with"), Level: none}
		forms := slices.DeleteFunc([]bool{t.SQL != "", t.Log != "", t.Event != nil}, func(has bool) bool { return !has })
		m.must(len(forms) == 1, "", "a test has one of sql, log and event")
		if m.text("level") != none {
			t.Level = m.level("level", true).String()
		}
		m.rest(false)
		list = append(list, t)
	}
	return list
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

// values reads fields with values.
func (p *parser) values(m *mapping, key string) Values {
	if !m.has(key) {
		return nil
	}
	out := Values{}
	for _, e := range m.block(key).entries {
		out[p.fieldNamed(e.key.Value, e.key)] = p.scalars(e.value, e.key.Value)
	}
	return out
}

// correlation reads a correlation. What it refers to is resolved by NewSet.
func (p *parser) correlation(m *mapping) *Correlated {
	c := &Correlated{Type: Type(m.oneOf("type", typeText[:])), Refs: m.texts("rules"), Timespan: m.timespan("timespan"), Generate: m.yes("generate", false),
		aliases: map[string]map[string]string{}}
	m.must(m.has("type"), "", "correlation: no type: write one of %s", strings.Join(typeText[:], ", "))
	m.must(len(c.Refs) > 0, "", "correlation: no rules: write the names or ids of rules")
	for _, alias := range m.block("aliases").entries {
		of := map[string]string{}
		for _, e := range p.mapping(alias.value, alias.key.Value).entries {
			of[e.key.Value] = p.scalar(e.value, e.key.Value)
			p.rename(of[e.key.Value], e.value)
		}
		c.aliases[alias.key.Value] = of
	}
	c.GroupBy = p.names(m, "group-by", c)
	p.bounds(m, c)
	m.rest(false)
	return c
}

// names returns the names of fields or aliases that a key has.
func (p *parser) names(m *mapping, key string, c *Correlated) []string {
	list := m.texts(key)
	for i, n := range items(m.get(key)) {
		if c.aliases[list[i]] == nil {
			p.rename(list[i], n)
		}
	}
	return list
}

var operators = strings.Fields("gt gte lt lte eq neq")

// bounds reads the condition of a count.
func (p *parser) bounds(m *mapping, c *Correlated) {
	condition, has, counts := m.block("condition"), m.has("condition"), c.Type == EventCount || c.Type == ValueCount
	m.must(has || !counts, "", "%s has no condition: write condition: {gte: 10}", c.Type)
	m.must(!has || counts, "condition", "%s takes no condition: all of its rules must be found", c.Type)
	m.must(has || counts || len(c.Refs) >= 2, "", "%s needs two rules", c.Type)
	if !has || !counts {
		return
	}
	c.Values = p.names(condition, "field", c)
	condition.must((len(c.Values) > 0) == (c.Type == ValueCount), "", "value_count, and no other type, has a field in its condition: the one whose values are counted")
	for _, op := range operators {
		if text := condition.text(op); text != "" {
			n, err := strconv.ParseUint(text, 10, 31)
			condition.must(err == nil, op, "%q is no count: write a whole number", text)
			c.Bounds = append(c.Bounds, Bound{op, int(n)})
		}
	}
	condition.rest(false)
	condition.must(len(c.Bounds) > 0, "", "condition: write one of %s with a number", strings.Join(operators, ", "))
}
