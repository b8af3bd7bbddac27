package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"sqleuth/analysis/export"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wrapper/wrappertest"
	"sqleuth/testdata"
)

// analysed is the whole analysis of the built-in incident in one form.
type analysed struct {
	doc  *document
	log  *pipeline.Snapshot
	raw  []byte
	json string         // the report, but for the file and its bytes
	text map[int]string // of some entries, each read back from its offset
}

// The incident has many entries and there are many forms.
var allForms = flag.Bool("forms", false, "the built-in incident in every wrapper and form, not in some")

// formsEach is how many forms there are to one that a test without -forms tries; with
// -short it tries none.
const formsEach = 9

// readBack is how many entries there are to one that is read back alone; which ones
// differs from form to form.
const readBack = 5

// analyse runs the whole analysis, and reads back the entries that some reports
// whether to.
func analyse(t *testing.T, cfg pipeline.Config, raw []byte, some func(i int) bool) *analysed {
	t.Helper()
	ctx := context.Background()
	set, err := logfile.OpenBytes("log", raw, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(ctx, cfg, set, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	a := &analysed{log: s, raw: raw, text: map[int]string{}}
	if a.doc, err = newDocument(ctx, s, Options{Version: "0.0.0"}); err != nil {
		t.Fatal(err)
	}
	if err := pipeline.NewText(set).Statements(&s.Log).Scan(ctx, 0, s.Len(), some, func(i int, text []byte) bool {
		a.text[i] = string(text)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	a.json = withoutBytes(t, *a.doc)
	return a
}

// withoutBytes is a report as JSON without the file and the bytes of each kind.
func withoutBytes(t *testing.T, d document) string {
	t.Helper()
	f := d.Files[0]
	d.Files = []export.Input{{Container: f.Container, Damage: f.Damage, Limit: f.Limit}}
	d.Coverage.Coverage = export.Coverage{Messages: d.Coverage.Messages, Rejects: d.Coverage.Rejects, Banners: d.Coverage.Banners}
	var b bytes.Buffer
	if err := export.WriteJSON(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// incidentText returns the built-in incident as text that any container can hold.
func incidentText(t testing.TB) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(testdata.Incident))
	if err != nil {
		t.Fatal(err)
	}
	log, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ToValidUTF8(log, []byte("?"))
}

// The built-in incident in a wrapper has the report of the plain one, each entry
// at the offset where it is in the file, and every byte accounted for.
func TestIncidentInWrappers(t *testing.T) {
	log := incidentText(t)
	plain := analyse(t, pipeline.DefaultConfig(), log, func(int) bool { return true })
	heads := make([]string, plain.log.Len())
	for i := range heads {
		heads[i] = unchanged(log[plain.log.Entries.Offset(i):])
	}
	for k, form := range wrappertest.Forms() {
		if !*allForms && (k%formsEach != 0 || testing.Short()) {
			continue
		}
		t.Run(form.Name, func(t *testing.T) {
			t.Parallel()
			got := analyse(t, pipeline.DefaultConfig(), form.Wrap(log), func(i int) bool { return i%readBack == k%readBack })
			if name := got.doc.Files[0].Wrapper; !strings.HasPrefix(name, form.Named) {
				t.Errorf("files[0].wrapper is %q, want %q", name, form.Named)
			}
			comparePlain(t, got, plain)
			leads := form.Leads()
			for i, head := range heads {
				if at := got.log.Entries.Offset(i); !leads(got.raw[at:], head) {
					t.Fatalf("entry %d: at %d is %q, want what is around %q", i+1, at, got.raw[at:min(len(got.raw), int(at)+80)], head)
				}
			}
		})
	}
}

// unchanged returns the start of an entry as far as every wrapper leaves it as it is:
// time, id and command.
func unchanged(entry []byte) string {
	i := bytes.IndexFunc(entry, func(r rune) bool {
		return r != ' ' && (r < '-' || r > ':') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	return string(entry[:i])
}

// comparePlain compares an analysis with that of the plain log.
func comparePlain(t *testing.T, got, plain *analysed) {
	t.Helper()
	if got.json != plain.json {
		t.Errorf("the report differs at %s", difference(got.json, plain.json))
	}
	c := got.doc.Coverage
	if sum := c.EntryBytes + c.BannerBytes + c.RejectBytes + c.MessageBytes + c.WrapperBytes; sum != c.Bytes || sum != int64(len(got.raw)) {
		t.Errorf("the parts of the coverage add up to %d, all to %d, the file has %d: %+v", sum, c.Bytes, len(got.raw), c.Coverage)
	}
	if got.log.Len() != plain.log.Len() || len(got.text) < plain.log.Len()/readBack {
		t.Fatalf("%d entries, want %d; %d are read back", got.log.Len(), plain.log.Len(), len(got.text))
	}
	for i, text := range got.text {
		if text != plain.text[i] {
			t.Fatalf("entry %d, read back from %d, is %q, want %q", i+1, got.log.Entries.Offset(i), text, plain.text[i])
		}
	}
}

// difference shows where two texts begin to differ.
func difference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	around := func(s string) string { return s[max(0, min(len(s), i-120)):min(len(s), i+120)] }
	return fmt.Sprintf("byte %d:\n%s\nwant\n%s", i, around(got), around(want))
}
