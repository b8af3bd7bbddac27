package main

import (
	"bytes"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/testdata"
)

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		values []int64
		want   int64
	}{
		{[]int64{7}, 7},
		{[]int64{9, 1, 5}, 5},
		{[]int64{8, 2, 4, 100}, 6},
	} {
		if got := medianOf(tt.values, func(v int64) int64 { return v }); got != tt.want {
			t.Errorf("median of %v is %d, want %d", tt.values, got, tt.want)
		}
	}
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func TestCompare(t *testing.T) {
	costs := []sample{{ms(300), ms(500), 30}, {ms(100), ms(700), 10}, {ms(200), ms(600), 20}}
	by := []sample{{ms(100), ms(50), 3}, {ms(200), ms(60), 2}, {ms(400), ms(70), 1}}
	r := compare(program{name: "a"}, costs, by)
	if want := (sample{ms(200), ms(600), 20}); r.cost != want {
		t.Errorf("cost %v, want %v", r.cost, want)
	}
	if r.ratio != 1 || r.lowRatio != 0.5 || r.highRatio != 3 || r.cpuRatio != 10 {
		t.Errorf("ratios %v, %v to %v, %v; want 1, 0.5 to 3, 10", r.ratio, r.lowRatio, r.highRatio, r.cpuRatio)
	}
}

// TestMain lets the test program stand in for the programs that are measured.
func TestMain(m *testing.M) {
	switch os.Getenv("BENCHVS_STAND_IN") {
	case "":
		os.Exit(m.Run())
	case "busy":
		touched := make([]byte, 64<<20)
		for i := range touched {
			touched[i] = byte(i)
		}
		os.Stdout.Write(touched[:1])
		runtime.KeepAlive(touched)
		io.Copy(io.Discard, os.Stdin)
	case "fail":
		os.Stderr.WriteString("no such log\n")
		os.Exit(3)
	}
	os.Exit(0)
}

func TestRunMeasuresTheChild(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("BENCHVS_STAND_IN", "busy")
	s, err := program{name: "busy", pipe: [][]string{{self}, {self}}}.run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if s.wall <= 0 || s.cpu <= 0 {
		t.Errorf("no time measured: %+v", s)
	}
	if runtime.GOOS == "linux" && s.peak < 64<<20 {
		t.Errorf("peak %d bytes, of which 64 MiB were touched", s.peak)
	}
}

func TestRunTellsWhatFailed(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("BENCHVS_STAND_IN", "fail")
	_, err = program{name: "p", pipe: [][]string{{self}}}.run(context.Background())
	if err == nil || !strings.Contains(err.Error(), "no such log") {
		t.Errorf("error %v does not say what the program said", err)
	}
	_, err = program{name: "p", pipe: [][]string{{self}, {filepath.Join(t.TempDir(), "missing")}}}.run(context.Background())
	if err == nil {
		t.Error("no error for a missing program")
	}
}

