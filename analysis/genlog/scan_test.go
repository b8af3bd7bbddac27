package genlog

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

const captures = "../../testdata/"

func readLog(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(captures + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// entry is what tests compare of a record.
type entry struct {
	id       uint64
	command  string
	argument string
}

func scan(c Chunk) (list []entry, banners int, cov Coverage) {
	Scan(c, &cov, Handler{Banner: func() { banners++ }, Record: func(r *Record) {
		list = append(list, entry{r.ID, string(r.Command), string(r.Argument)})
	}})
	return list, banners, cov
}

// The marked log shows what becomes of each kind of line.
func TestScan(t *testing.T) {
	const banner = "/usr/sbin/mysqld, Version: 8.0.43 (MySQL Community Server - GPL). started with:\n" +
		"Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock\n" +
		"Time                 Id Command    Argument\n"
	const windows = "C:\\mysql\\bin\\mysqld.exe, Version: 8.0.43 (MySQL). started with:\r\nTCP Port: 3306, Named Pipe: MySQL\r\nTime                 Id Command    Argument\r\n"
	one := "2024-07-10T05:25:05.058758Z\t    1 Connect\troot@h on  using TCP/IP\n"
	two := "2024-07-10T05:25:05.058759Z\t    1 Query\tSELECT a,\n  b\n\t\t    9 Quit\nFROM t\n"
	three := "2024-07-10T05:25:05.058760Z\t    1 Quit\t\n"
	hole := strings.Repeat("\x00", 4096)
	tests := []struct {
		name    string
		log     string
		entries string
		banners int
		rejects string
	}{
		{"plain", one + two + three, "1 Connect|root@h on  using TCP/IP;1 Query|SELECT a,\n  b\n\t\t    9 Quit\nFROM t;1 Quit|;", 0, ""},
		{"banner at the start", banner + one, "1 Connect|root@h on  using TCP/IP;", 1, ""},
		{"banner in the middle", one + banner + three, "1 Connect|root@h on  using TCP/IP;1 Quit|;", 1, ""},
		{"two banners", banner + banner + three, "1 Quit|;", 2, ""},
		{"Windows", windows + strings.ReplaceAll(three, "\n", "\r\n"), "1 Quit|;", 1, ""},
		{"half a banner at the head", "Time                 Id Command    Argument\n" + three, "1 Quit|;", 0, ""},
		{"half a banner inside a statement", "2024-07-10T05:25:05.058759Z\t    1 Query\tSELECT '\nTcp port: 3306  Unix socket: x\n'\n" + three,
			"1 Query|SELECT '\nTcp port: 3306  Unix socket: x\n';1 Quit|;", 0, ""},
		{"text before the first entry", "rest of\na statement\n" + three, "1 Quit|;", 0, "text before the first entry, or behind a banner 8;text before the first entry, or behind a banner 12;"},
		{"hole at the head", hole + three, "1 Quit|;", 0, "run of NUL bytes 4096;"},
		{"hole in the middle", one + hole + three, "1 Connect|root@h on  using TCP/IP;1 Quit|;", 0, "run of NUL bytes 4096;"},
		{"NULs of a statement", "2024-07-10T05:25:05.058759Z\t    1 Query\tSELECT '\n\x00\x00'\n", "1 Query|SELECT '\n\x00\x00';", 0, ""},
		{"no line end", one + strings.TrimSuffix(three, "\n"), "1 Connect|root@h on  using TCP/IP;1 Quit|;", 0, ""},
		{"same second", "250311  8:42:00\t    1 Connect\tu@h on \n\t\t    1 Query\tSELECT 1\n\t\t\tFROM t\n\t\t    1 Quit\t\n",
			"1 Connect|u@h on ;1 Query|SELECT 1\n\t\t\tFROM t;1 Quit|;", 0, ""},
		{"marks of joined files", one + "\xef\xbb\xbf" + three + "\x1a\f" + three + "\x1b[0m\r\n" + three + "\x00\x1a", "1 Connect|root@h on  using TCP/IP;1 Quit|;1 Quit|;1 Quit|;", 0, ""},
		{"marks and a hole", one + "\x1a" + hole + "\xef\xbb\xbf" + three, "1 Connect|root@h on  using TCP/IP;1 Quit|;", 0, "run of NUL bytes 4096;"},
		{"marks in a statement", "2024-07-10T05:25:05.058759Z\t    1 Query\tSELECT '\n\f\n\xef\xbb\xbf2024-06-01T10:00:02.000101Z 0 [Note] x\n' UNION\n\x1aSELECT 2\n" + three,
			"1 Query|SELECT '\n\f\n\xef\xbb\xbf2024-06-01T10:00:02.000101Z 0 [Note] x\n' UNION\n\x1aSELECT 2;1 Quit|;", 0, ""},
		{"nothing", "", "", 0, ""},
		{"only banners", banner + banner, "", 2, ""},
	}
	for _, tt := range tests {
		list, banners, cov := scan(Chunk{Data: []byte(tt.log), First: true, Last: true})
		var entries, rejects string
		for _, e := range list {
			entries += fmt.Sprintf("%d %s|%s;", e.id, e.command, e.argument)
		}
		for _, r := range cov.First {
			rejects += fmt.Sprintf("%s %d;", r.Reason, r.Bytes)
		}
		if entries != tt.entries || banners != tt.banners || rejects != tt.rejects {
			t.Errorf("%s:\nentries %q\nwant    %q\nbanners %d, want %d\nrejects %q, want %q", tt.name, entries, tt.entries, banners, tt.banners, rejects, tt.rejects)
		}
		if cov.Bytes() != int64(len(tt.log)) {
			t.Errorf("%s: %d bytes accounted for, want %d", tt.name, cov.Bytes(), len(tt.log))
		}
	}
}

// Every capture is read whole: no rejects, and as many entries as its README has.
func TestCaptures(t *testing.T) {
	for name, want := range map[string]int{
		"wordpress-bruteforce/general.log.gz":        126_590,
		"wordpress-bruteforce/mariadb-native.log.gz": 126_593,
		"mysql56/general.log":                        1_053,
	} {
		log := readLog(t, name)
		list, _, cov := scan(Chunk{Data: log, First: true, Last: true})
		if len(list) != want || cov.Rejects != 0 || cov.Bytes() != int64(len(log)) {
			t.Errorf("%s: %d entries, want %d; %d rejects; %d of %d bytes accounted for", name, len(list), want, cov.Rejects, cov.Bytes(), len(log))
		}
		for _, e := range list {
			if _, ok := KnownCommand([]byte(e.command)); !ok {
				t.Errorf("%s: command %q", name, e.command)
				break
			}
		}
	}
}

// Where a log is cut into chunks must not show, and every byte must be
// accounted for however it is cut.
func TestChunksDoNotShow(t *testing.T) {
	for _, name := range []string{"wordpress-bruteforce/sample.log", "mysql56/general.log"} {
		log := readLog(t, name)
		want, _, _ := scan(Chunk{Data: log, First: true, Last: true})
		rng := rand.New(rand.NewPCG(7, 8))
		for range 20 {
			var got []entry
			var total Coverage
			var split Splitter
			for from := 0; from < len(log); {
				to := min(len(log), from+1+rng.IntN(20_000))
				for to < len(log) {
					if at := split.LastStart(log[from:to], false); at > 0 {
						to = from + at
						break
					}
					to = min(len(log), to+1000)
				}
				list, _, cov := scan(Chunk{Data: log[from:to], Offset: int64(from), First: from == 0, Last: to == len(log), State: split.State()})
				split.Cut(log[from:to])
				got = append(got, list...)
				total.Add(&cov)
				from = to
			}
			if len(got) != len(want) || total.Bytes() != int64(len(log)) {
				t.Fatalf("%s: %d entries, want %d; %d bytes, want %d", name, len(got), len(want), total.Bytes(), len(log))
			}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("%s: entry %d is %v, want %v", name, i+1, got[i], want[i])
				}
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	sample := readLog(f, "wordpress-bruteforce/sample.log")
	f.Add(sample[:4000])
	f.Add(readLog(f, "mysql56/general.log")[:4000])
	f.Add(bytes.Repeat([]byte{0}, 64))
	f.Fuzz(func(t *testing.T, log []byte) {
		list, _, cov := scan(Chunk{Data: log, First: true, Last: true})
		if cov.Bytes() != int64(len(log)) {
			t.Fatalf("%d bytes accounted for, the log has %d", cov.Bytes(), len(log))
		}
		var raw int
		var c Coverage
		var lone RecordReader
		Scan(Chunk{Data: log}, &c, Handler{Record: func(r *Record) {
			if !bytes.Equal(r.Raw, log[r.Offset:int(r.Offset)+len(r.Raw)]) {
				t.Fatalf("record at %d is not where it says", r.Offset)
			}
			raw++
			again, ok := lone.Record(log[r.Offset : int(r.Offset)+len(r.Raw)])
			if !ok || again.ID != r.ID || again.Time != r.Time || !bytes.Equal(again.Raw, r.Raw) || again.Text != r.Text {
				t.Fatalf("record at %d is read in another way alone", r.Offset)
			}
		}})
		if raw != len(list) {
			t.Fatalf("%d records, then %d", len(list), raw)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	log := readLog(b, "wordpress-bruteforce/general.log.gz")
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	var cov Coverage
	for b.Loop() {
		cov.Reset()
		Scan(Chunk{Data: log, First: true, Last: true}, &cov, Handler{Record: func(*Record) {}})
	}
}

// Where the form of the headers before allows it, a line with two TABs is an entry;
// a client who writes a header of another form changes nothing for a file that
// began with short ones.
func TestSameSecondFollowsTheForms(t *testing.T) {
	const (
		same  = "\t\t    7 Quit\t\n"
		short = "191015 10:12:40\t     8 Quit\t\n"
		iso   = "2024-07-10T05:25:05.058758Z\t    1 Query\tx\n"
	)
	for _, c := range []struct {
		log string
		ids string
	}{
		{same + same, "[7 7]"},
		{"text\n" + same, "[7]"},
		{short + same, "[8 7]"},
		{iso + same, "[1]"},
		{same + iso + same, "[7 1]"},
		{iso + short + same + iso + same, "[1 8 7 1]"},
		{short + iso + same + short + same, "[8 1 7 8 7]"},
		{iso + strings.Repeat("\x00", 20) + short + same, "[1 8 7]"},
	} {
		list, _, _ := scan(Chunk{Data: []byte(c.log), First: true, Last: true})
		var ids []uint64
		for _, e := range list {
			ids = append(ids, e.id)
		}
		if got := fmt.Sprint(ids); got != c.ids {
			t.Errorf("%q: %s, want %s", c.log, got, c.ids)
		}
	}
}

// A header with an impossible figure is a reject with its lines, but text inside
// an open quote.
func TestFaultyHeadersAreRejects(t *testing.T) {
	const entry, bad = "2024-07-10T05:25:05.058758Z\t    1 Query\t", "2024-13-10T05:25:05.058758Z\t    2 Query\ta\nb\n"
	for _, c := range []struct{ log, text, rejects string }{
		{entry + "SELECT 1\n" + bad, "SELECT 1", "[{49 44 header with an impossible date or time}]"},
		{entry + "SELECT '\n" + bad + "'\n", "SELECT '\n" + bad + "'", "[]"},
	} {
		list, _, cov := scan(Chunk{Data: []byte(c.log), First: true, Last: true})
		if len(list) != 1 || list[0].argument != c.text || fmt.Sprint(cov.First) != c.rejects {
			t.Errorf("%q: %q, rejects %v, want %q and %s", c.log, fmt.Sprint(list), cov.First, c.text, c.rejects)
		}
	}
}
