package fact

import (
	"bytes"
)

// class is what is found in a literal by itself, mostly what looks like code.
type class uint16

const (
	scriptCode class = 1 << iota // HTML that runs
	phpCode
	templateCode // of a template engine
	sqlCode      // an injection that did not break out
	shellCode
	pathText   // a path under a web root or of a system's file
	walletText // an address or an amount of a crypto currency
	ransomText
	rightsText       // an administrator's rights as WordPress keeps them
	numCodes         = iota
	markerText class = 1 << iota // one of sqlmap's marks
	hexText                      // text in hex
	hexBinary                    // something long in hex
	opened                       // while a text is searched: a query has begun
)

var codeNames = [numCodes]string{"script", "php", "template", "sql", "shell", "path", "wallet", "ransom", "rights"}

// literals adds what the literals of the text hold.
func (r *reader) literals() {
	var all class
	for i := range r.list {
		all |= r.list[i].class
	}
	for k, name := range codeNames {
		if all>>k&1 != 0 {
			r.b.Add(Literals, name)
		}
	}
}

const (
	shortestCode = 6       // bytes
	maxLiteral   = 1 << 16 // bytes of a literal that are looked at
)

// classOf classifies a literal as written in the statement.
func classOf(k kind, raw []byte) (found class) {
	text := inside(raw)
	if k == hexWord {
		found, text = hexClass(raw)
	}
	if sqlmapMarker(text) {
		found |= markerText
	}
	if len(text) >= shortestCode {
		found |= codeIn(text[:min(len(text), maxLiteral)])
	}
	return found
}

// textual reports whether a hex literal begins with a few bytes of text.
func textual(raw []byte) bool {
	head := unhex(raw[:min(len(raw)&^1, 18)])
	return !bytes.ContainsFunc(head, func(c rune) bool { return c < 0x80 && !textByte(byte(c)) })
}

// Bytes that code has and most texts do not.
const (
	quote uint8 = 1 << iota // ' "
	mark                    // = ( ; # * | & @ -
	blank                   // also + and what else can part words
	digit                   // 0 to 9
)

var triggers = func() (table [256]uint8) {
	for set, flag := range map[string]uint8{"'\"`": quote, "=(;#*|&@-_": mark, " \t\n+)": blank, "0123456789": digit} {
		for _, c := range []byte(set) {
			table[c] |= flag
		}
	}
	return table
}()

// The bytes of some kinds.
var (
	digitByte    = bytesWhere(func(c byte) bool { return c-'0' <= 9 })
	wordByte     = bytesWhere(func(c byte) bool { return letter(c) || digitByte[c] })
	alphanumeric = bytesWhere(func(c byte) bool { return wordByte[c] && c != '_' })
	blankByte    = bytesWhere(func(c byte) bool { return c <= ' ' })
)

