package verify

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	readings "sqleuth/analysis/reading"
)

const data = "../../testdata/"

// small is a log of one attack, with every byte of which a test can play.
const small = "testdata/general.log"

// config is the default one with small forests, since nothing here is about them.
func config() pipeline.Config {
	cfg := pipeline.DefaultConfig()
	cfg.Params.Trees = 5
	return cfg
}

// exported exports logs into a new folder.
func exported(t testing.TB, opt export.Options, cfg pipeline.Config, labels string, logs ...string) string {
	t.Helper()
	cfg.Params.Keep = export.KeptTrees
	s, text := pipelinetest.Run(t, cfg, labels, logs...)
	dir := filepath.Join(t.TempDir(), "out")
	opt.Version = "test"
	if _, err := export.Write(t.Context(), dir, s, text, opt, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func analysis(cfg pipeline.Config) Analysis {
	cfg.Params.Keep = export.KeptTrees
	return Analysis{Version: "test", Config: cfg, Step: func(string) {}, Event: func(pipeline.Event) {}}
}

// check checks an export against logs, all of it.
func check(t testing.TB, dir string, a Analysis, paths ...string) *Result {
	t.Helper()
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &Result{}
	if err := e.Folder(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	logs, err := e.HashLogs(t.Context(), paths, strings.NewReader(""), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Against(t.Context(), logs, a, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// nothing fails where something differs or was not done.
func (r *Result) nothing(t testing.TB) {
	t.Helper()
	if len(r.Differences) > 0 || len(r.NotDone) > 0 {
		t.Errorf("it differs: %q, not done: %q", r.Differences, r.NotDone)
	}
}

// names fails unless a difference of a kind begins with text.
func (r *Result) names(t testing.TB, k Kind, text string) {
	t.Helper()
	if !slices.ContainsFunc(r.Differences, func(d Difference) bool { return d.Kind == k && strings.HasPrefix(d.Text, text) }) {
		t.Errorf("no %s %q in %q", k, text, r.Differences)
	}
}

func copyTo(t testing.TB, from, to string) string {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	return put(t, to, b)
}

func put(t testing.TB, path string, b []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What was exported matches its log, for every log that is kept here: compressed,
// wrapped, dumped as a table, with messages and without times.
func TestEveryLogPasses(t *testing.T) {
	for _, c := range []struct {
		log, labels string
		files       export.Files
	}{
		{small, "testdata/labels.csv", export.Full},
		{data + "webapp-sqli/general.log.gz", data + "webapp-sqli/labels.csv", export.Evidence},
		{data + "exposed-root/general.log.gz", "", export.Evidence},
		{data + "quiet/general.log.gz", "", export.Evidence},
		{data + "slow-insider-and-noise/general.log.gz", data + "slow-insider-and-noise/labels.csv", export.Evidence},
		{data + "mysql56/general.log", data + "mysql56/labels.csv", export.Full},
		{data + "mariadb/general.log", "", export.Full},
		{data + "mariadb/audit.log", "", export.Full},
		{data + "mariadb/general_log.csv", "", export.Full},
		{data + "mariadb/general_log.sql", "", export.Full},
		{data + "mariadb/general_log.jsonl", "", export.Full},
		{data + "messages/dockerlogs.log", "", export.Full},
		{data + "messages/mixed_maria.log", "", export.Full},
		{data + "wordpress-bruteforce/sample.log", data + "wordpress-bruteforce/sample-labels.csv", export.Full},
	} {
		if testing.Short() && strings.HasSuffix(c.log, ".gz") {
			continue // the whole captures take long
		}
		t.Run(filepath.Base(filepath.Dir(c.log))+"/"+filepath.Base(c.log), func(t *testing.T) {
			t.Parallel()
			cfg := config()
			dir := exported(t, export.Options{Files: c.files}, cfg, c.labels, c.log)
			check(t, dir, analysis(cfg), c.log).nothing(t)
		})
	}
}

// The notebook's reading, cells as they are in the log, and what an examiner adds.
func TestWrittenOtherwise(t *testing.T) {
	cfg := config()
	cfg.Reading = readings.Notebook
	opt := export.Options{Raw: true}
	opt.Case.Name, opt.Case.Remark = "2024-17", "first look"
	dir := exported(t, opt, cfg, "testdata/labels.csv", small)
	check(t, dir, analysis(cfg), small).nothing(t)
}

// A rotated set is found in any order, under any names, compressed since or not at all,
// and one of its files more than once is one too many.
func TestRotated(t *testing.T) {
	whole, err := os.ReadFile(data + "wordpress-bruteforce/sample.log")
	if err != nil {
		t.Fatal(err)
	}
	there, elsewhere := t.TempDir(), t.TempDir()
	var parts []string
	for i, at := 0, 0; i < 3; i++ {
		end := len(whole)
		if i < 2 {
			end = at + bytes.Index(whole[at+len(whole)/3:], []byte("\n2")) + len(whole)/3 + 1
		}
		name := []string{"general.log.2.gz", "general.log.1", "general.log"}[i]
		part := whole[at:end]
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			_, _ = w.Write(part)
			_ = w.Close()
			part = b.Bytes()
		}
		parts = append(parts, put(t, filepath.Join(there, name), part))
		at = end
	}
	cfg := config()
	dir := exported(t, export.Options{Files: export.Evidence}, cfg, "", parts[2], parts[0], parts[1])
	check(t, dir, analysis(cfg), parts...).nothing(t)
	var moved []string
	for i, p := range parts {
		// The numbers give another order than the first time.
		moved = append(moved, copyTo(t, p, filepath.Join(elsewhere, fmt.Sprintf("mysql.log.%d", i+1))))
	}
	r := check(t, dir, analysis(cfg), moved...)
	r.nothing(t)
	if !slices.ContainsFunc(r.Passed, func(s string) bool { return strings.HasSuffix(s, `general.log.1" of the export`) }) {
		t.Errorf("what has another name is not named: %q", r.Passed)
	}
	r = check(t, dir, analysis(cfg), moved[0], moved[1], moved[2], copyTo(t, moved[1], filepath.Join(elsewhere, "again")))
	r.names(t, New, "")
	r = check(t, dir, analysis(cfg), moved[:2]...)
	r.names(t, Missing, "log")
}

// Any byte that is changed, in the log or in a file of the export, is found, and its file
// is named.
func TestEachByteIsFound(t *testing.T) {
	cfg := config()
	dir := exported(t, export.Options{}, cfg, "testdata/labels.csv", small)
	log := copyTo(t, small, filepath.Join(t.TempDir(), "general.log"))
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	names, err := e.files()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(14, 4))
	for n := range 1000 {
		name, path := "general.log", log
		if k := rng.IntN(len(names) + 3); k < len(names) {
			name, path = names[k], filepath.Join(dir, filepath.FromSlash(names[k]))
		}
		was, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		is := bytes.Clone(was)
		at := rng.IntN(len(is))
		is[at] ^= byte(1 + rng.IntN(255))
		put(t, path, is)
		found, named := differs(t, dir, log, name)
		if !found || !named {
			t.Errorf("change %d, byte %d of %s: found %v, named %v", n, at, name, found, named)
		}
		put(t, path, was)
	}
	if found, _ := differs(t, dir, log, ""); found {
		t.Error("nothing was changed, and something is found")
	}
}

// differs checks the folder of an export and the log alone.
func differs(t *testing.T, dir, log, name string) (found, named bool) {
	e, err := Open(dir)
	if err != nil {
		return true, strings.Contains(err.Error(), name)
	}
	r := &Result{}
	if err := e.Folder(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	logs, err := e.HashLogs(t.Context(), []string{log}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	// The log of the export is somewhere else.
	e.Logs(logs, r)
	return len(r.Differences) > 0, slices.ContainsFunc(r.Differences, func(d Difference) bool { return strings.Contains(d.Text, name) })
}

// The block in which a byte was changed is named.
func TestDamagedBlock(t *testing.T) {
	log := put(t, filepath.Join(t.TempDir(), "general.log"), long(3*export.BlockSize))
	cfg := config()
	dir := exported(t, export.Options{Files: export.Evidence}, cfg, "", log)
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	at := 2*export.BlockSize + 5
	b[at] ^= 1
	put(t, log, b)
	r := check(t, dir, analysis(cfg), log)
	r.names(t, Changed, fmt.Sprintf("log %q: block 2 (bytes %d to %d)", log, 2*export.BlockSize, 3*export.BlockSize-1))
	n := 0
	for _, d := range r.Differences {
		if strings.Contains(d.Text, ": block ") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d blocks are named: %q", n, r.Differences)
	}
	put(t, log, b[:export.BlockSize+10])
	r = check(t, dir, analysis(cfg), log)
	r.names(t, Changed, fmt.Sprintf("log %q: it has %d bytes", log, export.BlockSize+10))
	r.names(t, Missing, fmt.Sprintf("log %q: blocks 2 to 3", log))
}

// long is a log of at least n bytes with a statement that flags itself.
func long(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "2024-05-01T08:%02d:%02d.000000Z\t    7 Query\tSELECT name FROM products WHERE id = %d -- %s\n", i/60%60, i%60, i, strings.Repeat("x", 1000))
	}
	fmt.Fprintf(&b, "2024-05-01T09:00:00.000000Z\t    7 Query\tSELECT name FROM products WHERE id = -1 UNION SELECT load_file('/etc/passwd')-- -\n")
	return b.Bytes()
}

// tamper changes a file of an export and its hash in the manifest.
func tamper(t *testing.T, dir, name string, change func(rows []string) []string) {
	t.Helper()
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, []byte(strings.Join(change(strings.SplitAfter(string(b), "\n")), "")))
	rehash(t, dir)
}

// rehash writes the hashes of all files into the manifest, as somebody would who wants a
// changed export to look like an unchanged one.
func rehash(t *testing.T, dir string) {
	t.Helper()
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range e.Manifest.Files {
		n, sum, err := hashFile(context.Background(), filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil {
			t.Fatal(err)
		}
		e.Manifest.Files[i].Bytes, e.Manifest.Files[i].SHA256 = n, sum
	}
	var out bytes.Buffer
	if err := export.WriteJSON(&out, &e.Manifest); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, export.ManifestName), out.Bytes())
	put(t, filepath.Join(dir, export.ManifestSumName), export.ManifestSum(out.Bytes()))
}

// A row that was removed, added, changed or swapped is found and named even where all
// hashes were made anew: the analysis gives another one.
func TestEachRowIsFound(t *testing.T) {
	cfg := config()
	original := exported(t, export.Options{}, cfg, "testdata/labels.csv", small)
	for _, name := range []string{"evidence.csv", "evidence.jsonl", "findings.csv", "detections.csv", "structured.csv", "labels.csv"} {
		first := 1 // behind the header
		if name == "evidence.jsonl" {
			first = 0
		}
		text, err := os.ReadFile(filepath.Join(original, name))
		if err != nil {
			t.Fatal(err)
		}
		rows := bytes.Count(text, []byte("\n")) - first
		for what, c := range map[string]struct {
			change func(rows []string) []string
			kind   Kind
			line   int
		}{
			"removed": {func(rows []string) []string { return slices.Delete(rows, first, first+1) }, Missing, first + 1},
			"added": {func(rows []string) []string {
				return slices.Insert(rows, first, strings.Replace(rows[first], "2", "3", 1))
			}, New, first + 1},
			"twice": {func(rows []string) []string { return slices.Insert(rows, first, rows[first]) }, New, first + 2},
			"changed": {func(rows []string) []string {
				rows[first] = strings.Replace(rows[first], "2", "3", 1)
				return rows
			}, Changed, first + 1},
			"swapped": {func(rows []string) []string {
				rows[first], rows[first+1] = rows[first+1], rows[first]
				return rows
			}, Moved, first + 1},
		} {
			if what == "swapped" && rows < 2 {
				continue // nothing to swap it with
			}
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "out")
				if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
					t.Fatal(err)
				}
				tamper(t, dir, name, c.change)
				r := check(t, dir, analysis(cfg), small)
				line := fmt.Sprintf("%s, line %d", name, c.line)
				if !slices.ContainsFunc(r.Differences, func(d Difference) bool {
					return strings.HasPrefix(d.Text, line) && (d.Kind == c.kind || what == "twice" && d.Kind == New)
				}) {
					t.Errorf("no %s %s in %q", c.kind, line, r.Differences)
				}
				r.names(t, Changed, export.ManifestName+", line")
			})
		}
	}
}

