package casefile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sqleuth/analysis/filelock"
	"sqleuth/analysis/label"
)

var noon = time.Date(2025, 3, 12, 12, 0, 0, 0, time.UTC)

var testKey = KeyOf(sha256.Sum256([]byte("a log")))

// program is what the investigator does with a case: a Book, a list of filters,
// and the Case it has seen.
type program struct {
	file    *File
	book    *label.Book
	filters []Filter
	marks   []Marks
	columns []Columns
	seen    Case
}

func open(t testing.TB, dir string) *program {
	t.Helper()
	f, c, err := Open(dir, testKey)
	if err != nil {
		t.Fatal(err)
	}
	return &program{f, label.NewBook(c.Labels), c.Filters, c.Marks, c.Columns, c}
}

func (p *program) label(t testing.TB, class string, at time.Time, refs ...label.Ref) {
	t.Helper()
	if _, err := p.book.Assign(refs, class, label.ByAnalyst, at); err != nil {
		t.Fatal(err)
	}
}

func (p *program) trySave() (Saved, error) {
	sent := Case{Labels: p.book.Set(), Filters: p.filters, Marks: p.marks, Columns: p.columns}
	saved, err := p.file.Save(context.Background(), p.seen, sent)
	if err == nil {
		p.book.Absorb(sent.Labels, saved.Case.Labels)
		p.seen = saved.Case
		p.filters, p.marks, p.columns = saved.Case.Filters, saved.Case.Marks, saved.Case.Columns
	}
	return saved, err
}

func (p *program) save(t testing.TB) Saved {
	t.Helper()
	saved, err := p.trySave()
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func ref(id uint64) label.Ref { return label.Ref{Epoch: 1, ID: id} }

func TestSaveAndOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "sqleuth", "cases")
	p := open(t, dir)
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("Open made the folder")
	}
	p.label(t, label.LoginAttack, noon, ref(2557), label.Ref{Epoch: 2, ID: 17})
	p.label(t, "exfil", noon.Add(time.Microsecond), ref(3))
	if _, err := p.book.Annotate(ref(3), `<b>&"'=cmd`+"\u2028\u202e\\", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := p.book.Import([]label.Record{{Ref: ref(9), Verdict: label.Verdict{Class: label.Normal, Source: label.ByFile}}}); err != nil {
		t.Fatal(err)
	}
	p.filters = []Filter{{"host:127.0.0.66", true}, {"not /a<b/", false}}
	p.marks = []Marks{{List: "entries", Reading: "default", Ranges: [][2]int{{0, 3}, {7, 8}}}, {List: "templates", Reading: "default", Names: []string{"3f2a", "<b>"}}}
	p.columns = []Columns{{List: "connections", Columns: []string{"host:20", "id"}}}
	saved := p.save(t)
	if saved.Case.Labels != p.book.Set() || len(saved.Conflicts) > 0 || saved.SetAside != "" {
		t.Errorf("saved %+v", saved)
	}

	q := open(t, dir)
	if !q.book.Set().Equal(p.book.Set()) || !slices.Equal(q.filters, p.filters) || !slices.EqualFunc(q.marks, p.marks, Marks.Equal) || !slices.EqualFunc(q.columns, p.columns, Columns.Equal) {
		t.Error("does not open as it was saved")
	}
	if runtime.GOOS != "windows" {
		for path, want := range map[string]os.FileMode{dir: 0o700, p.file.Path(): 0o600} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v", path, info.Mode(), err)
			}
		}
	}
	if base := filepath.Base(p.file.Path()); base != testKey.String()+".json" {
		t.Errorf("the file is called %s", base)
	}
	data, err := os.ReadFile(p.file.Path())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("\n    {\"epoch\":1,\"id\":2557,\"class\":\"login_attack\",\"source\":\"analyst\",\"at\":\"2025-03-12T12:00:00Z\"},\n")) {
		t.Errorf("no line of its own for connection 2557:\n%s", data)
	}
}

