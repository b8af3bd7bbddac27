package wrapper

import (
	"bytes"
	"unicode/utf8"
)

// reader reads the parts of a prefix one after the other. A part that is not there
// fails it, and all that follow.
type reader struct {
	line []byte
	pos  int
	bad  bool
}

func (r *reader) rest() []byte { return r.line[r.pos:] }

// text reads a fixed text.
func (r *reader) text(s string) {
	if r.bad || len(r.rest()) < len(s) || string(r.rest()[:len(s)]) != s {
		r.bad = true
		return
	}
	r.pos += len(s)
}

// has reads a fixed text if it is there.
func (r *reader) has(s string) bool {
	if r.bad || len(r.rest()) < len(s) || string(r.rest()[:len(s)]) != s {
		return false
	}
	r.pos += len(s)
	return true
}

// digits reads from least to most digits.
func (r *reader) digits(least, most int) {
	n := 0
	for !r.bad && n < most && n < len(r.rest()) && isDigit(r.rest()[n]) {
		n++
	}
	r.bad = r.bad || n < least
	r.pos += n
}

// word reads at least one byte, up to one of the stops, which it does not read, and
// no line end. All stops are ASCII.
func (r *reader) word(stops string) []byte {
	if r.bad {
		return nil
	}
	set := [2]uint64{1<<'\n' | 1<<'\r'} // by bit
	for _, c := range []byte(stops) {
		set[c>>6] |= 1 << (c & 63)
	}
	rest := r.rest()
	for n, c := range rest {
		if c >= utf8.RuneSelf || set[c>>6]>>(c&63)&1 == 0 {
			continue
		}
		if c == '\n' || c == '\r' {
			break
		}
		r.pos += n
		r.bad = n == 0
		return rest[:n]
	}
	r.bad = true
	return nil
}

// blanks reads blanks, at least some.
func (r *reader) blanks(least int) {
	n := 0
	for !r.bad && n < len(r.rest()) && r.rest()[n] == ' ' {
		n++
	}
	r.bad = r.bad || n < least
	r.pos += n
}

// gap reads the blank before the text; it may be missing where the line ends, as
// editors take it off.
func (r *reader) gap() {
	if !r.bad && (len(r.rest()) == 0 || r.rest()[0] == '\n' || r.rest()[0] == '\r') {
		return
	}
	r.text(" ")
}

// colour reads escape sequences that set a colour.
func (r *reader) colour() {
	for r.has("\x1b[") {
		for !r.bad && len(r.rest()) > 0 && (isDigit(r.rest()[0]) || r.rest()[0] == ';') {
			r.pos++
		}
		r.text("m")
	}
}

// rfc3339 reads a time, with a fraction and a zone where they are there.
func (r *reader) rfc3339() {
	r.digits(4, 4)
	r.text("-")
	r.digits(2, 2)
	r.text("-")
	r.digits(2, 2)
	if !r.has("T") {
		r.text(" ")
	}
	r.clock()
	if r.has(".") || r.has(",") {
		r.digits(1, 9)
	}
	switch {
	case r.has("Z"):
	case r.has("+"), r.has("-"):
		r.digits(2, 2)
		r.has(":")
		r.digits(0, 2)
	}
}