// Files that were swapped, renamed, added or taken away are named.
func TestFilesOfTheFolder(t *testing.T) {
	cfg := config()
	dir := exported(t, export.Options{}, cfg, "testdata/labels.csv", small)
	in := func(name string) string { return filepath.Join(dir, name) }
	swap := func(a, b string) {
		t.Helper()
		for _, m := range [][2]string{{a, "held"}, {b, a}, {"held", b}} {
			if err := os.Rename(in(m[0]), in(m[1])); err != nil {
				t.Fatal(err)
			}
		}
	}
	folder := func() *Result {
		t.Helper()
		e, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		r := &Result{}
		if err := e.Folder(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	put(t, in(export.ManifestSumName+".sig"), []byte("signed"))
	folder().nothing(t)
	swap("labels.csv", "accounts.csv")
	r := folder()
	r.names(t, Moved, "accounts.csv holds what belongs into labels.csv")
	r.names(t, Moved, "labels.csv holds what belongs into accounts.csv")
	swap("labels.csv", "accounts.csv")
	if err := os.Rename(in("labels.csv"), in("old.csv")); err != nil {
		t.Fatal(err)
	}
	r = folder()
	r.names(t, Missing, "labels.csv")
	r.names(t, Moved, `"old.csv" is labels.csv`)
	put(t, in("old.csv"), []byte("id\x1b[31m"))
	put(t, in("inputs/evil\x1b.yml"), []byte("x"))
	r = folder()
	r.names(t, New, `"old.csv"`)
	r.names(t, New, `"inputs/evil`)
	if err := os.Remove(in(export.ManifestSumName)); err != nil {
		t.Fatal(err)
	}
	folder().names(t, Missing, export.ManifestSumName)
	if err := os.Remove(in("split.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(in("split.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	folder().names(t, Missing, "split.json")
}

// What the analysis rests on beside the log comes out of the export: rules, filters of the
// site, labels with their notes, a model and another day's log.
func TestCarriedAlong(t *testing.T) {
	t.Chdir(carrying(t))
	cfg := carriedConfig(t)
	dir := exported(t, export.Options{}, cfg, "", "general.log")
	for _, gone := range []string{"rules", "site.yml", "baseline.log"} {
		if err := os.RemoveAll(gone); err != nil {
			t.Fatal(err)
		}
	}
	r := check(t, dir, analysis(bare(cfg)), "general.log")
	r.nothing(t)
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, c := range e.Manifest.Carried {
		kinds[c.Kind]++
	}
	for kind, n := range map[string]int{export.RulesFile: 2, export.ModelFile: 1, export.BaselineLog: 1} {
		if kinds[kind] != n {
			t.Errorf("%d files of %s are carried along, want %d", kinds[kind], kind, n)
		}
	}
	// A changed rule is the rule's fault, not the log's: nothing is done again with it.
	for _, c := range e.Manifest.Carried {
		b, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, c.File), append(bytes.Clone(b), ' '))
		r := check(t, dir, analysis(bare(cfg)), "general.log")
		r.names(t, Changed, c.File)
		if len(r.NotDone) != 1 || !strings.Contains(r.NotDone[0], "not done again") {
			t.Errorf("%s: %q", c.File, r.NotDone)
		}
		put(t, filepath.Join(dir, c.File), b)
	}
	// One that is too large has to be given.
	for i, c := range e.Manifest.Carried {
		if c.Kind == export.BaselineLog {
			if err := os.Rename(filepath.Join(dir, c.File), "baseline.log"); err != nil {
				t.Fatal(err)
			}
			e.Manifest.Files = slices.DeleteFunc(e.Manifest.Files, func(f export.Output) bool { return f.Name == c.File })
			e.Manifest.Carried[i].File = ""
		}
	}
	var out bytes.Buffer
	if err := export.WriteJSON(&out, &e.Manifest); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, export.ManifestName), out.Bytes())
	put(t, filepath.Join(dir, export.ManifestSumName), export.ManifestSum(out.Bytes()))
	r = check(t, dir, analysis(bare(cfg)), "general.log")
	if len(r.NotDone) != 1 || !strings.Contains(r.NotDone[0], "name it beside the logs") {
		t.Errorf("%q", r.NotDone)
	}
	r = check(t, dir, analysis(bare(cfg)), "general.log", "baseline.log")
	if len(r.NotDone) > 0 || slices.ContainsFunc(r.Differences, func(d Difference) bool {
		return !strings.HasPrefix(d.Text, "manifest.json") && !strings.Contains(d.Text, "inputs/baseline")
	}) {
		t.Errorf("with the baseline: %q, %q", r.NotDone, r.Differences)
	}
}

