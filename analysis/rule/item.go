package rule

import (
	"fmt"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// item is one field of a selection with what is asked of its values.
type item struct {
	field Field
	key   string // as written, with its modifiers
	tests []test
	all   bool // each test must be true of a value, else one
	null  bool // no value at all is right too
}

// test is asked of one value of a field.
type test interface {
	match(value string) bool
	String() string
}

func (n *item) eval(e Event) Truth {
	values, known := e.Values(n.field)
	if !known {
		return Unknown
	}
	if len(values) == 0 {
		return truth(n.null)
	}
	return truth(n.holds(values))
}

func (n *item) holds(values []string) bool {
	for _, t := range n.tests {
		found := false
		for _, v := range values {
			if t.match(v) {
				found = true
				break
			}
		}
		if found != n.all {
			return found
		}
	}
	return n.all && len(n.tests) > 0
}

func (n *item) necessary() []FieldSet {
	if n.null {
		return []FieldSet{{}}
	}
	return []FieldSet{FieldSet{}.With(n.field)}
}

func (n *item) asks() FieldSet { return FieldSet{}.With(n.field) }

// exists asks whether a field has a value.
type exists struct {
	field Field
	key   string
	want  bool
}

func (n *exists) eval(e Event) Truth {
	values, known := e.Values(n.field)
	if !known {
		return Unknown
	}
	return truth(len(values) > 0 == n.want)
}

func (n *exists) necessary() []FieldSet {
	if n.want {
		return []FieldSet{FieldSet{}.With(n.field)}
	}
	return []FieldSet{{}}
}

func (n *exists) asks() FieldSet { return FieldSet{}.With(n.field) }

// reference compares the values of two fields.
type reference struct {
	field, other Field
	key          string
	compare      func(value, other string) bool // of lower case
}

func (n *reference) eval(e Event) Truth {
	values, known := e.Values(n.field)
	if !known {
		return Unknown
	}
	// What the second call returns may overwrite what the first did.
	values = append([]string(nil), values...)
	others, known := e.Values(n.other)
	if !known {
		return Unknown
	}
	for _, v := range values {
		for _, o := range others {
			if n.compare(strings.ToLower(v), strings.ToLower(o)) {
				return True
			}
		}
	}
	return False
}

func (n *reference) necessary() []FieldSet { return []FieldSet{n.asks()} }
func (n *reference) asks() FieldSet        { return FieldSet{}.With(n.field).With(n.other) }

// number compares a value that is a number.
type number struct {
	op    string // gt, gte, lt, lte
	bound float64
}

func (t number) match(value string) bool {
	v, err := strconv.ParseFloat(value, 64)
	return err == nil && compare(t.op, v, t.bound)
}

func (t number) String() string { return strconv.FormatFloat(t.bound, 'f', -1, 64) }

// compare answers the operators of Sigma.
func compare(op string, v, bound float64) bool {
	switch op {
	case "gt":
		return v > bound
	case "gte":
		return v >= bound
	case "lt":
		return v < bound
	case "lte":
		return v <= bound
	case "eq":
		return v == bound
	case "neq":
		return v != bound
	}
	panic("unknown operator " + op)
}

// network is a range of addresses; a name is in none.
type network struct{ netip.Prefix }

func (t network) match(value string) bool {
	addr, err := netip.ParseAddr(value)
	return err == nil && t.Contains(addr.Unmap().WithZone(""))
}

// expression is a regular expression that is looked for in a value.
type expression struct {
	*regexp.Regexp
	written string
}

func (t expression) match(value string) bool { return t.MatchString(value) }
func (t expression) String() string          { return t.written }

// modifiers are the words behind a field's name.
type modifiers struct {
	contains, startswith, endswith, all, re, cased, exists, cidr, fieldref bool
	order                                                                  string // gt, gte, lt, lte
	flags                                                                  string // of re: i, m, s
}

// supported are the modifiers in the order in which messages name them.
const supported = "contains, startswith, endswith, all, re (with i, m, s), cased, exists, cidr, fieldref, gt, gte, lt, lte"

func parseModifiers(words []string) (m modifiers, err error) {
	for i, w := range words {
		switch w {
		case "contains":
			m.contains = true
		case "startswith":
			m.startswith = true
		case "endswith":
			m.endswith = true
		case "all":
			m.all = true
		case "re":
			m.re = true
		case "cased":
			m.cased = true
		case "exists":
			m.exists = true
		case "cidr":
			m.cidr = true
		case "fieldref":
			m.fieldref = true
		case "gt", "gte", "lt", "lte":
			if m.order != "" {
				return m, fmt.Errorf("%s and %s in one key: write the field twice, in a list of and-ed selections", m.order, w)
			}
			m.order = w
		case "i", "m", "s":
			if i == 0 || !m.re {
				return m, fmt.Errorf("modifier %q goes behind re", w)
			}
			m.flags += w
		default:
			return m, fmt.Errorf("modifier %q is none of %s%s", w, supported, nearestHint(w, strings.Split(supported, ", ")))
		}
	}
	return m, m.contradiction()
}

// contradiction tells of modifiers that exclude one another.
func (m modifiers) contradiction() error {
	places, kinds := 0, 0
	for _, set := range []bool{m.contains, m.startswith, m.endswith} {
		if set {
			places++
		}
	}
	for _, set := range []bool{m.re, m.exists, m.cidr, m.fieldref, m.order != ""} {
		if set {
			kinds++
		}
	}
	switch {
	case places > 1:
		return fmt.Errorf("contains, startswith and endswith exclude one another")
	case kinds > 1, kinds == 1 && places == 1 && !m.fieldref, kinds == 1 && m.cased && !m.re:
		return fmt.Errorf("these modifiers exclude one another")
	case m.all && (m.exists || m.fieldref):
		return fmt.Errorf("all does not go with exists or fieldref")
	}
	return nil
}

// Bounds of a regular expression: RE2 takes time that grows with the text only, but
// memory that grows with the expression and its counted repetitions.
const (
	maxExpression = 1000 // bytes
	maxProgram    = 4000 // instructions
)

// compileExpression compiles a regular expression within the bounds.
func compileExpression(text string) (*regexp.Regexp, error) {
	if len(text) > maxExpression {
		return nil, fmt.Errorf("regular expression of %d bytes: write at most %d", len(text), maxExpression)
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("%v (expressions are those of RE2, without look-around)", err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err == nil && len(program.Inst) > maxProgram {
		err = fmt.Errorf("the repetitions of the regular expression are too many: write smaller numbers in braces")
	}
	if err != nil {
		return nil, err
	}
	return regexp.Compile(text)
}

// test makes the test of one value.
func (m modifiers) test(value string) (test, error) {
	switch {
	case m.re:
		text := value
		if m.flags != "" {
			text = "(?" + m.flags + ")" + text
		}
		re, err := compileExpression(text)
		if err != nil {
			return nil, err
		}
		return expression{re, value}, nil
	case m.cidr:
		prefix, err := netip.ParsePrefix(value)
		if err != nil {
			return nil, fmt.Errorf("%q is no network: write one like 10.0.0.0/8", value)
		}
		return network{prefix.Masked()}, nil
	case m.order != "":
		bound, err := strconv.ParseFloat(value, 64)
		if err != nil || bound != bound {
			return nil, fmt.Errorf("%s needs a number, not %q", m.order, value)
		}
		return number{m.order, bound}, nil
	}
	return parsePattern(value, m.cased).open(m.contains || m.endswith, m.contains || m.startswith), nil
}

// comparison returns how a fieldref compares.
func (m modifiers) comparison() func(string, string) bool {
	switch {
	case m.contains:
		return strings.Contains
	case m.startswith:
		return strings.HasPrefix
	case m.endswith:
		return strings.HasSuffix
	}
	return func(a, b string) bool { return a == b }
}
