package drain

// A tree is one Drain tree: a root whose children are chosen by the number of
// tokens, inner nodes whose children are chosen by one leading token each, and
// leaves.
type tree struct {
	short []*lengthNode       // by number of tokens
	long  map[int]*lengthNode // those that short has no place for
	fixed map[string]int32    // clusters that no line can join, by text; see Miner.addFixed
}

// maxShort bounds tree.short, so that one endless statement does not make it
// endless too.
const maxShort = 1024

// A lengthNode holds all lines of one number of tokens.
type lengthNode struct {
	node
	// least is the least number of equal tokens that reaches the similarity
	// threshold.
	least int
	// version counts the nodes made below.
	version int
}

// A node is an inner node, or at the end of the leading tokens the place of a leaf.
type node struct {
	token    string // by which the parent knows it
	children map[string]*node
	leaf     *leaf
	last     *node // child that was found last: most lines of a length begin alike
}

func (t *tree) length(n int) *lengthNode {
	if n < len(t.short) {
		return t.short[n]
	}
	return t.long[n]
}

func (t *tree) addLength(n int, ln *lengthNode) {
	if n >= maxShort {
		if t.long == nil {
			t.long = make(map[int]*lengthNode)
		}
		t.long[n] = ln
		return
	}
	for len(t.short) <= n {
		t.short = append(t.short, nil)
	}
	t.short[n] = ln
}

// find walks down by the first levels tokens of the line: to the child of the
// token or else to that of the wildcard. It returns nil if there is neither.
func (n *node) find(l scanned, levels int) *leaf {
	for k := range levels {
		token := l.token(k)
		child := n.last
		if child == nil || string(token) != child.token {
			if child = n.children[string(token)]; child != nil {
				n.last = child
			} else if child = n.children[Wildcard]; child == nil {
				return nil
			}
		}
		n = child
	}
	return n.leaf
}

// insert walks down by the first levels tokens of the line, making the nodes that
// are missing, and returns the leaf. A token that holds a digit, or that finds no
// room among maxChildren, goes to the wildcard's child; the last place is kept for
// the wildcard.
func (ln *lengthNode) insert(l scanned, levels, maxChildren int) *leaf {
	n := &ln.node
	for k := range levels {
		token := string(l.token(k))
		child := n.children[token]
		if child == nil {
			taken := len(n.children)
			if _, ok := n.children[Wildcard]; !ok {
				taken++
			}
			if taken >= maxChildren || hasPythonDigit(l.token(k)) {
				token = Wildcard
			}
			child = n.child(token)
			ln.version++
		}
		n = child
	}
	if n.leaf == nil {
		n.leaf = &leaf{}
	}
	return n.leaf
}

// child returns the child of a token, made if need be.
func (n *node) child(token string) *node {
	child := n.children[token]
	if child == nil {
		if n.children == nil {
			n.children = make(map[string]*node)
		}
		child = &node{token: token}
		n.children[token] = child
	}
	return child
}
