package pipeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
)

// moreCuts multiplies how often logs are cut; see "make cuts".
var moreCuts = flag.Int("cuts", 1, "how many times more logs are cut into blocks")

// everyForm is a log that holds all that can begin on a line, and much that looks
// like it. Lines end in "\n" but for one part.
func everyForm() string {
	const (
		banner    = "/usr/sbin/mysqld, Version: 8.0.43 (MySQL Community Server - GPL). started with:\nTcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock\nTime                 Id Command    Argument\n"
		mariadb   = "/usr/sbin/mysqld, Version: 10.4.8-MariaDB-log (MariaDB Server). started with:\nTcp port: 3306  Unix socket: x\nTime\t\t    Id Command\tArgument\n"
		collapsed = "/rdsdbbin/mysql/bin/mysqld, Version: 5.7.28-log (Source distribution). started with:\nTcp port: 3306 Unix socket: /tmp/mysql.sock\nTime Id Command Argument\n"
		iso       = "2024-07-10T05:25:05.%06dZ\t%5d %s\t%s\n"
	)
	hole := strings.Repeat("\x00", 40)
	var b strings.Builder
	id := 0
	entry := func(command, text string) {
		id++
		fmt.Fprintf(&b, iso, id, id, command, text)
	}
	write := func(texts ...string) {
		for _, text := range texts {
			b.WriteString(text)
		}
	}
	write("Tcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n") // what is left of a banner
	write("\t\t   97 Quit\t\n", "rest of a statement\n\t\t    1 Apples\n", hole)           // before the first time
	entry("Connect", "root@localhost on  using Socket")
	entry("Query", "SELECT a,\n\t\t   12 Query\tno header here\n  b\nFROM t")
	write(banner)
	entry("Query", "SELECT 'a line like a header\n2024-07-10 05:25:05 42 Query x\n240710 5:25\n'")
	write("2024-07-10T05:25:06.058758Z49509 Query\tSELECT 1\n", "2024-07-10T07:25:06.058758+02:00\t    9 Quit\t\n", "2024-07-10T05:25:06.058758Z       42 Query     SELECT 2\n")
	write("2024-07-10T05:25:06.058758Z\t   42 Some New Thing\tx\n", "2024-07-10T05:25:06.058758Z\t   42 Novel x y\n")
	write("2024-13-10T05:25:06.058758Z\t   42 Query\tan impossible date\nand its second line\n", "2024-07-10T05:25:06.058758Z 99999999999999999999 Query\tx\n")
	entry("Connect", "Access denied for user 'root'@'192.0.2.3' (using password: NO)")
	write("2024-06-01T10:00:00.000107Z 48 [Note] [MY-010926] [Server] Access denied for user 'root'@'192.0.2.3' (using password: NO)\n")
	write("2024-06-01T10:00:02.000101Z 0 [Warning] [MY-011070] [Server] 'binlog_format' is deprecated\nwith a second line\n\t\t   12 Quit\n")
	entry("Query", "SELECT 1 /* open\n2024-06-01T10:00:02.000101Z 0 [Note] forged\n2024-13-10T05:25:06.058758Z\t   42 Quit\n*/ UNION SELECT 2")
	entry("Connect", "a@h on x")
	write("2024-06-01T10:00:02.000101Z 0 [Note] doubtful\n")
	write("# Time: 2024-07-10T05:25:05.058758Z\n# User@Host: root[root] @ localhost []  Id:     8\n# Query_time: 0.1  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 0\nSET timestamp=1720589105;\nSELECT 1\n# Time: none\n;\n")
	write("# User@Host: root[root] @ localhost []  Id:     8\n# Query_time: 0.1\nuse shop;\nSET timestamp=1720589106;\nSELECT 2;\n")
	entry("Query", "SELECT 3\n# Time: 2024-07-10T05:25:05.058758Z\n# User@Host: a[a] @ b []\nUNION SELECT 4")
	write("\n==> /var/log/mysql/error.log <==\n2019-10-15 10:12:34 0 [Note] InnoDB: Using Linux native AIO\n2019-10-15  9:12:35 0 [Note] /usr/sbin/mysqld: ready for connections.\n")
	write("Version: '10.4.8-MariaDB-log'  socket: '/var/lib/mysql/mysql.sock'  port: 3306  MariaDB Server\n")
	write("==> general.log <==\n", mariadb)
	write("191015 10:12:40\t     8 Connect\troot@localhost as anonymous on \n", "\t\t     8 Query\tselect @@version_comment limit 1\n\t\tFROM t\n\t\t     8 Quit\n")
	write("                    8 Query     SELECT 5\n                    8 Time,\n\t\t\t8 Quit\n", "191015  9:12:44\t     8 Quit\t\n")
	write("191015 10:12:45 [Note] x\n191015 10:12:45 mysqld_safe Starting mysqld daemon\n05:25:05 UTC - mysqld got signal 11 ;\nstack\n", hole)
	write("\t\t     8 Quit\t\n", hole, mariadb, "Tcp port: 1\nnothing\n", hole, "text behind a hole\n")
	write("191015  9:12:44\t     8 Query\t", strings.Repeat("a long one ", 110), "\n191015  9:12:44\t     9 Quitting\n\t\t     9 Timely\n", strings.Repeat("a long one ", 30), "\n\t\t     9 Quit\n", hole, "191015  9:12:45\t     7 Quit\t\n")
	write("191015  9:12:44\t     8 Query\tSELECT '", strings.Repeat("long lines\n", 115), "2024-06-01T10:00:02.000101Z 0 [Note] in a quote\n'\n", collapsed)
	write(strings.ReplaceAll("2024-07-10T05:25:07.058758Z\t   42 Query\tSELECT\n  1\n2024-07-10T05:25:07.058759Z\t   42 Quit\n"+banner+"2024-06-01T10:00:00.000107Z 48 [ERROR] x\n", "\n", "\r\n"))
	write("2024-07-10T05:25:07.058758Z\t   42 Query\tSELECT\n", strings.Repeat("\x00", 7), "\n", hole, "2024-06-01T10:00:02.000101Z 0 [Note] ", strings.Repeat("long message\n", 95))
	write("2024-07-10 05:25:05+00:00 [Note] [Entrypoint]: x\n", hole, strings.Repeat("\x00", 1200), strings.Repeat("a line of nothing ", 65), "\n")
	write("\xef\xbb\xbf")
	entry("Query", "SELECT\n\f\n 6")
	write("\x1a\r\n")
	entry("Quit", "")
	write("\x1a", hole, "\xef\xbb\xbf")
	entry("Query", "SELECT '\n\f2024-06-01T10:00:02.000101Z 0 [Note] text\nmysql_1  | 2024-07-10T05:25:05.058758Z\t    9 Query\ttext\n'")
	write("\x1b[36mmysql_1  |\x1b[0m 2024-07-10T05:25:05.058758Z\t    9 Query\taround\nmore\n", `{"log":"2024-07-10T05:25:05.058758Z\t    9 Query\taround\n"}`, "\n", "\x00\xef\xbb\xbf")
	entry("Query", "SELECT 6\n"+banner[:100])
	write("2024-07-10T05:25:07.058758Z\t   42 Query\tthe last one has a mark\n\x1a")
	return b.String()
}