// Case files of earlier formats are read, written in the present one, and kept as they
// were beside it.
func TestEarlierVersions(t *testing.T) {
	kept := []Marks{{List: "connections", Reading: "default", Ranges: [][2]int{{2, 4}}}}
	for version, marks := range map[int][]Marks{1: nil, 2: kept, 3: kept, 4: kept, 5: kept} {
		dir := t.TempDir()
		old, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("version%d.json", version)))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, testKey.String()+".json")
		if err := os.WriteFile(path, old, 0o600); err != nil {
			t.Fatal(err)
		}
		p := open(t, dir)
		v, _ := p.book.Set().Verdict(ref(2557))
		if s := p.book.Set(); v.By() != "analyst" || v.Class != label.LoginAttack || s.Noted() != 1 || len(s.Usual()) != 0 ||
			!slices.Equal(p.filters, []Filter{{"host:127.0.0.66", true}}) || !slices.EqualFunc(p.marks, marks, Marks.Equal) {
			t.Errorf("version %d: %+v, %v, %v", version, slices.Collect(s.All()), p.filters, p.marks)
		}
		p.marks = []Marks{{List: "connections", Reading: "default", Ranges: [][2]int{{5, 6}}}}
		p.save(t)
		if q := open(t, dir); !q.book.Set().Equal(p.book.Set()) || !slices.EqualFunc(q.marks, p.marks, Marks.Equal) {
			t.Errorf("version %d: after a save: %v", version, q.marks)
		}
		p.label(t, label.LoginAttack, noon, ref(5))
		p.save(t)
		if kept, err := os.ReadFile(fmt.Sprintf("%s.version-%d", path, version)); err != nil || !bytes.Equal(kept, old) {
			t.Errorf("version %d is not kept as it was: %v", version, err)
		}
		if files, _ := filepath.Glob(path + ".version-*"); len(files) != 1 {
			t.Errorf("version %d: kept %q", version, files)
		}
	}
}

// By whom labels were given, and what is usual, come back from the file.
func TestAnalystsAndUsual(t *testing.T) {
	dir := t.TempDir()
	p := open(t, dir)
	if err := p.book.SetAnalyst("Ann"); err != nil {
		t.Fatal(err)
	}
	p.label(t, label.Attack, noon, ref(5))
	for _, u := range []label.Usual{{User: "etl", Host: "10.0.0.5", Digest: strings.Repeat("ab", 32)}, {Host: "10.0.0.9", Why: "a <monitor>"}} {
		if _, err := p.book.Declare([]label.Usual{u}, noon); err != nil {
			t.Fatal(err)
		}
	}
	p.save(t)
	q := open(t, dir)
	if v, _ := q.book.Set().Verdict(ref(5)); v.Analyst != "Ann" || !q.book.Set().Equal(p.book.Set()) || len(q.book.Set().Usual()) != 2 ||
		q.book.Set().Usual()[1].Said() != "all that comes from 10.0.0.9, by Ann on 2025-03-12: a <monitor>" {
		t.Errorf("%+v, usual %+v", v, q.book.Set().Usual())
	}
}

// A change that is taken back leaves the same bytes: nothing but the case
// itself gets into the file.
func TestSameCaseSameBytes(t *testing.T) {
	dir := t.TempDir()
	p := open(t, dir)
	p.label(t, label.LoginAttack, noon, ref(5), ref(2), ref(9))
	p.save(t)
	first, _ := os.ReadFile(p.file.Path())
	p.label(t, label.Normal, noon.Add(time.Hour), ref(2))
	p.save(t)
	second, _ := os.ReadFile(p.file.Path())
	p.book.Undo()
	p.save(t)
	third, _ := os.ReadFile(p.file.Path())
	if bytes.Equal(first, second) || !bytes.Equal(first, third) {
		t.Errorf("first\n%s\nsecond\n%s\nthird\n%s", first, second, third)
	}
}