func TestTables(t *testing.T) {
	l := log{kind: diverse, entries: 2_000_000, plainSize: 531_000_000, gzipSize: 47_200_000}
	r := compare(program{name: "sqleuth report", input: "plain", reading: "default"},
		[]sample{{ms(500), ms(900), 80 << 20}}, []sample{{ms(250), ms(200), 1 << 20}})
	more := r
	more.cost = sample{ms(5000), ms(9900), 800 << 20}
	large := l
	large.entries *= 10
	var out bytes.Buffer
	writeReports(&out, []measured{{l, []result{r}}})
	writeGrowth(&out, []measured{{l, []result{r}}}, []measured{{large, []result{more}}})
	want := "\n2,000,000 entries. diverse: 531.0 MB plain, 47.2 MB gz. Ratios are to the yardstick on the same log.\n" +
		"\n| log | program | file | reading | wall | ratio | in turns | user+sys | ratio | entries/s | peak RSS | per entry |\n" +
		"| --- | --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |\n" +
		"| diverse | `sqleuth report` | plain | default | 0.500 s | **2.00** | 2.00 to 2.00 | 0.900 s | 4.50 | 4,000,000 | 80.0 MiB | 41.9 B |\n" +
		"\nGrowth from 2,000,000 to 20,000,000 entries (10 times).\n" +
		"\n| log | program | file | reading | wall | user+sys | peak RSS per further entry |\n" +
		"| --- | --- | --- | --- | --: | --: | --: |\n" +
		"| diverse | `sqleuth report` | plain | default | 10.00 | 11.00 | 41.9 B |\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}

// small is a matrix of a few distinct rows and n entries, a tenth of them
// anomalies that share some rows with normal ones.
func small(n int) *matrix {
	m := &matrix{forest: forest.Matrix{Features: 4, Values: []int32{0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 2, 0, 2, 3, 1, 1, 5, 0, 4, 2}}}
	for i := range n {
		row, class := uint32(i*7%5), uint8(model.Normal)
		if i%10 == 3 {
			row, class = uint32(i/10%2*4), model.Anomaly
		}
		m.rows, m.classes = append(m.rows, row), append(m.classes, class)
	}
	return m
}

func TestMatrixFiles(t *testing.T) {
	dir, m := t.TempDir(), small(100)
	if err := m.write(dir); err != nil {
		t.Fatal(err)
	}
	rows, err := readArray[uint32](dir, rowsFile)
	if err != nil {
		t.Fatal(err)
	}
	classes, err := readArray[uint8](dir, classesFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := differ("row", rows, m.rows); err != nil {
		t.Error(err)
	}
	if err := differ("class", classes, m.classes); err != nil {
		t.Error(err)
	}
}

// TestEncode: a matrix has every entry but the last, which the notebook's
// reading never sees, and the anomalies are those of the labels file.
func TestEncode(t *testing.T) {
	const incident = "../../testdata/wordpress-bruteforce/"
	l := log{gzip: incident + "general.log.gz", labels: incident + "labels.csv"}
	m, err := encode(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(l.labels)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := label.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	labelled := map[uint64]bool{}
	for _, r := range file.Rows {
		labelled[r.Ref.ID] = true
	}
	z, err := gzip.NewReader(bytes.NewReader(testdata.Incident))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var entries, anomalies int
	genlog.Scan(genlog.Chunk{Data: text, First: true, Last: true}, &genlog.Coverage{}, genlog.Handler{Record: func(r *genlog.Record) {
		entries++
		if labelled[r.ID] {
			anomalies++
		}
	}})
	if len(m.rows) != entries-1 || len(m.classes) != entries-1 {
		t.Errorf("%d rows and %d classes, want %d", len(m.rows), len(m.classes), entries-1)
	}
	got := 0
	for i, row := range m.rows {
		if int(row) >= m.forest.Rows() {
			t.Fatalf("entry %d has row %d of %d", i, row, m.forest.Rows())
		}
		if m.classes[i] == model.Anomaly {
			got++
		}
	}
	if got != anomalies {
		t.Errorf("%d anomalies, want %d", got, anomalies)
	}
}

func TestForestsEqualScikitLearn(t *testing.T) {
	ctx := context.Background()
	py, err := findPython(ctx, "")
	if err != nil {
		t.Skip(err)
	}
	dir, m := t.TempDir(), small(5000)
	if err := m.write(dir); err != nil {
		t.Fatal(err)
	}
	_, ours, err := trainBoth(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	times, theirs, err := py.train(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := ours.differs(theirs); err != nil {
		t.Error(err)
	}
	if times.total() <= 0 {
		t.Errorf("no times: %+v", times)
	}
}

func TestDiffers(t *testing.T) {
	_, same, err := trainBoth(context.Background(), small(2000))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(v *verdict){
		"nothing":              func(*verdict) {},
		"a score's last bit":   func(v *verdict) { v.scores[1] = math.Nextafter(v.scores[1], 0) },
		"a score":              func(v *verdict) { v.scores[1] += 1e-12 },
		"a score that is none": func(v *verdict) { v.scores[1] = math.NaN() },
		"order of the draw":    func(v *verdict) { v.test[0], v.test[1] = v.test[1]+1, v.test[0] },
		"a prediction":         func(v *verdict) { v.predicted[7] ^= 1 },
		"an outlier":           func(v *verdict) { v.outlier[7] ^= 1 },
		"a probability":        func(v *verdict) { v.probabilities[2] = math.Nextafter(v.probabilities[2], 2) },
		"an importance":        func(v *verdict) { v.importances[0] = math.Nextafter(v.importances[0], 2) },
		"fewer scores":         func(v *verdict) { v.scores = v.scores[1:] },
		"fewer test entries":   func(v *verdict) { v.test = v.test[1:] },
	} {
		_, other, err := trainBoth(context.Background(), small(2000))
		if err != nil {
			t.Fatal(err)
		}
		change(other)
		equal := name == "nothing" || name == "a score's last bit"
		if err := same.differs(other); (err == nil) != equal {
			t.Errorf("changed %s: differs says %v", name, err)
		}
	}
}