// blocks are the ends of the blocks of a log.
type blocks []int

// told describes in lines of text what a log is read as when it comes in blocks.
func told(t testing.TB, r reading.Reading, log []byte, ends blocks, limit int) string {
	t.Helper()
	return toldAs(t, r, nil, log, ends, limit)
}

// toldAs is the answer for a file that is known to be a dump of a layout, nil for none.
func toldAs(t testing.TB, r reading.Reading, table *tablelog.Layout, log []byte, ends blocks, limit int) string {
	t.Helper()
	var b []byte
	// Formatting would take most of the time.
	line := func(numbers []int64, flags []bool, texts ...[]byte) {
		for _, n := range numbers {
			b = append(strconv.AppendInt(b, n, 10), ' ')
		}
		for _, f := range flags {
			b = append(strconv.AppendBool(b, f), ' ')
		}
		for _, text := range texts {
			b = append(append(b, text...), " | "...)
		}
		b = append(b, '\n')
	}
	var cov genlog.Coverage
	parser := reading.NewParser(r)
	next := int64(0)
	cut := newCutter(r, buffers, func(c chunk) error {
		if c.Map != nil || c.aside.WrapperBytes > 0 {
			next = c.Offset // behind what is around the text
		}
		if c.Offset != next {
			t.Fatalf("a chunk begins at %d, want %d", c.Offset, next)
		}
		next += int64(len(c.Data)) + c.Skipped
		var part genlog.Coverage
		parser.Table = c.table
		parser.Parse(c.Chunk, &part, reading.Handler{
			Banner: func() { b = append(b, "banner\n"...) },
			Record: func(r *reading.Record) {
				line([]int64{r.Offset, r.Time, int64(r.ID), int64(len(r.Raw))}, []bool{r.Same, r.Local, r.Open, r.Long}, r.Command, []byte(r.Action), r.Table, r.Text)
			},
			Message: func(m *genlog.Message) {
				line([]int64{m.Offset, m.Bytes, m.Time, int64(m.ID), int64(m.Kind)}, []bool{m.Doubtful, m.Inside}, m.Level, m.Text)
			},
		})
		c.addTo(&part)
		cov.Add(&part)
		buffers.give(c.Data)
		return nil
	})
	buf, _ := buffers.take()
	cut.buf = buf[:0]
	if limit > 0 {
		cut.limit, cut.keep, cut.ahead = limit, limit/3, 500
		cut.splitter = r.NewSplitter(cut.ahead)
	}
	if table != nil {
		cut.asked, cut.table, cut.splitter = true, table, tablelog.NewSplitter(*table, cut.limit)
	}
	at := 0
	for _, end := range append(ends, len(log)) {
		if err := cut.add(0, int64(at), log[at:end]); err != nil {
			t.Fatal(err)
		}
		at = end
	}
	if err := cut.end(); err != nil {
		t.Fatal(err)
	}
	buffers.give(cut.buf)
	if cov.Bytes() != int64(len(log)) {
		t.Fatalf("cut at %v: %d bytes accounted for, the log has %d", ends, cov.Bytes(), len(log))
	}
	line([]int64{cov.EntryBytes, cov.BannerBytes, cov.RejectBytes, cov.MessageBytes, cov.HoleBytes, int64(cov.Banners), int64(cov.Rejects), int64(cov.LongEntries), int64(cov.Doubtful)}, nil)
	for k, n := range cov.Messages {
		line([]int64{int64(n)}, nil, []byte(genlog.MessageKind(k).String()))
	}
	for _, r := range cov.First {
		line([]int64{r.Offset, r.Bytes}, nil, []byte(r.Reason.String()))
	}
	for _, o := range cov.Opened {
		line([]int64{o.Offset}, nil, []byte(o.Version))
	}
	line([]int64{cov.WrapperBytes, cov.ForeignBytes, int64(cov.ForeignLines)}, nil)
	line([]int64{int64(cov.Forms.UTC), int64(cov.Forms.Offset), int64(cov.Forms.Short), int64(cov.Forms.Same)}, nil)
	return string(b)
}