func TestTwoPrograms(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	a.label(t, label.LoginAttack, noon, ref(1), ref(2))
	a.save(t)
	b.label(t, label.GetUserTable, noon.Add(time.Hour), ref(2), ref(3))
	b.filters = []Filter{{"id:3", true}}
	saved := b.save(t)
	if !slices.Equal(saved.Conflicts, []label.Ref{ref(2)}) {
		t.Errorf("conflicts %v", saved.Conflicts)
	}
	a.save(t)
	for _, p := range []*program{a, b, open(t, dir)} {
		s := p.book.Set()
		if s.Labelled() != 3 || s.Class(ref(1)) != label.LoginAttack || s.Class(ref(2)) != label.GetUserTable || !slices.Equal(p.filters, b.filters) {
			t.Errorf("%+v, %v", slices.Collect(s.All()), p.filters)
		}
	}
	// What one takes away is gone for the other too, and stays gone.
	if _, err := a.book.Clear([]label.Ref{ref(3)}, label.ByKey, noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	a.save(t)
	b.save(t)
	a.save(t)
	if a.book.Set().Labelled() != 2 || !a.book.Set().Equal(b.book.Set()) {
		t.Error("a label that was taken away came back")
	}
}

// While a save runs, the analyst goes on; the result must neither undo that nor
// bring back what was undone meanwhile.
func TestWorkDuringSave(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	b.label(t, label.LoginAttack, noon, ref(50))
	b.save(t)

	a.label(t, label.LoginAttack, noon, ref(1))
	sent := Case{Labels: a.book.Set()}
	saved, err := a.file.Save(context.Background(), a.seen, sent)
	if err != nil {
		t.Fatal(err)
	}
	a.book.Undo()
	a.label(t, label.GetUserTable, noon, ref(2))
	a.book.Absorb(sent.Labels, saved.Case.Labels)
	a.seen = saved.Case
	a.save(t)
	for _, s := range []label.Set{a.book.Set(), open(t, dir).book.Set()} {
		if s.Class(ref(1)) != label.Normal || s.Class(ref(2)) != label.GetUserTable || s.Class(ref(50)) != label.LoginAttack || s.Labelled() != 2 {
			t.Errorf("%+v", slices.Collect(s.All()))
		}
	}
}

func TestConcurrentSavers(t *testing.T) {
	dir := t.TempDir()
	const savers, each = 4, 12
	var wg sync.WaitGroup
	for n := range savers {
		p := open(t, dir)
		wg.Go(func() {
			for i := range each {
				if _, err := p.book.Assign([]label.Ref{ref(uint64(n*each + i))}, label.LoginAttack, label.ByAnalyst, noon); err != nil {
					t.Error(err)
				}
				if _, err := p.trySave(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := open(t, dir).book.Set().Labelled(); got != savers*each {
		t.Errorf("%d labels of %d are left", got, savers*each)
	}
}

func TestRemovedFileIsWrittenAgain(t *testing.T) {
	p := open(t, t.TempDir())
	p.label(t, label.LoginAttack, noon, ref(1))
	p.save(t)
	if err := os.Remove(p.file.Path()); err != nil {
		t.Fatal(err)
	}
	p.save(t) // without a change in between
	for _, s := range []label.Set{p.book.Set(), open(t, filepath.Dir(p.file.Path())).book.Set()} {
		if s.Class(ref(1)) != label.LoginAttack {
			t.Error("the labels were taken for removed")
		}
	}
}

func TestStaleTemporaryFile(t *testing.T) {
	p := open(t, t.TempDir())
	if err := os.WriteFile(p.file.Path()+".tmp", []byte("{\"half"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.label(t, label.LoginAttack, noon, ref(1))
	p.save(t)
	if _, err := os.Stat(p.file.Path() + ".tmp"); !os.IsNotExist(err) {
		t.Error("a temporary file is left")
	}
}

func TestCorruptFile(t *testing.T) {
	good := func() []byte {
		p := open(t, t.TempDir())
		p.label(t, label.LoginAttack, noon, ref(1), ref(2))
		p.save(t)
		data, err := os.ReadFile(p.file.Path())
		if err != nil {
			t.Fatal(err)
		}
		return data
	}()
	edit := func(old, new string) []byte {
		out := bytes.Replace(good, []byte(old), []byte(new), 1)
		if bytes.Equal(out, good) {
			t.Fatalf("the case file does not hold %q", old)
		}
		return out
	}
	for name, data := range map[string][]byte{
		"empty":             {},
		"cut":               good[:len(good)/2],
		"NUL":               make([]byte, len(good)),
		"two documents":     slices.Concat(good, good),
		"another format":    edit("sqleuth case", "other case"),
		"version 0":         edit(`"version": 6`, `"version": 0`),
		"another log":       edit(testKey.String(), KeyOf().String()),
		"marks not apart":   edit(`"marks": [`, `"marks": [{"list":"entries","reading":"default","ranges":[[3,5],[5,6]]}`),
		"marks below 0":     edit(`"marks": [`, `"marks": [{"list":"entries","reading":"default","ranges":[[-1,5]]}`),
		"unknown field":     edit(`"version": 6,`, `"version": 6, "extra": true,`),
		"unknown source":    edit(`"analyst"`, `"oracle"`),
		"epoch 0":           edit(`"epoch":1`, `"epoch":0`),
		"negative id":       edit(`"id":1`, `"id":-1`),
		"twice":             edit(`"id":1`, `"id":2`),
		"bad class":         edit(`"class":"login_attack"`, `"class":"\u001b[2J"`),
		"normal not first":  edit(`["normal",`, `["recon","normal",`),
		"time of year 0":    edit("2025-03-12T", "0000-03-12T"),
		"a list, no object": []byte("[]"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, testKey.String()+".json")
			for n := 1; n <= 2; n++ { // a second time finds the first name taken
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				f, c, err := Open(dir, testKey)
				if _, ok := errors.AsType[*CorruptError](err); !ok || f == nil {
					t.Fatalf("opened as %+v, %v", c, err)
				}
				if !strings.Contains(err.Error(), path) || strings.ContainsAny(err.Error(), "\n\x1b") {
					t.Errorf("not one line that names the file: %q", err)
				}
				if now, _ := os.ReadFile(path); !bytes.Equal(now, data) {
					t.Error("Open changed the file")
				}
				p := &program{file: f, book: label.NewBook(c.Labels)}
				p.label(t, label.GetUserTable, noon, ref(uint64(n)))
				saved := p.save(t)
				aside := fmt.Sprintf("%s.corrupt-%d", path, n)
				if saved.SetAside != aside {
					t.Errorf("set aside as %q, want %q", saved.SetAside, aside)
				}
				if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, data) {
					t.Errorf("the damaged file was not kept: %v", err)
				}
				if got := open(t, dir).book.Set(); got.Labelled() != 1 || got.Class(ref(uint64(n))) != label.GetUserTable {
					t.Error("the labels were not saved")
				}
			}
		})
	}
}

// A file damaged while the program runs costs nothing that the program knows.
func TestFileDamagedWhileOpen(t *testing.T) {
	p := open(t, t.TempDir())
	p.label(t, label.LoginAttack, noon, ref(1))
	p.save(t)
	if err := os.WriteFile(p.file.Path(), []byte("oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.label(t, label.LoginAttack, noon, ref(2))
	if saved := p.save(t); saved.SetAside == "" || saved.Case.Labels.Labelled() != 2 {
		t.Errorf("saved %+v", saved)
	}
}

func TestNewerFormatIsLeftAlone(t *testing.T) {
	p := open(t, t.TempDir())
	newer := []byte(`{"format":"sqleuth case","version":7,"shape":"unknown"}`)
	if err := os.WriteFile(p.file.Path(), newer, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(filepath.Dir(p.file.Path()), testKey); err == nil || !strings.Contains(err.Error(), p.file.Path()) {
		t.Errorf("opened with %v", err)
	}
	p.label(t, label.LoginAttack, noon, ref(1))
	if _, err := p.trySave(); !errors.Is(err, errNewer) {
		t.Errorf("saved with %v", err)
	}
	if now, _ := os.ReadFile(p.file.Path()); !bytes.Equal(now, newer) {
		t.Error("a newer case file was changed")
	}
}

func TestSaveFailures(t *testing.T) {
	t.Run("the folder is a file", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "cases")
		p := open(t, dir)
		if err := os.WriteFile(dir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		failsAndKeeps(t, p)
	})
	t.Run("read-only folder", func(t *testing.T) {
		dir := t.TempDir()
		restore := unprivileged(dir)
		if restore == nil {
			t.Skip("permissions do not bind this user")
		}
		defer restore()
		p := open(t, dir)
		p.label(t, label.LoginAttack, noon, ref(7))
		p.save(t)
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(dir, 0o700)
		failsAndKeeps(t, p)
	})
	t.Run("something stands under the temporary name", func(t *testing.T) {
		p := open(t, t.TempDir())
		p.label(t, label.LoginAttack, noon, ref(7))
		p.save(t)
		if err := os.MkdirAll(filepath.Join(p.file.Path()+".tmp", "full"), 0o700); err != nil {
			t.Fatal(err)
		}
		failsAndKeeps(t, p)
	})
	t.Run("cancelled", func(t *testing.T) {
		p := open(t, t.TempDir())
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := p.file.Save(ctx, Case{}, Case{Filters: []Filter{{"id:1", true}}}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if _, err := os.Stat(p.file.Path()); !os.IsNotExist(err) {
			t.Error("a cancelled save wrote")
		}
	})
	t.Run("lock held", func(t *testing.T) {
		p := open(t, t.TempDir())
		unlock, err := filelock.Lock(context.Background(), p.file.Path()+".lock")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		if _, err := p.file.Save(ctx, Case{}, Case{}); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "another sqleuth") {
			t.Errorf("%v", err)
		}
		if err := unlock(); err != nil {
			t.Fatal(err)
		}
		p.save(t)
	})
}

// failsAndKeeps checks that a save fails with one line that names the file, leaves
// what is on disk, and loses nothing in memory.
func failsAndKeeps(t *testing.T, p *program) {
	t.Helper()
	before, _ := os.ReadFile(p.file.Path())
	p.label(t, label.GetUserTable, noon, ref(8))
	_, err := p.trySave()
	if err == nil || !strings.Contains(err.Error(), p.file.Path()) || strings.Contains(err.Error(), "\n") {
		t.Errorf("saved with %v", err)
	}
	if after, _ := os.ReadFile(p.file.Path()); !bytes.Equal(before, after) {
		t.Error("a failed save changed the file")
	}
	if p.book.Set().Class(ref(8)) != label.GetUserTable {
		t.Error("the label is gone from memory")
	}
}

func TestKeyOf(t *testing.T) {
	a, b := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
	if KeyOf(a) != Key(a) {
		t.Error("one file's key is not its digest")
	}
	if KeyOf(a, b) != Key(sha256.Sum256(slices.Concat(a[:], b[:]))) || KeyOf(a, b) == KeyOf(b, a) {
		t.Error("the key of two files")
	}
}

func TestDirFor(t *testing.T) {
	home := func() (string, error) { return "/home/ana", nil }
	noHome := func() (string, error) { return "", errors.New("no home") }
	for _, c := range []struct {
		goos, xdg, local string
		home             func() (string, error)
		want             string
	}{
		{"linux", "", "", home, "/home/ana/.local/share/sqleuth/cases"},
		{"linux", "/data", "", noHome, "/data/sqleuth/cases"},
		{"linux", "relative", "", home, "/home/ana/.local/share/sqleuth/cases"},
		{"linux", "", "", noHome, ""},
		{"darwin", "", "", home, "/home/ana/Library/Application Support/sqleuth/cases"},
		{"darwin", "/data", "", home, "/data/sqleuth/cases"},
		{"windows", "", "/local", home, "/local/sqleuth/cases"},
		{"windows", "", "", home, ""},
	} {
		getenv := func(name string) string {
			return map[string]string{"XDG_DATA_HOME": c.xdg, "LocalAppData": c.local}[name]
		}
		got, err := dirFor(c.goos, getenv, c.home)
		if filepath.ToSlash(got) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	b := label.NewBook(label.Set{})
	if _, err := b.Assign([]label.Ref{ref(1), ref(2)}, "exfil", label.ByAnalyst, noon); err != nil {
		f.Fatal(err)
	}
	if _, err := b.Annotate(ref(2), "<note>", noon); err != nil {
		f.Fatal(err)
	}
	seed, err := Encode(testKey, Case{b.Set(), []Filter{{"id:1", true}}, []Marks{{List: "entries", Reading: "default", Ranges: [][2]int{{0, 3}}}}, []Columns{{List: "entries", Columns: []string{"time"}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add(bytes.Replace(seed, []byte("12:00:00Z"), []byte("12:00:00.1234567+23:59"), 1))
	f.Add(bytes.Replace(seed, []byte(`"note":"<note>"`), []byte(`"note":"\ud800\r\n"`), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Decode(testKey, data)
		if err != nil {
			return
		}
		again, err := Encode(testKey, c)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Decode(testKey, again)
		if err != nil || !d.Labels.Equal(c.Labels) || !slices.Equal(d.Filters, c.Filters) {
			t.Fatalf("does not read back: %v\n%s", err, again)
		}
	})
}

func BenchmarkSaveOneOf100000(b *testing.B) {
	p := open(b, b.TempDir())
	var refs []label.Ref
	for id := range uint64(100_000) {
		refs = append(refs, ref(id))
	}
	p.label(b, label.LoginAttack, noon, refs...)
	p.save(b)
	info, err := os.Stat(p.file.Path())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.label(b, []string{label.Normal, label.LoginAttack}[i%2], noon, ref(5))
		p.save(b)
	}
}
