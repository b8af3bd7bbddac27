package fact

// phrase is a text that is looked for in literals, in any case.
type phrase struct {
	text  string // in lower case
	class class  // of a literal that holds it
	after class  // of what must have been found in front of it
	look  looker // decides by what is around it; nil where nothing matters
	at    int    // where the pair of bytes begins that it is found by
}

// looker reports whether a phrase that is text[start:end] counts.
type looker func(text []byte, start, end int) bool

// pairs has the pairs of bytes that phrases are found by, and byFirst these phrases by
// the first byte of their pair. Neither is made on the stack, which would have to grow.
var pairs, byFirst = func() (*[256][256]bool, *[256][]phrase) {
	pairs, byFirst := new([256][256]bool), new([256][]phrase)
	for _, s := range sought {
		for _, text := range s.texts {
			p := phrase{text, s.class, s.after, s.look, rarest(text)}
			for _, first := range bothCases(text[p.at]) {
				byFirst[first] = append(byFirst[first], p)
				if len(text) == 1 {
					for next := range pairs[first] {
						pairs[first][next] = true
					}
					continue
				}
				for _, next := range bothCases(text[p.at+1]) {
					pairs[first][next] = true
				}
			}
		}
	}
	return pairs, byFirst
}()

// rarest returns where the pair of bytes begins that few texts have: one with a sign, if
// there is one.
func rarest(phrase string) int {
	for i := range len(phrase) {
		if !alphanumeric[phrase[i]] && phrase[i] != ' ' {
			return max(0, min(i, len(phrase)-2))
		}
	}
	return 0
}

func bothCases(c byte) []byte {
	if letter(c) && c != '_' {
		return []byte{c, c &^ 0x20}
	}
	return []byte{c}
}

// phrasesAt returns the classes of the phrases whose pair is at byte i of a text, beyond
// those that were found before.
func phrasesAt(text []byte, i int, found class) class {
	if alphanumeric[text[i]] && wordGoesOn(text, i) { // such pairs begin words
		return found
	}
	for k := range byFirst[text[i]] {
		p := &byFirst[text[i]][k]
		start := i - p.at
		if start < 0 || found&p.class != 0 || found&p.after != p.after || !hasPrefixFold(text[start:], p.text) {
			continue
		}
		end := start + len(p.text)
		if p.class&(sqlCode|opened) != 0 && (wordGoesOn(text, start) || wordGoesOn(text, end)) {
			continue
		}
		if p.look == nil || p.look(text, start, end) {
			found |= p.class
		}
	}
	return found
}

// wordGoesOn reports whether a word reaches across the place i.
func wordGoesOn(text []byte, i int) bool {
	return i > 0 && i < len(text) && wordByte[text[i-1]] && wordByte[text[i]]
}

// sought are the phrases: paths and programs wherever they are, words and signs of
// injection where nothing goes on with them.
var sought = []struct {
	class, after class
	look         looker
	texts        []string
}{
	{pathText, 0, nil, []string{"/etc/passwd", "/etc/shadow", "/proc/self", "/var/www/", "/htdocs/", "../../", `..\..\`, `..\\..\\`, "win.ini", "boot.ini",
		"/wwwroot/", "/inetpub/", "authorized_keys", "/public_html/"}},
	{shellCode, 0, nil, []string{"/bin/sh", "/bin/bash", "/dev/tcp/", "cmd.exe", "powershell -", "powershell.exe", "wget -", "wget http:/", "wget https:/",
		"curl -", "curl http:/", "curl https:/", "base64 -d", "base64 --decode", "nc -e", "chmod +x", "xp_cmdshell", "${jndi:", "|bash", "| bash", "| sh "}},
	{phpCode, 0, nil, []string{"<?php", "<?=", "<%=", "<%@"}},
	{scriptCode, 0, nil, []string{"<script"}},
	{scriptCode, 0, runsScript, []string{"<img", "<svg", "<body", "<input"}},
	{templateCode, 0, template, []string{"{{"}},
	{templateCode, 0, expression, []string{"${", "#{", "*{", "@{"}},
	{sqlCode, 0, nil, []string{"xp_cmdshell", "sysobjects", "syscolumns", "msysaccessobjects", "dbms_pipe", "ctxsys", "utl_inaddr", "information_schema.", "@@",
		"version()", "user()", "database()", "schema()", "connection_id()", "current_user()", "session_user()", "system_user()"}},
	{sqlCode, 0, called, []string{"sleep", "benchmark", "extractvalue", "updatexml", "load_file", "pg_sleep", "concat_ws", "group_concat", "utl_http",
		"gtid_subset", "json_keys", "name_const", "make_set", "elt", "unhex", "sp_executesql", "xp_dirtree", "chr"}},
	{sqlCode, 0, unites, []string{"union"}},
	{sqlCode, 0, asksServer, []string{"select"}},
	{opened, 0, mayOpen, []string{"select"}},
	{sqlCode, opened, nil, []string{"from"}},
	{sqlCode, 0, comparesConstants, []string{"or", "and", "xor", "div", "like", "regexp", "rlike"}},
	{sqlCode, 0, ordersByNumber, []string{"order", "group"}},
	{sqlCode, 0, func(text []byte, _, end int) bool { return operandAt(text, end) && cutAtEnd(text) }, []string{"having"}},
	{sqlCode, 0, func(text []byte, _, end int) bool { return behind(text, end, "outfile", "dumpfile") > end }, []string{"into"}},
	{sqlCode, 0, func(text []byte, _, end int) bool { return behind(text, end, "delay") > end }, []string{"waitfor"}},
	{sqlCode, 0, func(text []byte, start, end int) bool { return afterBreak(text, start) && operandAt(text, end) }, []string{"||"}},
	{sqlCode, 0, endsStatement, []string{";"}},
}