// buffers are used again: a chunk's is large beside the logs here.
var buffers = make(spare[[]byte], 4)

// same compares what a log cut at ends is read as.
func same(t *testing.T, name string, got, want string, ends blocks) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s, cut at %v, line %d:\n got %.300s\nwant %.300s", name, ends, i+1, strconv.Quote(g[i]), strconv.Quote(w[i]))
		}
	}
	t.Fatalf("%s, cut at %v: %d lines, want %d", name, ends, len(g), len(w))
}

var readings = []reading.Reading{reading.Correct, reading.Notebook}

// What is an entry depends on the bytes of the file alone: a log that holds every
// form is read the same wherever it was cut in two.
func TestCutAtEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	log := []byte(everyForm())
	if len(log) > 16<<10 {
		t.Fatalf("the log has %d bytes", len(log))
	}
	for _, r := range readings {
		for _, limit := range []int{0, 800} {
			want := told(t, r, log, nil, limit)
			name := fmt.Sprintf("%v reading, limit %d", r, limit)
			step := 1
			if limit == 0 {
				step = max(1, 5 / *moreCuts) // there is nothing in it that a small limit does not ask
			}
			for at := 1; at < len(log); at += step {
				same(t, name, told(t, r, log, blocks{at}, limit), want, blocks{at})
			}
			for _, size := range []int{1, 2, 3, 17, 100, 1000} {
				var ends blocks
				for at := size; at < len(log); at += size {
					ends = append(ends, at)
				}
				same(t, name, told(t, r, log, ends, limit), want, ends[:1])
			}
			rng := rand.New(rand.NewPCG(1, uint64(limit)))
			for range 100 * *moreCuts {
				var ends blocks
				for at := rng.IntN(3000); at < len(log); at += 1 + rng.IntN(1<<rng.IntN(13)) {
					ends = append(ends, at)
				}
				same(t, name, told(t, r, log, ends, limit), want, ends)
			}
		}
	}
}

