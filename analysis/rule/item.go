package rule

import (
	"fmt"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// anything is a value, whatever it is.
type anything struct{}

func (anything) match(string, string) bool { return true }
func (anything) String() string            { return "a value" }

// number compares a value that is a number.
type number struct {
	op    string // gt, gte, lt, lte
	bound float64
}

func (t number) match(value, _ string) bool {
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

func (t network) match(value, _ string) bool {
	addr, err := netip.ParseAddr(value)
	return err == nil && t.Contains(addr.Unmap().WithZone(""))
}

// expression is a regular expression that is looked for in a value.
type expression struct {
	*regexp.Regexp
	written string
}

func (t expression) match(value, _ string) bool { return t.MatchString(value) }
func (t expression) String() string             { return t.written }

// modifiers are the words behind a field's name.
type modifiers map[string]bool

// supported are the modifiers as messages list them.
const supported = "contains, startswith, endswith, all, re (with i, m, s), cased, exists, cidr, fieldref, gt, gte, lt, lte"

// kinds are the modifiers of which a field has one at most, fieldref beside the
// first three.
var kinds = strings.Fields("contains startswith endswith re exists cidr gt gte lt lte")

func parseModifiers(words []string) (modifiers, error) {
	m, kind := modifiers{}, ""
	for _, w := range words {
		switch {
		case w == "i" || w == "m" || w == "s":
			if !m["re"] {
				return m, fmt.Errorf("modifier %q goes behind re", w)
			}
		case slices.Contains(kinds, w) && kind != "":
			return m, fmt.Errorf("%s and %s exclude one another: write the field twice, in two selections", kind, w)
		case slices.Contains(kinds, w):
			kind = w
		case w != "all" && w != "cased" && w != "fieldref":
			return m, fmt.Errorf("modifier %q is none of %s%s", w, supported, nearestHint(w, strings.Split(supported, ", ")))
		}
		m[w] = true
	}
	switch place := m["contains"] || m["startswith"] || m["endswith"]; {
	case m["cased"] && !place && kind != "" && kind != "re":
		return m, fmt.Errorf("cased and %s exclude one another", kind)
	case m["fieldref"] && (!place && kind != "" || m["cased"]):
		return m, fmt.Errorf("fieldref goes with contains, startswith and endswith only")
	case m["all"] && (m["exists"] || m["fieldref"]):
		return m, fmt.Errorf("all does not go with exists or fieldref")
	}
	return m, nil
}

// order returns the one of gt, gte, lt and lte that is there, empty for none.
func (m modifiers) order() string {
	for _, op := range operators[:4] {
		if m[op] {
			return op
		}
	}
	return ""
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
	switch op := m.order(); {
	case m["re"]:
		text := value
		for _, flag := range []string{"i", "m", "s"} {
			if m[flag] {
				text = "(?" + flag + ")" + text
			}
		}
		re, err := compileExpression(text)
		return expression{re, value}, err
	case m["cidr"]:
		prefix, err := netip.ParsePrefix(value)
		if err != nil {
			return nil, fmt.Errorf("%q is no network: write one like 10.0.0.0/8", value)
		}
		return network{prefix.Masked()}, nil
	case op != "":
		bound, err := strconv.ParseFloat(value, 64)
		if err != nil || bound != bound {
			return nil, fmt.Errorf("%s needs a number, not %q", op, value)
		}
		return number{op, bound}, nil
	}
	return m.pattern(value)
}
