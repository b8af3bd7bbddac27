package report

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// A damaged file is named, and what could be read of it is counted.
func TestDamage(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(strings.Repeat(smallLog, 200))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s := load(t, reading.Correct, write(t, "cut.gz", b.Bytes()[:b.Len()-40]), "")
	got := text(t, s, Options{})
	if !strings.Contains(got, "DAMAGED: "+s.Files[0].Damaged()) || s.Files[0].Damaged() == "" {
		t.Errorf("the report does not name the damage %q:\n%.800s", s.Files[0].Damaged(), got)
	}
	_, object := asJSON(t, s, Options{})
	list := object["damage"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["damage"] != s.Files[0].Damaged() {
		t.Errorf("damage is %v, want %q", list, s.Files[0].Damaged())
	}
}

// Text that no checksum confirms is not called whole because all of it is counted.
func TestDoubtfulText(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(strings.Repeat(smallLog, 200))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b.Bytes()[b.Len()-8]++
	s := load(t, reading.Correct, write(t, "wrong.gz", b.Bytes()), "")
	got := strings.Join(strings.Fields(text(t, s, Options{})), " ")
	for _, want := range []string{
		"any of them may be wrong, and nothing behind the first wrong one can be trusted; what could be read is in this report",
		"That accounts for what was read, which need not be what was written", "high damaged file",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report does not say %q:\n%.1500s", want, got)
		}
	}
}

// A reject in the second file of a set is named by its place in that file.
func TestRejectInSecondFile(t *testing.T) {
	s := loadFiles(t, pipeline.DefaultConfig(), "", write(t, "one.log", []byte(banner+localLog)), write(t, "two.log", []byte(smallLog)))
	s.Files[1].Name = "two.log"
	if got, want := text(t, s, Options{}), "text before the first entry, or behind a banner (byte 0 of two.log)"; !strings.Contains(got, want) {
		t.Errorf("the report does not say %q:\n%.1500s", want, got)
	}
}

// The order in which several files were read is reported.
func TestOrderIsSaid(t *testing.T) {
	s := loadFiles(t, pipeline.DefaultConfig(), "", write(t, "one.log", []byte(smallLog)), write(t, "two.log", []byte(smallLog)))
	if got, want := text(t, s, Options{}), "read in the order in which they stand here: that of their first entries."; !strings.Contains(got, want) {
		t.Errorf("the report does not say %q:\n%.800s", want, got)
	}
	if got := text(t, loadText(t, reading.Correct, smallLog), Options{}); strings.Contains(got, "stand here") {
		t.Errorf("a single file has an order:\n%.800s", got)
	}
}

// A count that does not add up is reported, not hidden.
func TestCoverageThatDoesNotAddUp(t *testing.T) {
	s := loadText(t, reading.Correct, smallLog)
	s.Coverage.EntryBytes--
	if got := text(t, s, Options{}); !strings.Contains(got, "NOT every byte is accounted for") {
		t.Errorf("the report does not say that a byte is missing:\n%.800s", got)
	}
}

// What is in the middle of a log is not reported as before its first entry, and the
// column names of a table are no banner.
func TestCoverageInWords(t *testing.T) {
	const mariadb = "../../testdata/mariadb/"
	for file, want := range map[string][]string{
		"general.log":     {"bytes in 7 server banners", "5812 2 text before the first entry, or behind a banner"},
		"general_log.tsv": {"63 bytes in the header of a table dump"},
	} {
		got := strings.Join(strings.Fields(text(t, load(t, reading.Correct, mariadb+file, ""), Options{})), " ")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: the report does not say %q", file, w)
			}
		}
	}
	both := loadFiles(t, pipeline.DefaultConfig(), "", mariadb+"general.log", mariadb+"general_log.tsv")
	if got := text(t, both, Options{}); !strings.Contains(got, "bytes in 7 server banners and the header of a table dump") {
		t.Errorf("a log and a table: %.1200s", got)
	}
	rest := loadText(t, reading.Correct, "Time                 Id Command    Argument\n"+smallLog[len("WHERE a = 1\n")+len(banner):])
	if got := text(t, rest, Options{}); !strings.Contains(got, "bytes in lines of a server banner") {
		t.Errorf("the rest of a banner: %.1200s", got)
	}
}