// logs are the recorded logs and dumps of the repository, with at most the given
// bytes of each.
func logs(t *testing.T, most int) map[string][]byte {
	t.Helper()
	list := map[string][]byte{}
	for _, pattern := range []string{"*/*.log", "*/*.log.gz", "*/*.tsv", "*/*.csv", "reference/*/general.log.gz"} {
		paths, err := filepath.Glob("../../testdata/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "labels.csv") || strings.HasSuffix(path, "-ids.csv") {
				continue
			}
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var from io.Reader = f
			if strings.HasSuffix(path, ".gz") {
				if from, err = gzip.NewReader(f); err != nil {
					t.Fatal(err)
				}
			}
			if list[path], err = io.ReadAll(io.LimitReader(from, int64(most))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(list) < 10 {
		t.Fatalf("found %d logs", len(list))
	}
	return list
}

// cutsNear returns places at which a log is cut, most of them near the start of
// a line.
func cutsNear(log []byte, rng *rand.Rand, n int) blocks {
	var list blocks
	for range n {
		at := 1 + rng.IntN(len(log)-1)
		if rng.IntN(8) > 0 {
			if nl := bytes.IndexByte(log[at:], '\n'); nl >= 0 {
				at += nl + 1 + rng.IntN(128) - 64
			}
		}
		list = append(list, min(max(1, at), len(log)-1))
	}
	return list
}

// The logs of the repository are read the same wherever they are cut. Only what is
// near a cut can show it, so that each log is cut in windows.
func TestCutNearRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	const window = 4 << 10
	for name, log := range logs(t, 1<<20) {
		rng := rand.New(rand.NewPCG(3, uint64(len(log))))
		for _, r := range readings {
			for range 20 * *moreCuts {
				from := rng.IntN(max(1, len(log)-window))
				if nl := bytes.IndexByte(log[from:], '\n'); from > 0 && nl >= 0 && r.Tables() {
					from += nl + 1
				}
				part := log[from:min(len(log), from+window)]
				if len(part) < 2 {
					continue
				}
				want := told(t, r, part, nil, 0)
				for _, at := range cutsNear(part, rng, 50) {
					same(t, fmt.Sprintf("%s from %d, %v reading", name, from, r), told(t, r, part, blocks{at}, 0), want, blocks{at})
				}
			}
		}
	}
}

// trickle reads in small pieces of random length.
type trickle struct {
	from io.Reader
	rng  *rand.Rand
}

func (r *trickle) Read(b []byte) (int, error) {
	return r.from.Read(b[:min(len(b), 1+r.rng.IntN(1<<r.rng.IntN(16)))])
}

// From a file or through a slow pipe, with one worker or eight, the analysis is that
// of the same entries.
func TestFileAndPipeGiveTheSame(t *testing.T) {
	files := logs(t, 300<<10)
	files["made up"] = []byte(everyForm())
	for name, log := range files {
		for _, r := range readings {
			if r == reading.Notebook && (strings.Contains(name, "maria") || strings.Contains(name, "mysql56")) {
				continue // no entry of the notebook's is in it
			}
			path := filepath.Join(t.TempDir(), "general.log")
			if err := os.WriteFile(path, log, 0o600); err != nil {
				t.Fatal(err)
			}
			want := ""
			for k := range 2 + 2**moreCuts {
				if testing.Short() && (k == 1 || k == 2) {
					continue // a file with one worker, a pipe with eight
				}
				cfg := DefaultConfig()
				cfg.Reading, cfg.Workers = r, []int{1, 8}[k%2]
				paths, opts := []string{path}, logfile.Options{}
				if k >= 2 {
					paths, opts.Stdin = []string{"-"}, &trickle{bytes.NewReader(log), rand.New(rand.NewPCG(5, uint64(k)))}
				}
				got := read1(t, cfg, paths, opts)
				if want == "" {
					want = got
				}
				same(t, fmt.Sprintf("%s, %v reading, way %d", name, r, k), got, want, nil)
			}
		}
	}
}

// read1 loads a log and describes it in lines of text.
func read1(t *testing.T, cfg Config, paths []string, opts logfile.Options) string {
	t.Helper()
	set, err := logfile.Open(paths, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := read(context.Background(), cfg, set, quiet)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	text := NewText(set)
	if err := text.Replay(context.Background(), &s.Log, func(i int, r *reading.Record) error {
		e := s.Entries.At(i)
		fmt.Fprintf(&b, "%d %d %v %s %s %s %q\n", e.Offset, e.Time, s.Connections.Ref(int(e.Connection)), s.Command(i), s.Action(i), s.Table(i), r.Text)
		alone, err := text.Record(&s.Log, i)
		if err != nil || !bytes.Equal(alone.Text, r.Text) || alone.ID != r.ID || alone.Same != r.Same || !bytes.Equal(alone.Raw, r.Raw) {
			t.Errorf("entry %d at byte %d is %d %q, read alone %d %q, error %v", i+1, e.Offset, r.ID, r.Text, alone.ID, alone.Text, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := text.Statements(&s.Log).Scan(context.Background(), 0, s.Len(), func(int) bool { return true }, func(i int, text []byte) bool {
		fmt.Fprintf(&b, "%d %q\n", i, text)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Messages {
		fmt.Fprintf(&b, "%+v\n", m)
	}
	fmt.Fprintf(&b, "%+v\n%v\n", s.Coverage, s.Templates)
	return b.String()
}
