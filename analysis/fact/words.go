package fact

import "sqleuth/analysis/sqltext"

// kind is what a word is.
type kind uint8

const (
	nameWord     kind = iota + 1
	quotedWord        // a name in back-quotes
	variableWord      // @x, @@x, also the host of an account
	textWord          // a string, in quotes of either kind
	numberWord
	hexWord
	bitWord
	placeWord // the question mark of a prepared statement
	signWord
)

// word is a token that is code. The content of version comments is code.
type word struct {
	kind  kind
	key   key
	class class // of a literal
	depth int32 // brackets that are open around it; a bracket counts as outside
	end   int32 // of an opening bracket the index of the one that closes it, or of the end of its statement
	from  int32 // its text: in words.low, of literals and signs in the statement
	to    int32
}

func (w *word) literal() bool { return w.kind >= textWord && w.kind <= placeWord }

// inWords reports whether the text of a word is in words.low.
func (w *word) inWords() bool { return w.kind <= variableWord }

func (w *word) name() bool {
	return w.kind == nameWord && !notColumns.has(w.key) || w.kind == quotedWord
}

// words is a statement's code. The zero words is empty; read uses its memory again.
type words struct {
	list []word
	sql  []byte
	low  []byte  // names and variables in lower case without quotes
	open []int32 // brackets that are open while words are read

	looked []int32 // where literals start whose texts were looked at

	remarks   []remark
	last      sqltext.Token // the last token that is no comment
	partial   bool          // only the beginning of the text was read
	glued     bool          // a keyword is right behind a decimal: 1.0UNION
	versioned bool          // a version comment begins with a keyword that goes on with a query
}

const (
	// maxText is how much of a statement is looked at.
	maxText = 1 << 20
	// maxWords is how many of its words are.
	maxWords = 1 << 17
	// keptWords is how many there is memory kept for.
	keptWords = 1 << 12
)

// read takes the code out of t.
func (ws *words) read(t *sqltext.Tokens) {
	if cap(ws.list) > keptWords {
		ws.list, ws.low = nil, nil
	}
	*ws = words{list: ws.list[:0], sql: t.SQL, low: ws.low[:0], open: ws.open[:0], looked: ws.looked[:0], remarks: ws.remarks[:0]}
	dot, opened := false, false
	for tokens := t.Reader(); ; {
		token, ok := tokens.Next()
		if !ok {
			break
		}
		if token.Start >= maxText || len(ws.list) == maxWords {
			ws.partial = true
			break
		}
		w := word{from: int32(token.Start), to: int32(token.End), depth: int32(len(ws.open))}
		raw := t.SQL[token.Start:token.End]
		switch token.Kind {
		case sqltext.Comment, sqltext.VersionOpen:
			ws.remark(token)
			opened = opened || token.Kind == sqltext.VersionOpen
			continue
		case sqltext.VersionClose:
			continue
		case sqltext.Word:
			ws.lower(&w, nameWord, raw)
			if !dot {
				w.key = keys[string(ws.low[w.from:])]
			}
			ws.glued = ws.glued || w.key != noKey && ws.last.Kind == sqltext.Number && ws.last.End == token.Start
			ws.versioned = ws.versioned || opened && len(ws.list) > 0 && goesOn.has(w.key)
		case sqltext.QuotedIdent:
			ws.lower(&w, quotedWord, content(raw))
		case sqltext.Variable:
			ws.lower(&w, variableWord, raw)
		case sqltext.DoubleQuoted:
			w.kind = textWord
			if dot || ws.tableNext() { // ANSI_QUOTES
				ws.lower(&w, quotedWord, content(raw))
				ws.looked = append(ws.looked, int32(token.Start))
			}
		default:
			w.kind = wordKinds[token.Kind]
			if w.kind == signWord {
				w.key = keys[string(raw)]
			}
		}
		opened = false
		if w.kind == textWord || w.kind == hexWord {
			w.class = classOf(w.kind, raw)
		}
		dot = w.key == dotKey
		ws.beside(token)
		ws.add(w)
	}
	ws.settle(noKey)
	for n := len(ws.list); n > 0 && ws.list[n-1].key == semicolonKey; n-- {
		ws.list = ws.list[:n-1] // with no statement behind
	}
	ws.closeAll()
}

// tableNext reports whether the word to come is a table, whatever its quotes: behind
// FROM and the like, but not in EXTRACT(YEAR FROM "...").
func (ws *words) tableNext() bool {
	n := len(ws.list)
	if !ws.in(n-1, namesTable) {
		return false
	}
	if len(ws.open) == 0 {
		return true
	}
	bracket := int(ws.open[len(ws.open)-1])
	return bracket == 0 || !ws.called(bracket-1)
}

// goesOn are the keywords that nobody has reason to put into a version comment.
var goesOn = keysOf(unionKey, selectKey, andKey, orKey, xorKey, fromKey)

var namesTable = keysOf(fromKey, joinKey, straightJoinKey, intoKey, updateKey, tableKey)

// lower makes w a name.
func (ws *words) lower(w *word, k kind, name []byte) {
	w.kind, w.from = k, int32(len(ws.low))
	ws.low = appendLower(ws.low, name)
	w.to = int32(len(ws.low))
}