// Exports of earlier versions, and of another program, are checked as far as that goes.
func TestOtherVersions(t *testing.T) {
	cfg := config()
	for _, dir := range []string{"testdata/version-1", "testdata/version-2"} {
		r := check(t, dir, analysis(cfg), small)
		if len(r.Differences) > 0 || len(r.NotDone) == 0 || !strings.Contains(r.NotDone[0], "not done again: the manifest has version") {
			t.Errorf("%s: %q, %q", dir, r.Differences, r.NotDone)
		}
		other := filepath.Join(t.TempDir(), "out")
		if err := os.CopyFS(other, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(other, "labels.csv"), []byte("id,class\n"))
		check(t, other, analysis(cfg), small).names(t, Changed, "labels.csv")
	}
	dir := exported(t, export.Options{}, cfg, "", small)
	a := analysis(cfg)
	a.Version = "other"
	r := check(t, dir, a, small)
	if len(r.Differences) > 0 || len(r.NotDone) != 1 || !strings.Contains(r.NotDone[0], `"sqleuth test" wrote the export, this is "sqleuth other"`) {
		t.Errorf("%q, %q", r.Differences, r.NotDone)
	}
	// Its evidence is read all the same.
	tamper(t, dir, evidenceLines, func(rows []string) []string {
		rows[0] = strings.Replace(rows[0], `"offset":`, `"offset":1`, 1)
		return rows
	})
	r = check(t, dir, a, small)
	r.names(t, Changed, evidenceLines+", row 1")
	r.names(t, Changed, evidenceSheet+", row 1")
}

