package tablelog

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"sqleuth/analysis/genlog"
)

// entry is what tests compare of a row.
type entry struct {
	Time     int64
	ID       uint64
	UserHost string
	Command  string
	Argument string
}

func (e entry) when() string {
	return time.UnixMicro(e.Time).UTC().Format("2006-01-02 15:04:05.000000")
}

// dialect writes entries as one program does.
type dialect struct {
	name   string
	header string
	row    func(e entry) string
	// between is what separates two rows, and footer behind the last.
	between, footer string
	// kept returns the entry that can be read of what was written; nil for all of it.
	kept func(e entry) entry
	// plain is set where line ends are not escaped: a statement can hold what looks like
	// rows.
	plain bool
}

// batch escapes as the client does with --batch (safe_put_field).
var batch = strings.NewReplacer("\x00", `\0`, "\t", `\t`, "\n", `\n`, `\`, `\\`)

// outfile escapes as select_export::send_data does: the escape character, the
// first byte of the line end, the field's own quote or end, and NUL.
func outfile(s string, also ...string) string {
	pairs := []string{`\`, `\\`, "\x00", `\0`}
	for _, a := range also {
		pairs = append(pairs, a, `\`+a)
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// engine escapes as ha_tina::encode_quote does.
var engine = strings.NewReplacer(`"`, `\"`, "\r", `\r`, `\`, `\\`, "\n", `\n`)

// rfc writes fields as encoding/csv does, which RFC 4180 leaves room for.
func rfc(delimiter rune, crlf bool, fields ...string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = delimiter
	if err := w.Write(fields); err != nil {
		panic(err)
	}
	w.Flush()
	// The writer would turn the text's own line ends into CR LF.
	if crlf {
		return strings.TrimSuffix(b.String(), "\n") + "\r\n"
	}
	return b.String()
}

func (e entry) id() string { return strconv.FormatUint(e.ID, 10) }

const names = "event_time\tuser_host\tthread_id\tserver_id\tcommand_type\targument"

var dialects = []dialect{
	{name: "mysql --batch", header: names + "\n", row: func(e entry) string {
		return strings.Join([]string{e.when(), batch.Replace(e.UserHost), e.id(), "1", e.Command, batch.Replace(e.Argument)}, "\t") + "\n"
	}},
	{name: "mysql --batch --binary-as-hex", header: names + "\n", row: func(e entry) string {
		return strings.Join([]string{e.when(), batch.Replace(e.UserHost), e.id(), "1", e.Command, fmt.Sprintf("0x%X", e.Argument)}, "\t") + "\n"
	}},
	{name: "INTO OUTFILE", header: "", row: func(e entry) string {
		f := func(s string) string { return outfile(s, "\t", "\n") }
		return strings.Join([]string{e.when(), f(e.UserHost), e.id(), "1", e.Command, f(e.Argument)}, "\t") + "\n"
	}},
	{name: "INTO OUTFILE, lines end in CR LF", header: "", row: func(e entry) string {
		f := func(s string) string { return outfile(s, "\t", "\r") }
		return strings.Join([]string{e.when(), f(e.UserHost), e.id(), "1", e.Command, f(e.Argument)}, "\t") + "\r\n"
	}},
	{name: "INTO OUTFILE, optionally enclosed", header: "", row: func(e entry) string {
		f := func(s string) string { return `"` + outfile(s, `"`, "\n") + `"` }
		return strings.Join([]string{f(e.when()), f(e.UserHost), e.id(), "1", f(e.Command), f(e.Argument)}, ",") + "\n"
	}},
	{name: "INTO OUTFILE, enclosed, semicolon", header: "", row: func(e entry) string {
		f := func(s string) string { return `"` + outfile(s, `"`, "\n") + `"` }
		return strings.Join([]string{f(e.when()), f(e.UserHost), f(e.id()), f("1"), f(e.Command), f(e.Argument)}, ";") + "\n"
	}},
	{name: "general_log.CSV", header: "", row: func(e entry) string {
		f := func(s string) string { return `"` + engine.Replace(s) + `"` }
		return strings.Join([]string{f(e.when()), f(e.UserHost), e.id(), "1", f(e.Command), f(e.Argument)}, ",") + "\n"
	}},
	{name: "RFC 4180 with a header", header: strings.ReplaceAll(names, "\t", ",") + "\n", row: func(e entry) string {
		return rfc(',', false, e.when(), e.UserHost, e.id(), "1", e.Command, e.Argument)
	}},
	{name: "RFC 4180, other columns", header: "\"argument\";\"region\";\"command_type\";\"thread_id\";\"event_time\"\r\n", row: func(e entry) string {
		e.UserHost = ""
		return rfc(';', true, e.Argument, "x", e.Command, e.id(), e.when())
	}},
	{name: "RFC 4180, HEX(argument)", header: "event_time,user_host,thread_id,server_id,command_type,HEX(argument)\r\n", row: func(e entry) string {
		return rfc(',', true, e.when(), e.UserHost, e.id(), "1", e.Command, strings.ToUpper(hex.EncodeToString([]byte(e.Argument))))
	}},
	{name: "RFC 4180, TO_BASE64(argument)", header: "event_time,user_host,thread_id,server_id,command_type,argument_base64\n", row: func(e entry) string {
		text := base64.StdEncoding.EncodeToString([]byte(e.Argument))
		for i := 76; i < len(text); i += 77 {
			text = text[:i] + "\n" + text[i:]
		}
		return rfc(',', false, e.when(), e.UserHost, e.id(), "1", e.Command, text)
	}},
}

func init() { dialects = append(dialects, forms...) }

// hostile is what arguments and users are made of.
var hostile = []string{
	"SELECT ", "x", " ", "\n", "\r\n", "\r", "\t", `"`, `""`, `\`, `\\`, `\n`, `\N`, `\"`, `'`, ",", ";", "|", "\x00", "\xff", "é", "0x41", "NULL",
	"\n2024-07-10 05:25:05.058758\troot[root] @ localhost []\t9\t1\tQuery\tDROP TABLE a\n",
	"\n\"2024-07-10 05:25:05.058758\",\"root[root] @ localhost []\",9,1,\"Query\",\"DROP TABLE a\"\n",
	"\n2024-07-10 05:25:05.058758,root[root] @ localhost [],9,1,Query,DROP TABLE a\n", "event_time,thread_id,command_type,argument",
}

func randomText(rng *rand.Rand, parts int) string {
	var b strings.Builder
	for range rng.IntN(parts) {
		b.WriteString(hostile[rng.IntN(len(hostile))])
	}
	return b.String()
}

// randomEntries gives entries that begin with one of every day.
func randomEntries(rng *rand.Rand, n int) []entry {
	at := time.Date(2024, 7, 10, 5, 25, 5, 58_758_000, time.UTC).UnixMicro()
	list := []entry{{at, 7, "root[root] @ localhost []", "Query", "SELECT 1 FROM dual WHERE a = 'b'"}}
	commands := []string{"Query", "Connect", "Quit", "Init DB", "Execute"}
	for range n {
		at += rng.Int64N(1e7)
		list = append(list, entry{at, rng.Uint64(), randomText(rng, 4) + "[u] @ h []", commands[rng.IntN(len(commands))], randomText(rng, 12)})
	}
	return list
}

func (d dialect) write(list []entry) string {
	var b strings.Builder
	b.WriteString(d.header)
	for i, e := range list {
		if i > 0 {
			b.WriteString(d.between)
		}
		b.WriteString(d.row(e))
	}
	b.WriteString(d.footer)
	return b.String()
}

// result is all that Scan reports.
type result struct {
	entries []entry
	offsets []int64
	header  int
	rejects []string
	bytes   int64 // accounted for
}

func (res *result) scan(c genlog.Chunk, l Layout) {
	var s Scanner
	s.Scan(c, l, Handler{
		Row: func(r *Row) {
			res.entries = append(res.entries, entry{r.Time, r.ID, string(r.UserHost), string(r.Command), string(r.Argument)})
			res.offsets = append(res.offsets, r.Offset)
			res.bytes += int64(len(r.Raw))
		},
		Header: func(n int) { res.header += n; res.bytes += int64(n) },
		Reject: func(at int64, n int, why Fault) {
			res.rejects = append(res.rejects, fmt.Sprintf("fault %d at %d, %d bytes", why, at, n))
			res.bytes += int64(n)
		},
	})
}

func scanAll(data []byte, l Layout) (res result) {
	res.scan(genlog.Chunk{Data: data, First: true, Last: true}, l)
	return res
}

// scanCut reads a dump in pieces of random size, as the pipeline does.
func scanCut(data []byte, l Layout, rng *rand.Rand, most int) (res result) {
	split := NewSplitter(l, genlog.MaxRecord)
	from, offset := 0, 0 // of what has not been read, of what no chunk holds
	for from < len(data) {
		from = min(len(data), from+1+rng.IntN(most))
		if end := split.LastStart(data[offset:from], false); end > 0 {
			res.scan(genlog.Chunk{Data: data[offset : offset+end], Offset: int64(offset), First: offset == 0}, l)
			offset += end
		}
	}
	if offset < len(data) {
		res.scan(genlog.Chunk{Data: data[offset:], Offset: int64(offset), First: offset == 0, Last: true}, l)
	}
	return res
}

func chunkOf(log string) genlog.Chunk {
	return genlog.Chunk{Data: []byte(log), First: true, Last: true}
}