// closeAll ends all open brackets here.
func (ws *words) closeAll() {
	for _, at := range ws.open {
		ws.list[at].end = int32(len(ws.list))
	}
	ws.open = ws.open[:0]
}

var wordKinds = [...]kind{sqltext.String: textWord, sqltext.Number: numberWord, sqltext.HexLiteral: hexWord, sqltext.BitLiteral: bitWord,
	sqltext.Placeholder: placeWord, sqltext.Operator: signWord, sqltext.Punct: signWord, sqltext.Other: signWord}

// add appends w and matches brackets.
func (ws *words) add(w word) {
	ws.settle(w.key)
	if n := len(ws.list) - 1; (w.kind == textWord || w.kind == hexWord || w.kind == bitWord) && ws.introducer(n) {
		ws.list = ws.list[:n]
	}
	switch w.key {
	case openKey:
		ws.open = append(ws.open, int32(len(ws.list)))
	case semicolonKey:
		ws.closeAll()
		w.depth = 0
	case closeKey:
		if len(ws.open) == 0 {
			w.key = lostKey
			break
		}
		at := ws.open[len(ws.open)-1]
		ws.open = ws.open[:len(ws.open)-1]
		ws.list[at].end = int32(len(ws.list))
		w.depth = ws.list[at].depth
	}
	ws.list = append(ws.list, w)
}

// introducer reports whether word i names the character set of a literal behind it, as
// in _latin1'a'; it is a part of the literal.
func (ws *words) introducer(i int) bool {
	return i >= 0 && ws.list[i].kind == nameWord && ws.text(i)[0] == '_' && !ws.is(i-1, dotKey)
}

// settle makes the last word a name where next, the word behind it, shows that it is
// no keyword: GROUP and ORDER without BY, and the younger set operators.
func (ws *words) settle(next key) {
	n := len(ws.list)
	if n == 0 {
		return
	}
	switch last := &ws.list[n-1]; last.key {
	case groupKey, orderKey:
		if next != byKey {
			last.key = noKey
		}
	case unionKey:
		if !unionBehind.has(next) && !ws.spells(n-1, "union") {
			last.key = noKey
		}
	}
}

// text returns the text of word i. Facts then rest on it.
func (ws *words) text(i int) []byte {
	w := &ws.list[i]
	if w.kind < textWord {
		return ws.low[w.from:w.to]
	}
	if w.literal() {
		ws.looked = append(ws.looked, w.from)
	}
	return ws.sql[w.from:w.to]
}

// is reports whether word i is there and has key k.
func (ws *words) is(i int, k key) bool { return i >= 0 && i < len(ws.list) && ws.list[i].key == k }

// in reports whether word i is there and has one of the keys.
func (ws *words) in(i int, set keySet) bool {
	return i >= 0 && i < len(ws.list) && set.has(ws.list[i].key)
}

// spells reports whether word i is a name or keyword with one of these texts.
func (ws *words) spells(i int, texts ...string) bool {
	if i < 0 || i >= len(ws.list) || ws.list[i].kind != nameWord {
		return false
	}
	for _, t := range texts {
		if string(ws.text(i)) == t {
			return true
		}
	}
	return false
}

// next returns the index behind word i, of an opening bracket that behind the closing
// one.
func (ws *words) next(i int) int {
	if ws.list[i].key == openKey {
		return min(int(ws.list[i].end)+1, len(ws.list))
	}
	return i + 1
}

// seek returns the index of the next word from i on outside brackets that has one of some
// keys, to if there is none.
func (ws *words) seek(i, to int, set keySet) int {
	for i < to && !set.has(ws.list[i].key) {
		i = ws.next(i)
	}
	return min(i, to)
}

// unwrap takes the brackets off that are around all of [from, to).
func (ws *words) unwrap(from, to int) (int, int) {
	for from < to && ws.is(from, openKey) && ws.next(from) == to {
		from, to = from+1, to-1
	}
	return from, to
}

// called reports whether word i is the name of a function that is called.
func (ws *words) called(i int) bool {
	w := &ws.list[i]
	return ws.is(i+1, openKey) && (w.name() || callable.has(w.key) && w.kind == nameWord) && !ws.is(i-1, intoKey) && !ws.is(i-1, tableKey)
}

// callable are the keywords that are functions in front of a bracket.
var callable = keysOf(ifKey, replaceKey, insertKey, reservedKey, defaultKey, valuesKey, divKey, unitKey, typeKey)

func appendLower(dst, src []byte) []byte {
	for _, c := range src {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// content returns what is between the quotes of a name or a string without a prefix.
func content(raw []byte) []byte {
	if len(raw) > 1 && raw[len(raw)-1] == raw[0] {
		return raw[1 : len(raw)-1]
	}
	if len(raw) > 0 {
		return raw[1:]
	}
	return raw
}

// inside returns what is between the quotes of a string.
func inside(raw []byte) []byte {
	if len(raw) > 1 && raw[0]|0x20 == 'n' {
		raw = raw[1:]
	}
	return content(raw)
}