// bytesWhere returns the set of the bytes that have a property.
func bytesWhere(has func(c byte) bool) (set [256]bool) {
	for c := range set {
		set[c] = has(byte(c))
	}
	return set
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// maxInput is how long a text may be that is searched for inputs as a whole. Nobody
// types more; of a longer one, a page or a file, beginning and end are: edge bytes of
// each.
const (
	maxInput = 2 << 10
	edge     = maxInput / 4
)

// codeIn classifies a text.
func codeIn(text []byte) (found class) {
	if administrates(text) {
		found |= rightsText
	}
	if len(text) <= maxInput {
		return found | inputIn(text)
	}
	for i := 0; ; i++ {
		n := bytes.IndexByte(text[i:], '<')
		if n < 0 {
			break
		}
		if i += n; i+1 < len(text) && pairs['<'][text[i+1]] {
			found = phrasesAt(text, i, found)
		}
	}
	return found | inputIn(text[:edge]) | inputIn(text[len(text)-edge:])
}

// inputIn classifies what attackers type.
func inputIn(text []byte) (found class) {
	var seen uint8
	var before byte
	for i, c := range text {
		if pairs[before][c] {
			found |= phrasesAt(text, i-1, found)
		}
		seen |= triggers[c]
		before = c
	}
	switch {
	case seen&(blank|mark) == 0 || seen&(digit|mark|quote) == 0:
		found &^= sqlCode
	case quoteAndCut(text):
		found |= sqlCode
	}
	if len(text) >= shortestAddress && seen&digit != 0 {
		found |= wallet(text)
	}
	return found &^ opened
}

// administrator is how WordPress calls a role, behind the quote that begins a string of
// PHP's serialize(): few texts have many of those to look at.
var administrator = []byte(`"administrator`)

// administrates reports whether a text holds the role in serialized form.
func administrates(text []byte) bool {
	for {
		front, behind, ok := bytes.Cut(text, administrator)
		if !ok {
			return false
		}
		if bytes.HasSuffix(front, []byte(`s:13:`)) && bytes.HasPrefix(behind, []byte(`"`)) ||
			bytes.HasSuffix(front, []byte(`s:13:\`)) && bytes.HasPrefix(behind, []byte(`\"`)) {
			return true
		}
		text = behind
	}
}

// containsFold reports whether a text holds another in any case.
func containsFold(text []byte, lower string) bool {
	first := lower[0]
	for i := 0; i+len(lower) <= len(text); i++ {
		if c := text[i]; c|0x20 == first|0x20 && equalFold(text[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
}

func equalFold(b []byte, lower string) bool {
	for k := range lower {
		c := b[k]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[k] {
			return false
		}
	}
	return true
}

// runsScript reports whether a tag has a script as the value of an attribute.
func runsScript(text []byte, _, end int) bool {
	tag := text[end:min(len(text), end+200)]
	return endsAtAny(tag, '=', "onerror", "onload") || endsAtAny(tag, ':', "javascript")
}

// endsAtAny reports whether one of some words, in any case, is in front of a byte.
func endsAtAny(text []byte, at byte, words ...string) bool {
	for from := 0; ; {
		n := bytes.IndexByte(text[from:], at)
		if n < 0 {
			return false
		}
		from += n
		for _, w := range words {
			if from >= len(w) && equalFold(text[from-len(w):from], w) {
				return true
			}
		}
		from++
	}
}

func hasPrefixFold(b []byte, lower string) bool { return len(b) >= len(lower) && equalFold(b, lower) }

// template reports whether a template calculates behind its opening braces.
func template(text []byte, _, end int) bool {
	inner, _, ok := bytes.Cut(text[end:min(len(text), end+200)], []byte("}}"))
	return ok && (arithmetic(inner) || bytes.Contains(inner, []byte("__")) || bytes.Contains(inner, []byte(".constructor")))
}

// expression reports whether a template with one brace calculates with numbers.
func expression(text []byte, _, end int) bool {
	inner, _, ok := bytes.Cut(text[end:min(len(text), end+40)], []byte("}"))
	return ok && arithmetic(inner)
}

// arithmetic reports whether numbers are multiplied.
func arithmetic(inner []byte) bool {
	left, right, ok := bytes.Cut(bytes.TrimSpace(inner), []byte("*"))
	return ok && numberAlone(left) && numberAlone(right)
}

func numberAlone(text []byte) bool {
	text = bytes.Trim(text, " *")
	return len(text) > 0 && run(text, 0, &digitByte) == len(text)
}

// wallet looks for addresses and amounts of crypto currencies and the words of ransom notes.
// An amount is written alike in every language.
func wallet(text []byte) (found class) {
	// A word of that length covers every byte of that number.
	for at := shortestAddress - 1; at < len(text); {
		start, end := at, at
		for start > 0 && alphanumeric[text[start-1]] {
			start--
		}
		for end < len(text) && alphanumeric[text[end]] {
			end++
		}
		if address(text[start:end]) {
			found |= walletText
		}
		at = end + shortestAddress
	}
	for _, coin := range coins {
		at := bytes.Index(text, []byte(coin))
		if at < 0 {
			continue
		}
		if before := bytes.TrimRight(text[:at], " "); len(before) > 0 && digitByte[before[len(before)-1]] {
			found |= walletText
		}
		if containsFold(text, "recover") || containsFold(text, "restore") || containsFold(text, "backed up") || containsFold(text, "decrypt") {
			found |= ransomText
		}
	}
	return found
}

// coins are how notes write the currency.
var coins = []string{"BTC", " btc", "bitcoin", "Bitcoin", "BITCOIN", "XMR"}

// shortestAddress is the length of the shortest address.
const shortestAddress = 26

// address reports whether a word has the form of a Bitcoin address: bc1 and 39 or 59
// letters and digits, or 1 or 3 and 25 to 33 of base 58 in both cases.
func address(word []byte) bool {
	if len(word) >= 42 && len(word) <= 62 && bytes.HasPrefix(word, []byte("bc1")) {
		return bytes.Equal(word, bytes.ToLower(word))
	}
	if len(word) < shortestAddress || len(word) > 34 || word[0] != '1' && word[0] != '3' {
		return false
	}
	upper, lower, digits := false, false, 0
	for _, c := range word {
		switch {
		case c == '0' || c == 'O' || c == 'I' || c == 'l':
			return false
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a':
			lower = true
		default:
			digits++
		}
	}
	return upper && lower && digits > 1
}