func (r *reader) clock() {
	r.digits(2, 2)
	r.text(":")
	r.digits(2, 2)
	r.text(":")
	r.digits(2, 2)
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// bsdTime reads "Jul 10 05:25:05", with a fraction where it is there.
func (r *reader) bsdTime() {
	if r.bad || len(r.rest()) < 3 || bytes.Index([]byte(months), r.rest()[:3])%3 != 0 {
		r.bad = true
		return
	}
	r.pos += 3
	r.blanks(1)
	r.digits(1, 2)
	r.blanks(1)
	r.clock()
	if r.has(".") {
		r.digits(1, 9)
	}
}

// tag reads "host program[pid]: " and returns "host program".
func (r *reader) tag() []byte {
	from := r.pos
	r.word(" ")
	r.text(" ")
	r.word(" :[")
	to := r.pos
	if r.has("[") {
		r.word(" ]")
		r.text("]")
	}
	r.text(":")
	r.gap()
	if r.bad {
		return nil
	}
	return r.line[from:to]
}

// done returns a cut at where the reader is.
func (r *reader) done(c cut) (cut, bool) {
	c.text = r.pos
	return c, !r.bad
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// composeCut: "mysql_1  | ", with colour codes around it or not.
func composeCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.colour()
	name := r.word(" |\x1b\t\"{")
	r.blanks(0)
	r.colour()
	r.text("|")
	r.colour()
	r.gap()
	r.colour()
	return r.done(cut{stream: name})
}

// timeCut: "2024-07-10T05:25:05.058758123Z ".
func timeCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.rfc3339()
	r.gap()
	return r.done(cut{})
}

// podCut: "[pod/db-0/mysql] ".
func podCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.text("[")
	name := r.word("] ")
	r.text("]")
	r.gap()
	return r.done(cut{stream: name})
}

// criCut: "2024-07-10T05:25:05.058758123Z stdout F ".
func criCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.rfc3339()
	r.text(" ")
	lane := r.word(" ")
	r.text(" ")
	tags := r.word(" :\t")
	r.gap()
	if string(lane) != "stdout" && string(lane) != "stderr" || len(tags) != 1 || tags[0] != 'F' && tags[0] != 'P' {
		return cut{}, false
	}
	return r.done(cut{lane: lane, part: tags[0] == 'P'})
}

// priority reads "<13>" if it is there.
func (r *reader) priority() {
	if r.has("<") {
		r.digits(1, 3)
		r.text(">")
	}
}

// bsdCut: "Jul 10 05:25:05 db1 mysqld[123]: ", also behind "<13>".
func bsdCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.priority()
	r.bsdTime()
	r.text(" ")
	return r.done(cut{stream: r.tag()})
}

// isoCut: "2024-07-10T05:25:05+0000 db1 mysqld[123]: ".
func isoCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.priority()
	r.rfc3339()
	r.text(" ")
	return r.done(cut{stream: r.tag()})
}

// fullCut: "Wed 2024-07-10 05:25:05 UTC db1 mysqld[123]: ", as journalctl -o short-full
// writes it.
func fullCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	if len(r.word(" 0123456789")) != 3 {
		return cut{}, false
	}
	r.text(" ")
	r.rfc3339()
	r.text(" ")
	r.word(" ")
	r.text(" ")
	return r.done(cut{stream: r.tag()})
}

// unixCut: "1720589105.058758 db1 mysqld[123]: ", as journalctl -o short-unix writes it,
// and the same in brackets, since the start of the machine.
func unixCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	bracket := r.has("[")
	r.blanks(0)
	r.digits(1, 12)
	r.text(".")
	r.digits(6, 6)
	if bracket {
		r.text("]")
	}
	r.text(" ")
	return r.done(cut{stream: r.tag()})
}

// syslogCut: "<13>1 2024-07-10T05:25:05.2Z db1 mysqld 123 - - ", structured data
// in place of the last dash or not.
func syslogCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.priority()
	r.text("1 ")
	r.rfc3339()
	r.text(" ")
	from := r.pos
	r.word(" ")
	r.text(" ")
	r.word(" ")
	to := r.pos
	for range 2 { // process, message id
		r.text(" ")
		r.word(" ")
	}
	r.text(" ")
	r.structured()
	r.gap()
	r.has("\xef\xbb\xbf") // a message in UTF-8 begins with it
	if r.bad {
		return cut{}, false
	}
	return r.done(cut{stream: line[from:to]})
}

