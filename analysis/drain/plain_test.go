package drain

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// plainMiner is Drain written down as its rules read, without any of the short
// cuts of Miner, to compare with.
type plainMiner struct {
	depth, maxChildren int
	similarity         float64
	masks              []*regexp.Regexp
	root               map[int]*plainNode
	clusters           []*plainCluster
}

type plainNode struct {
	children map[string]*plainNode
	clusters []*plainCluster
}

type plainCluster struct{ tokens []string }

func newPlainNode() *plainNode { return &plainNode{children: map[string]*plainNode{}} }

func newPlainMiner(cfg Config) *plainMiner {
	m := &plainMiner{depth: cfg.Depth, maxChildren: cfg.MaxChildren, similarity: cfg.Similarity, root: map[int]*plainNode{}}
	for i, pattern := range cfg.Masks {
		if pattern == "" && len(cfg.Masks) == 1 {
			break
		}
		re, err := compileMask(i, pattern)
		if err != nil {
			panic(err)
		}
		m.masks = append(m.masks, re)
	}
	return m
}

func (m *plainMiner) mask(line string) string {
	for _, re := range m.masks {
		line = re.ReplaceAllLiteralString(line, Wildcard)
	}
	return line
}

func plainSplit(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

func (m *plainMiner) add(line string) *plainCluster {
	tokens := plainSplit(m.mask(line))
	c := m.search(tokens)
	if c == nil {
		c = &plainCluster{tokens}
		m.clusters = append(m.clusters, c)
		m.insert(c)
		return c
	}
	next := make([]string, len(tokens))
	for i := range tokens {
		next[i] = Wildcard
		if tokens[i] == c.tokens[i] {
			next[i] = tokens[i]
		}
	}
	c.tokens = next
	return c
}

func (m *plainMiner) search(tokens []string) *plainCluster {
	n := m.root[len(tokens)]
	if n == nil {
		return nil
	}
	for i := 0; i < m.depth-3 && i < len(tokens); i++ {
		child := n.children[tokens[i]]
		if child == nil {
			child = n.children[Wildcard]
		}
		if child == nil {
			return nil
		}
		n = child
	}
	var best *plainCluster
	bestSimilarity, bestWild := -1.0, -1
	for _, c := range n.clusters {
		equal, wild := 0, 0
		for i, t := range c.tokens {
			switch t {
			case Wildcard:
				wild++
			case tokens[i]:
				equal++
			}
		}
		similarity := float64(equal) / float64(len(tokens))
		if similarity > bestSimilarity || similarity == bestSimilarity && wild > bestWild {
			best, bestSimilarity, bestWild = c, similarity, wild
		}
	}
	if bestSimilarity >= m.similarity {
		return best
	}
	return nil
}

func plainHasDigit(token string) bool {
	return strings.ContainsFunc(token, func(r rune) bool {
		return unicode.Is(unicode.Nd, r) || unicode.Is(numericDigits, r)
	})
}

func (m *plainMiner) insert(c *plainCluster) {
	n := m.root[len(c.tokens)]
	if n == nil {
		n = newPlainNode()
		m.root[len(c.tokens)] = n
	}
	for i, token := range c.tokens {
		if i == m.depth-3 {
			n.clusters = append(n.clusters, c)
			return
		}
		child := n.children[token]
		if child == nil {
			wild := n.children[Wildcard]
			switch {
			case plainHasDigit(token):
				token, child = Wildcard, wild
			case wild != nil && len(n.children) >= m.maxChildren:
				token, child = Wildcard, wild
			case wild == nil && len(n.children)+1 >= m.maxChildren:
				token = Wildcard
			}
		}
		if child == nil {
			child = newPlainNode()
			n.children[token] = child
		}
		n = child
	}
}

func (c *plainCluster) template() string { return strings.Join(c.tokens, " ") }

// mineBoth gives lines to a Miner and to a plainMiner and returns the final
// template of each line from both.
func mineBoth(cfg Config, lines []string) (got, want []string, m *Miner, err error) {
	m, err = New(cfg)
	if err != nil {
		return nil, nil, nil, err
	}
	plain := newPlainMiner(cfg)
	ids := make([]int32, len(lines))
	clusters := make([]*plainCluster, len(lines))
	for i, line := range lines {
		ids[i] = m.Add([]byte(line))
		clusters[i] = plain.add(line)
	}
	for i := range lines {
		got = append(got, m.Template(ids[i]))
		want = append(want, clusters[i].template())
	}
	return got, want, m, nil
}

// plainParameters is logparser's get_parameter_list, the expression built as
// there and then adapted to RE2: \s becomes Unicode, and $ also matches before a
// last newline.
func plainParameters(template, raw string) []string {
	marked := regexp.MustCompile(`<.{1,5}>`).ReplaceAllString(template, Wildcard)
	if !strings.Contains(marked, Wildcard) {
		return nil
	}
	var b strings.Builder
	b.WriteString(`\A`)
	for i, literal := range strings.Split(marked, Wildcard) {
		if i > 0 {
			b.WriteString(`(.*?)`)
		}
		for k, word := range strings.Split(literal, " ") {
			if k > 0 {
				b.WriteString("[" + spaceClass() + "]+")
			}
			b.WriteString(regexp.QuoteMeta(word))
		}
	}
	b.WriteString(`\n?\z`)
	match := regexp.MustCompile(b.String()).FindStringSubmatch(raw)
	if match == nil {
		return nil
	}
	return match[1:]
}

// A lineMaker makes random lines of few different parts, so that lines meet.
type lineMaker struct {
	*rand.Rand
	parts  []string
	spaces []string
}

func newLineMaker(seed uint64) lineMaker {
	return lineMaker{
		Rand: rand.New(rand.NewPCG(seed, 0)),
		parts: []string{
			"a", "b", "c", "select", "from", "where", "x=1", "n2", "-", "=", "<*>", "<", ">", "'it''s'", "<br>",
			"12345", "1234", "123", "12", "1", "7", "feedbeef", "deadbee", "DEADBEEF01", "127.0.0.1", "1.2.3.4/5", "2025-03-11",
			"05:53:05", "1234567", "a12345b", "é", "٣٤٥٦٧", "1é2é3é4", "²", "①", "\xff", "1\xff2\xff3\xff4", "日本語", "\u200b", "\x00", "facade",
		},
		spaces: []string{" ", " ", " ", " ", " ", "", "  ", "\t", "\n", "\u00a0", "\x1c", "\u0085", "\u3000", ".", "\r\n"},
	}
}

func (g lineMaker) line(most int) string {
	var b strings.Builder
	for range g.IntN(most + 1) {
		b.WriteString(g.parts[g.IntN(len(g.parts))])
		b.WriteString(g.spaces[g.IntN(len(g.spaces))])
	}
	return b.String()
}

// similar makes lines that share most tokens with one another.
func (g lineMaker) similar(count int) []string {
	words := g.parts[:min(len(g.parts), 12+g.IntN(8))]
	var stems [][]string
	for range 1 + g.IntN(6) {
		stem := make([]string, 1+g.IntN(9))
		for i := range stem {
			stem[i] = words[g.IntN(len(words))]
		}
		stems = append(stems, stem)
	}
	lines := make([]string, count)
	for i := range lines {
		line := slices.Clone(stems[g.IntN(len(stems))])
		for range g.IntN(1 + len(line)*2/3) {
			line[g.IntN(len(line))] = g.parts[g.IntN(len(g.parts))]
		}
		lines[i] = strings.Join(line, " ")
		if g.IntN(8) == 0 {
			lines[i] = strings.Join(line, g.spaces[g.IntN(len(g.spaces))])
		}
	}
	return lines
}
