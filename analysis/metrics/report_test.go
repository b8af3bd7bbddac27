package metrics_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/metrics"
)

const reference = "../../testdata/reference"

// The classes of the fixtures, numbered as scikit-learn sorts their labels.
const (
	anomaly = 0 // label -1
	normal  = 1 // label 1
)

// fixture is a confusion matrix (labels 1, -1) and what scikit-learn made of
// it.
type fixture struct {
	Confusion  [2][2]int                  `json:"confusion_matrix"`
	Normalised [][]float64                `json:"confusion_matrix_normalised"`
	Precision  *float64                   `json:"precision"` // of the anomalies, like recall and F1
	Recall     *float64                   `json:"recall"`
	F1         *float64                   `json:"f1"`
	Report     map[string]json.RawMessage `json:"classification_report"`
	Text       string                     `json:"classification_report_text"`

	// labels and names that the report was made with
	labels []int
	names  []string
}

func (f *fixture) confusion() *metrics.Confusion {
	c := metrics.NewConfusion(2)
	for i, truth := range []int{normal, anomaly} {
		for j, predicted := range []int{normal, anomaly} {
			c.Add(truth, predicted, f.Confusion[i][j])
		}
	}
	return c
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := json.NewDecoder(r).Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// fixtures collects every report that the references hold.
func fixtures(t *testing.T) map[string]fixture {
	t.Helper()
	all := make(map[string]fixture)
	withLabels := func(f fixture) fixture {
		f.labels, f.names = []int{normal, anomaly}, []string{"Normal", "Anomaly"}
		return f
	}
	// The notebook gives the random forest's report names without labels, so
	// that "Normal" is the first label in sorted order, -1.
	withoutLabels := func(f fixture) fixture {
		f.labels, f.names = []int{anomaly, normal}, []string{"Normal", "Anomaly"}
		return f
	}
	var capture struct {
		Isolation fixture   `json:"iforest"`
		Random    fixture   `json:"rforest"`
		Seeds     []fixture `json:"iforest_seeds"`
	}
	readJSON(t, "testdata/wordpress-bruteforce.json", &capture)
	all["capture, isolation forest"] = withLabels(capture.Isolation)
	all["capture, random forest"] = withoutLabels(capture.Random)
	if len(capture.Seeds) == 0 {
		t.Fatal("no isolation forests of other seeds")
	}
	for i, f := range capture.Seeds {
		all[fmt.Sprintf("capture, isolation forest, seed %d", i)] = withLabels(f)
	}

	var isolation, random fixture
	readJSON(t, filepath.Join(reference, "synthetic/iforest.json"), &isolation)
	readJSON(t, filepath.Join(reference, "synthetic/rforest.json"), &random)
	all["synthetic, isolation forest"] = withLabels(isolation)
	all["synthetic, random forest"] = withoutLabels(random)

	paths, err := filepath.Glob(filepath.Join(reference, "sklearn/*.split.json*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no splits of scikit-learn fixtures: %v", err)
	}
	for _, path := range paths {
		var split struct {
			Forest struct {
				Confusion [2][2]int                  `json:"test_confusion_matrix_labels_1_-1"`
				Report    map[string]json.RawMessage `json:"classification_report_labels_1_-1"`
			} `json:"rforest_fit_on_train"`
		}
		readJSON(t, path, &split)
		all[filepath.Base(path)] = withLabels(fixture{Confusion: split.Forest.Confusion, Report: split.Forest.Report})
	}
	return all
}

func TestReportEqualsScikitLearn(t *testing.T) {
	texts := 0
	for name, f := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			r, err := f.confusion().Report(f.labels, f.names)
			if err != nil {
				t.Fatal(err)
			}
			if f.Text != "" {
				texts++
				if r.String() != f.Text {
					t.Errorf("text\n%s\nwant\n%s", r, f.Text)
				}
			}
			expectRows(t, f, r)
			for _, s := range []struct {
				what string
				want *float64
				got  func(metrics.ClassScore) float64
			}{
				{"precision", f.Precision, func(s metrics.ClassScore) float64 { return s.Precision }},
				{"recall", f.Recall, func(s metrics.ClassScore) float64 { return s.Recall }},
				{"f1", f.F1, func(s metrics.ClassScore) float64 { return s.F1 }},
			} {
				row := r.Classes[slices.Index(f.labels, anomaly)]
				if s.want != nil && s.got(row) != *s.want {
					t.Errorf("%s of the anomalies %v, want %v", s.what, s.got(row), *s.want)
				}
			}
		})
	}
	if texts == 0 {
		t.Error("no report compared as text")
	}
}