// structured reads "-" or elements in brackets, with quoted values.
func (r *reader) structured() {
	if r.has("-") {
		return
	}
	found := false
	for r.has("[") {
		found = true
		quoted := false
		for !r.bad {
			if len(r.rest()) == 0 {
				r.bad = true
				return
			}
			c := r.rest()[0]
			r.pos++
			switch {
			case c == '\\' && quoted && len(r.rest()) > 0:
				r.pos++
			case c == '"':
				quoted = !quoted
			case c == ']' && !quoted:
				c = 0
			case c == '\n':
				r.bad = true
			}
			if c == 0 {
				break
			}
		}
	}
	r.bad = r.bad || !found
}

// tailCut: "2024-07-10T05:25:05.058000+00:00 stream ", as aws logs tail writes it.
func tailCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.rfc3339()
	r.text(" ")
	name := r.word(" \t")
	r.text(" ")
	return r.done(cut{stream: serverOf(name)})
}

// findLogcli: "2024-07-10T05:25:05Z {app="mysql", pod="db-0"} ", the labels padded to one
// width, which is where most lines have their text.
func findLogcli(head []byte) []kind {
	width := maxPrefix
	if len(lines(&prefix{cut: logcliCut(0)}).find(head)) == 0 {
		return nil
	}
	for rest := head; len(rest) > 0; rest = rest[lineLen(rest):] {
		if from, to, ok := labels(rest[:min(lineLen(rest), maxPrefix)]); ok {
			r := reader{line: rest, pos: to}
			r.blanks(0)
			width = min(width, r.pos-from)
		}
	}
	return []kind{&prefix{title: "logcli prefix", cut: logcliCut(width)}}
}

// logcliCut cuts behind labels that are padded to a width.
func logcliCut(width int) cutter {
	return func(line []byte, _ *streams) (cut, bool) {
		from, to, ok := labels(line)
		r := reader{line: line, pos: to, bad: !ok}
		for r.pos+1 < from+width && r.has(" ") {
		}
		r.gap()
		return r.done(cut{stream: line[from:to]})
	}
}

// labels returns where Loki's labels are in a line behind a time.
func labels(line []byte) (from, to int, ok bool) {
	r := reader{line: line}
	r.rfc3339()
	r.text(" ")
	from = r.pos
	r.text("{")
	for quoted := false; !r.bad; {
		c := byte('\n')
		if len(r.rest()) > 0 {
			c = r.rest()[0]
			r.pos++
		}
		switch {
		case c == '\n':
			r.bad = true
		case c == '\\' && quoted && len(r.rest()) > 0:
			r.pos++
		case c == '"':
			quoted = !quoted
		case c == '}' && !quoted:
			return from, r.pos, true
		}
	}
	return 0, 0, false
}

// grafanaCut: "1720589105058<TAB>2024-07-10T05:25:05.058Z<TAB>", as Grafana writes text.
func grafanaCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.digits(13, 19)
	r.text("\t")
	r.rfc3339()
	r.text("\t")
	return r.done(cut{})
}

// fluentdCut: "2024-07-10T05:25:05+00:00<TAB>mysql.general<TAB>", as Fluentd writes files.
func fluentdCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.rfc3339()
	r.text("\t")
	tag := r.word("\t ")
	r.text("\t")
	return r.done(cut{stream: tag})
}

// verboseCut: "    MESSAGE=" among the other fields of a record, each on a line, as
// journalctl -o verbose writes them.
func verboseCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	if !r.has("    ") {
		if r.word(" "); len(line[:r.pos]) == 3 {
			r.text(" ")
			r.rfc3339()
		}
		return cut{none: true}, !r.bad && bytes.Contains(line, []byte(" [s="))
	}
	from := r.pos
	r.word("= \t")
	name := line[from:r.pos]
	r.text("=")
	if string(name) == messageField {
		return r.done(cut{})
	}
	return cut{none: true}, !r.bad
}

// eventCut: "data: ", as journalctl -o json-sse and other event streams begin lines.
func eventCut(line []byte, _ *streams) (cut, bool) {
	if len(bytes.TrimRight(line, "\r\n")) == 0 {
		return cut{none: true}, true
	}
	r := reader{line: line}
	r.text("data: ")
	return r.done(cut{})
}