// A manifest of which nothing can be made is an error, and what leads out of the folder
// is not followed.
func TestHostileManifest(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); err == nil {
		t.Error("no manifest, no error")
	}
	for _, text := range []string{"", "{", "[]", `{"manifest_version":4}`, `{"manifest_version":0}`, `{"manifest_version":3,"files":3}`} {
		put(t, filepath.Join(dir, export.ManifestName), []byte(text))
		if _, err := Open(dir); err == nil {
			t.Errorf("%q is a manifest", text)
		}
	}
	cfg := config()
	out := exported(t, export.Options{Files: export.Evidence}, cfg, "testdata/labels.csv", small)
	e, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"../labels.json", "/etc/passwd", "inputs/missing.json"} {
		e.Manifest.Carried[0].File = file
		if _, _, err := e.Configure(&cfg, nil); err == nil {
			t.Errorf("%s is carried along", file)
		}
		if e.carriedWhole(t.Context()) {
			t.Errorf("%s is whole", file)
		}
	}
	e.Manifest.Carried[0] = export.Carried{Kind: "secret", File: "labels.csv"}
	if _, _, err := e.Configure(&cfg, nil); err == nil {
		t.Error("an unknown kind is taken")
	}
	var m export.Manifest
	m.Written = &export.Written{Files: "some"}
	if _, err := (&Export{Manifest: m}).Options("test"); err == nil {
		t.Error("unknown files are written")
	}
	m.Written = nil
	if _, err := (&Export{Manifest: m}).Options("test"); err == nil {
		t.Error("nobody said which files are written")
	}
	if _, err := json.Marshal(e.Manifest); err != nil {
		t.Error(err)
	}
}