// expectRows compares the lines of a report with scikit-learn's dictionary.
func expectRows(t *testing.T, f fixture, r *metrics.Report) {
	t.Helper()
	rows := map[string]metrics.ClassScore{"macro avg": r.Macro, "weighted avg": r.Weighted}
	for _, s := range r.Classes {
		rows[s.Name] = s
	}
	for name, part := range f.Report {
		if name == "accuracy" {
			var want float64
			if err := json.Unmarshal(part, &want); err != nil {
				t.Fatal(err)
			}
			if !r.IsAccuracy || r.Accuracy() != want {
				t.Errorf("accuracy %v (%v), want %v", r.Accuracy(), r.IsAccuracy, want)
			}
			continue
		}
		var want struct {
			Precision float64 `json:"precision"`
			Recall    float64 `json:"recall"`
			F1        float64 `json:"f1-score"`
			Support   int     `json:"support"`
		}
		if err := json.Unmarshal(part, &want); err != nil {
			t.Fatal(err)
		}
		if got := (metrics.ClassScore{Name: name, Precision: want.Precision, Recall: want.Recall, F1: want.F1, Support: want.Support}); got != rows[name] {
			t.Errorf("row %+v\nwant %+v", rows[name], got)
		}
	}
}

func TestConfusionEqualsScikitLearn(t *testing.T) {
	for name, f := range fixtures(t) {
		if f.Normalised == nil {
			continue
		}
		matrix, err := f.confusion().Matrix([]int{normal, anomaly})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range metrics.Normalize(matrix) {
			if !slices.Equal(matrix[i], f.Confusion[i][:]) || !slices.Equal(row, f.Normalised[i]) {
				t.Errorf("%s: row %d: %v %v, want %v %v", name, i, matrix[i], row, f.Confusion[i], f.Normalised[i])
			}
		}
	}
}

func TestNormalizeOfAnEmptyRow(t *testing.T) {
	got := metrics.Normalize([][]int{{0, 0}, {1, 3}})
	if !math.IsNaN(got[0][0]) || !math.IsNaN(got[0][1]) || got[1][0] != 0.25 || got[1][1] != 0.75 {
		t.Errorf("got %v, want NaN for the empty row and shares for the other", got)
	}
}

func threeClasses() *metrics.Confusion {
	c := metrics.NewConfusion(3)
	c.Add(0, 0, 8)
	c.Add(0, 1, 2)
	c.Add(1, 1, 5)
	c.Add(1, 0, 5)
	return c
}

func TestReportOfSomeLabels(t *testing.T) {
	// With a label that does not occur, or without one that does, scikit-learn
	// shows pooled figures instead of the accuracy.
	tests := []struct {
		name   string
		labels []int
		want   string
	}{
		{"all that occur", []int{0, 1}, `              precision    recall  f1-score   support

           0       0.62      0.80      0.70        10
           1       0.71      0.50      0.59        10

    accuracy                           0.65        20
   macro avg       0.66      0.65      0.64        20
weighted avg       0.66      0.65      0.64        20
`},
		{"one that does not occur", []int{0, 1, 2}, `              precision    recall  f1-score   support

           0       0.62      0.80      0.70        10
           1       0.71      0.50      0.59        10
           2       0.00      0.00      0.00         0

   micro avg       0.65      0.65      0.65        20
   macro avg       0.44      0.43      0.43        20
weighted avg       0.66      0.65      0.64        20
`},
		{"one of two", []int{1}, `              precision    recall  f1-score   support

           1       0.71      0.50      0.59        10

   micro avg       0.71      0.50      0.59        10
   macro avg       0.71      0.50      0.59        10
weighted avg       0.71      0.50      0.59        10
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			names := []string{"0", "1", "2"}
			var chosen []string
			for _, l := range test.labels {
				chosen = append(chosen, names[l])
			}
			r, err := threeClasses().Report(test.labels, chosen)
			if err != nil {
				t.Fatal(err)
			}
			if r.String() != test.want {
				t.Errorf("got\n%s\nwant\n%s", r, test.want)
			}
		})
	}
}

func TestReportWidensForLongNames(t *testing.T) {
	r, err := threeClasses().Report([]int{0, 1}, []string{"a class with a long näme", "b"})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(r.String(), "\n")
	if want := "                       b       0.71      0.50      0.59        10"; lines[3] != want {
		t.Errorf("got  %q\nwant %q", lines[3], want)
	}
}

func TestReportOfNothing(t *testing.T) {
	r, err := metrics.NewConfusion(2).Report([]int{0, 1}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(r.Classes, r.Micro, r.Macro, r.Weighted) {
		if s.Precision != 0 || s.Recall != 0 || s.F1 != 0 || s.Support != 0 {
			t.Errorf("row %+v, want zeros", s)
		}
	}
}

func TestReportRefuses(t *testing.T) {
	tests := []struct {
		name   string
		labels []int
		names  []string
		want   string
	}{
		{"no labels", nil, nil, "no labels"},
		{"a name too many", []int{0}, []string{"a", "b"}, "1 labels, but 2 names"},
		{"unknown label", []int{0, 3}, []string{"a", "b"}, "label 3 is not one of 3 classes"},
		{"negative label", []int{-1}, []string{"a"}, "label -1"},
		{"label twice", []int{1, 1}, []string{"a", "b"}, "label 1 is given twice"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := threeClasses().Report(test.labels, test.names)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
	if _, err := threeClasses().Matrix([]int{7}); err == nil {
		t.Error("a matrix of an unknown label is no error")
	}
}