// numberedCut: "    12<TAB>", as cat -n and nl write it.
func numberedCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.blanks(0)
	r.digits(1, 19)
	r.text("\t")
	return r.done(cut{})
}

// sternCut: "db-0 mysql ", the pod and its container.
func sternCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.colour()
	from := r.pos
	r.resource()
	r.colour()
	r.text(" ")
	r.colour()
	r.resource()
	to := r.pos
	r.colour()
	r.text(" ")
	if r.bad {
		return cut{}, false
	}
	return r.done(cut{stream: line[from:to]})
}

// resource reads a name that Kubernetes allows.
func (r *reader) resource() {
	letter := false
	for _, c := range r.word(" \t\x1b") {
		switch {
		case 'a' <= c && c <= 'z':
			letter = true
		case !isDigit(c) && c != '-' && c != '.':
			r.bad = true
			return
		}
	}
	r.bad = r.bad || !letter
}

// ossecCut: "MySQL log: ".
func ossecCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.text("MySQL log:")
	r.gap()
	return r.done(cut{})
}

// wazuhCut: "2024 Jul 10 05:25:05 db1->/var/log/mysql.log ", the agent's name in
// brackets before the address or not.
func wazuhCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.digits(4, 4)
	r.text(" ")
	r.bsdTime()
	r.text(" ")
	from := r.pos
	if r.has("(") {
		r.word(")")
		r.text(") ")
	}
	r.word(" ")
	to := r.pos
	r.gap()
	if r.bad || !bytes.Contains(line[from:to], []byte("->")) {
		return cut{}, false
	}
	return r.done(cut{stream: line[from:to]})
}

// quoteCut: "> ", as mail and tickets quote.
func quoteCut(line []byte, _ *streams) (cut, bool) {
	r := reader{line: line}
	r.text(">")
	r.gap()
	return r.done(cut{})
}

// indentCut: four blanks, as tickets mark code; editors take them off empty lines.
func indentCut(line []byte, _ *streams) (cut, bool) {
	if len(bytes.TrimRight(line, "\r\n")) == 0 {
		return cut{}, true
	}
	r := reader{line: line}
	r.text("    ")
	return r.done(cut{})
}

// fileCut: "general.log:", as grep writes it for several files, and "general.log-"
// for lines around a hit, of a file that has had one.
func fileCut(line []byte, known *streams) (cut, bool) { return grepCut(line, known, false) }

// fileNumberCut: "general.log:12:" and "general.log-11-".
func fileNumberCut(line []byte, known *streams) (cut, bool) { return grepCut(line, known, true) }

func grepCut(line []byte, known *streams, numbered bool) (cut, bool) {
	if between(line) {
		return cut{none: true}, true
	}
	// What a line around a hit holds can look like the name of a file.
	for _, name := range known.list() {
		r := reader{line: line}
		r.text(name)
		r.number("-", numbered)
		if !r.bad {
			return r.done(cut{stream: []byte(name)})
		}
	}
	r := reader{line: line}
	if len(line) > 2 && line[1] == ':' && (line[2] == '\\' || line[2] == '/') {
		r.pos = 2 // C:\logs
	}
	r.word(":\t\x00")
	name := line[:r.pos]
	r.number(":", numbered)
	return r.done(cut{stream: name})
}

// number reads what grep writes behind a name, with a line number or without.
func (r *reader) number(mark string, numbered bool) {
	r.text(mark)
	if numbered {
		r.digits(1, 19)
		r.text(mark)
	}
}

// numberCut: "12:" or "12-", as grep -n writes it for one file.
func numberCut(line []byte, _ *streams) (cut, bool) {
	if between(line) {
		return cut{none: true}, true
	}
	r := reader{line: line}
	r.digits(1, 19)
	if !r.has(":") {
		r.text("-")
	}
	return r.done(cut{})
}

// between reports whether a line is what grep writes between groups of lines.
func between(line []byte) bool { return string(bytes.TrimRight(line, "\r\n")) == "--" }
