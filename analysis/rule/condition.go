package rule

import (
	"fmt"
	"path"
	"strings"
)

// Limits of a condition.
const (
	maxCondition = 4096 // bytes
	maxBrackets  = 40   // inside one another
	maxReferred  = 1000 // selections, those of "of them" each time
)

// conditionParser reads a condition over named selections.
type conditionParser struct {
	*detection
	words    []string
	referred int
	depth    int
}

// parse reads a condition: words and, or, not, brackets, "1 of x*",
// "all of x*" and "them" for all selections whose names begin with no underscore.
// not binds closer than and, which binds closer than or.
func (d *detection) parse(text string) (node, error) {
	if len(text) > maxCondition {
		return nil, fmt.Errorf("a condition of %d bytes: write at most %d", len(text), maxCondition)
	}
	if strings.Contains(text, "|") {
		return nil, fmt.Errorf("a condition with | is of Sigma's old form: write a correlation")
	}
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	p := conditionParser{detection: d, words: strings.Fields(text)}
	switch {
	case len(p.words) == 0:
		return nil, fmt.Errorf("an empty condition: write the name of a selection")
	case len(p.selections) == 0:
		return nil, fmt.Errorf("there are no selections here: write fields with values")
	}
	n, err := p.alternatives()
	switch {
	case err != nil:
		return nil, err
	case p.referred > maxReferred:
		return nil, fmt.Errorf("the condition refers to %d selections: write at most %d", p.referred, maxReferred)
	case len(p.words) > 0:
		return nil, fmt.Errorf("%q does not belong here: write and, or, or nothing", p.words[0])
	}
	return n, nil
}

// peek returns the next word in lower case, empty at the end.
func (p *conditionParser) peek() string {
	if len(p.words) == 0 {
		return ""
	}
	return strings.ToLower(p.words[0])
}

// accept takes the next word if it is the given one.
func (p *conditionParser) accept(word string) bool {
	if p.peek() != word {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *conditionParser) alternatives() (node, error) { return p.list("or", p.factors) }
func (p *conditionParser) factors() (node, error)      { return p.list("and", p.factor) }

// list reads parts with a word between them.
func (p *conditionParser) list(word string, parse func() (node, error)) (node, error) {
	var list []node
	for {
		n, err := parse()
		if err != nil {
			return nil, err
		}
		if list = append(list, n); !p.accept(word) {
			return join(word == "and", list), nil
		}
	}
}

func (p *conditionParser) factor() (node, error) {
	if p.depth++; p.depth > maxBrackets {
		return nil, fmt.Errorf("more than %d brackets and nots inside one another", maxBrackets)
	}
	defer func() { p.depth-- }()
	switch word := p.peek(); word {
	case "":
		return nil, fmt.Errorf("the condition ends too early: write the name of a selection")
	case "not":
		p.accept("not")
		n, err := p.factor()
		if err != nil {
			return nil, err
		}
		return not{n}, nil
	case "(":
		p.accept("(")
		n, err := p.alternatives()
		if err == nil && !p.accept(")") {
			return nil, fmt.Errorf("a bracket is not closed: write )")
		}
		return n, err
	case "1", "any", "all":
		if len(p.words) > 1 && strings.EqualFold(p.words[1], "of") {
			return p.some(word == "all")
		}
	case "and", "or", "of", ")":
		return nil, fmt.Errorf("the name of a selection is missing before %q", word)
	}
	name := p.words[0]
	p.words = p.words[1:]
	for _, s := range p.selections {
		if s.name == name {
			p.referred++
			return s, nil
		}
	}
	if strings.ContainsAny(name, "*?") {
		return nil, fmt.Errorf("write 1 of %s or all of %s", name, name)
	}
	return nil, fmt.Errorf("no selection is called %q%s", name, nearestHint(name, p.names()))
}

// some reads the rest behind "1" or "all": "of x*" or "of them".
func (p *conditionParser) some(all bool) (node, error) {
	p.words = p.words[2:]
	if len(p.words) == 0 {
		return nil, fmt.Errorf("of whom? Write them, or a name with *")
	}
	glob := p.words[0]
	p.words = p.words[1:]
	var list []node
	for _, s := range p.selections {
		if of(glob, s.name) {
			p.referred++
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no selection is called %q%s", glob, nearestHint(glob, p.names()))
	}
	return join(all, list), nil
}

// of reports whether "of glob" means a selection.
func of(glob, name string) bool {
	if strings.EqualFold(glob, "them") {
		return !strings.HasPrefix(name, "_")
	}
	ok, err := path.Match(glob, name)
	return ok && err == nil
}

func (p *conditionParser) names() []string {
	var names []string
	for _, s := range p.selections {
		names = append(names, s.name)
	}
	return names
}
