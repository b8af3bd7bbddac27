package fact

import "bytes"

// codeClass is what a literal holds that looks like code.
type codeClass uint16

const (
	scriptCode codeClass = 1 << iota // HTML that runs
	phpCode
	templateCode // of a template engine
	sqlCode      // an injection that did not break out
	shellCode
	pathText   // a path under a web root or of a system's file
	walletText // an address of a crypto currency
	ransomText
	rightsText // an administrator's rights as WordPress keeps them
	numCodes   = iota
)

var codeNames = [numCodes]string{"script", "php", "template", "sql", "shell", "path", "wallet", "ransom", "rights"}

// literals adds what the literals of the text hold.
func (r *reader) literals() {
	var all codeClass
	for i := range r.list {
		if w := &r.list[i]; w.kind == textWord || w.kind == hexWord {
			all |= classesOf(w.kind, r.text(i))
		}
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

// classesOf classifies a literal as it stands in the statement.
func classesOf(k kind, raw []byte) codeClass {
	if len(raw) < shortestCode+2 {
		return 0
	}
	if len(raw) > maxLiteral {
		raw = raw[:maxLiteral]
	}
	if k == hexWord {
		if len(raw) < 2*shortestCode+2 || !textual(raw) {
			return 0
		}
		return codeIn(unhex(raw))
	}
	return codeIn(raw[1:])
}

// textual reports whether a hex literal begins with a few bytes of text.
func textual(raw []byte) bool {
	for i := 2; i+1 < len(raw) && i < 18; i += 2 {
		if c := nibble(raw[i])<<4 | nibble(raw[i+1]); c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// Bytes that code has and most texts do not.
const (
	angle   uint8    = 1 << iota // <
	brace                        // { $ %
	slash                        // / \
	quote                        // ' "
	mark                         // = ( ; # * | & @ -
	blank                        // also + and what else can part words
	digit                        // 0 to 9
	complex = 1 << 7             // unused, keeps the table's type
)

var triggers = func() (table [256]uint8) {
	for set, flag := range map[string]uint8{"<": angle, "{$%": brace, "/\\": slash, "'\"`": quote, "=(;#*|&@-": mark, " \t\n+)": blank, "0123456789": digit} {
		for _, c := range []byte(set) {
			table[c] |= flag
		}
	}
	return table
}()

// codeIn classifies a text. Each closer look has its byte.
func codeIn(text []byte) (found codeClass) {
	var seen uint8
	for _, c := range text {
		seen |= triggers[c]
	}
	if seen&(angle|brace|slash|mark|blank) == 0 {
		if len(text) >= 26 && seen&digit != 0 {
			return wallet(text)
		}
		return 0
	}
	if seen&angle != 0 {
		found |= markup(text)
	}
	if seen&brace != 0 && bytes.Contains(text, []byte("{{")) && template(text) {
		found |= templateCode
	}
	if seen&slash != 0 && paths(text) {
		found |= pathText
	}
	if seen&(slash|mark|brace) != 0 && shell(text) {
		found |= shellCode
	}
	if seen&(blank|mark) != 0 && seen&(digit|mark|quote) != 0 && injection(text) {
		found |= sqlCode
	}
	if seen&quote != 0 && bytes.Contains(text, []byte(`administrator`)) && (bytes.Contains(text, []byte(`s:13:"administrator"`)) || bytes.Contains(text, []byte(`s:13:\"administrator\"`))) {
		found |= rightsText
	}
	if len(text) >= 26 && seen&digit != 0 {
		found |= wallet(text)
	}
	return found
}

// fold lets one look serve both letter cases.
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

// markup looks behind each "<".
func markup(text []byte) (found codeClass) {
	for i := 0; ; i++ {
		n := bytes.IndexByte(text[i:], '<')
		if n < 0 {
			return found
		}
		i += n
		rest := text[i+1:]
		switch {
		case hasPrefixFold(rest, "?php"), hasPrefixFold(rest, "?="), hasPrefixFold(rest, "%="), hasPrefixFold(rest, "%@"):
			found |= phpCode
		case hasPrefixFold(rest, "script"):
			found |= scriptCode
		case hasPrefixFold(rest, "img"), hasPrefixFold(rest, "svg"), hasPrefixFold(rest, "body"), hasPrefixFold(rest, "input"):
			if tag := rest[:min(len(rest), 200)]; containsFold(tag, "onerror=") || containsFold(tag, "onload=") || containsFold(tag, "javascript:") {
				found |= scriptCode
			}
		}
	}
}

func hasPrefixFold(b []byte, lower string) bool { return len(b) >= len(lower) && equalFold(b, lower) }

// template reports whether a text calculates inside {{ }}.
func template(text []byte) bool {
	for i := 0; ; i += 2 {
		n := bytes.Index(text[i:], []byte("{{"))
		if n < 0 {
			return false
		}
		i += n
		inner, _, ok := bytes.Cut(text[i+2:], []byte("}}"))
		if ok && len(inner) < 200 && (arithmetic(inner) || bytes.Contains(inner, []byte("__")) || bytes.Contains(inner, []byte(".constructor"))) {
			return true
		}
	}
}

func arithmetic(inner []byte) bool {
	star := false
	for _, c := range bytes.TrimSpace(inner) {
		switch {
		case c == '*':
			star = true
		case c < '0' || c > '9':
			return false
		}
	}
	return star
}

var attackPaths = []string{"/etc/passwd", "/etc/shadow", "/proc/self", "/var/www/", "/htdocs/", "../../", "..\\..\\", "..\\\\..\\\\", "win.ini", "boot.ini", "/wwwroot/", "/inetpub/",
	"authorized_keys", "/public_html/"}

func paths(text []byte) bool {
	for i, c := range text {
		if c != '/' && c != '\\' && c != '.' && c != '_' {
			continue
		}
		for _, p := range attackPaths {
			at := i - pathMark(p)
			if c == p[pathMark(p)] && at >= 0 && hasPrefixFold(text[at:], p) {
				return true
			}
		}
	}
	return false
}

// pathMark is the place of the byte by which a path is looked for.
func pathMark(p string) int {
	switch p[0] {
	case '/', '.':
		return 0
	}
	return bytes.IndexAny([]byte(p), "._")
}

var shellWords = []string{"/bin/sh", "/bin/bash", "/dev/tcp/", "cmd.exe", "powershell", "wget http", "curl http", "base64 -d", "base64 --decode", "nc -e", "chmod +x",
	"xp_cmdshell", "chmod 777", "${jndi:", "|bash", "| bash", "| sh "}

func shell(text []byte) bool {
	for _, w := range shellWords {
		if containsFold(text, w) {
			return true
		}
	}
	return false
}

// wallet looks for addresses of crypto currencies and the words of ransom notes.
func wallet(text []byte) (found codeClass) {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && alphanumeric(text[i]) {
			i++
		}
		if address(text[start:i]) {
			found |= walletText
		}
		i++
	}
	if (containsFold(text, "bitcoin") || containsFold(text, " btc")) &&
		(containsFold(text, "recover") || containsFold(text, "restore") || containsFold(text, "backed up") || containsFold(text, "decrypt")) {
		found |= ransomText
	}
	return found
}

func alphanumeric(c byte) bool { return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'z' }

// address reports whether a word has the form of a Bitcoin address: bc1 and 39 or 59
// letters and digits, or 1 or 3 and 25 to 33 of base 58 in both cases.
func address(word []byte) bool {
	if len(word) >= 42 && len(word) <= 62 && bytes.HasPrefix(word, []byte("bc1")) {
		return bytes.Equal(word, bytes.ToLower(word))
	}
	if len(word) < 26 || len(word) > 34 || word[0] != '1' && word[0] != '3' {
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
