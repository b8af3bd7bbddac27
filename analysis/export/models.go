package export

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"

	"sqleuth/analysis/feature"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
)

// share is a float that may be NaN, which JSON does not have: null.
type share float64

func (s share) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(s)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(s))
}

// Scores is a line of a classification report.
type Scores struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1-score"`
	Support   int     `json:"support"`
}

func scores(c metrics.ClassScore) Scores { return Scores{c.Precision, c.Recall, c.F1, c.Support} }

// reportJSON lays out a classification report as scikit-learn's output_dict does.
type reportJSON struct{ *metrics.Report }

func (r reportJSON) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	add := func(key string, v any) error {
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, k...), ':'), b...)
		return nil
	}
	for _, c := range r.Classes {
		if err := add(c.Name, scores(c)); err != nil {
			return nil, err
		}
	}
	var middle any = scores(r.Micro)
	if r.IsAccuracy {
		middle = r.Accuracy()
	}
	for _, line := range []struct {
		key string
		v   any
	}{{r.Micro.Name, middle}, {r.Macro.Name, scores(r.Macro)}, {r.Weighted.Name, scores(r.Weighted)}} {
		if err := add(line.key, line.v); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// measured is what both model files hold of a comparison with labels: matrices
// with rows and columns in the order of Labels (1 is normal, -1 an anomaly).
type measured struct {
	Labels     []int      `json:"labels_order"`
	Matrix     [][]int    `json:"confusion_matrix"`
	Normalised [][]share  `json:"confusion_matrix_normalised"`
	Report     reportJSON `json:"classification_report"`
	ReportText string     `json:"classification_report_text"`
}

func measure(m model.Measured) (measured, error) {
	matrix, err := m.Confusion.Matrix([]int{model.Normal, model.Anomaly})
	if err != nil {
		return measured{}, err
	}
	out := measured{Labels: []int{1, -1}, Matrix: matrix, Report: reportJSON{m.Report}, ReportText: m.Report.String()}
	for _, row := range metrics.Normalize(matrix) {
		var line []share
		for _, v := range row {
			line = append(line, share(v))
		}
		out.Normalised = append(out.Normalised, line)
	}
	return out, nil
}

// isolationJSON is iforest.json.
type isolationJSON struct {
	Seed          uint32  `json:"random_state"`
	Contamination float64 `json:"contamination"`
	Trees         int     `json:"n_estimators"`
	Samples       int     `json:"max_samples_"`
	Rows          int     `json:"n_rows"`
	Offset        float64 `json:"offset_"`
	Flagged       int     `json:"n_flagged"`
	*measured
	Precision *float64       `json:"precision,omitempty"`
	Recall    *float64       `json:"recall,omitempty"`
	F1        *float64       `json:"f1,omitempty"`
	Columns   []string       `json:"unique_rows_columns"`
	Unique    []isolationRow `json:"unique_rows"`
}

type isolationRow struct {
	Row       []int32 `json:"row"`
	Count     int     `json:"count"`
	Anomalies int     `json:"anomalies"`
	FirstLine int     `json:"first_line"`
	Score     float64 `json:"score_samples"`
	Predict   int     `json:"predict"`
}

func matrixRow(e *feature.Encoding, u int) []int32 {
	d := e.Matrix.Features
	return e.Matrix.Values[u*d : (u+1)*d]
}

// IsolationJSON returns what iforest.json and the report hold of the Isolation
// Forest; its comparison with labels only where there are any.
func IsolationJSON(s *pipeline.Snapshot) (any, error) { return isolation(s) }

func isolation(s *pipeline.Snapshot) (isolationJSON, error) {
	m := s.Isolation
	out := isolationJSON{
		Seed: m.Seed, Contamination: m.Contamination, Trees: m.Trees, Samples: m.Forest.Samples, Rows: s.Len(),
		Offset: m.Forest.Offset, Flagged: m.Flagged, Columns: feature.Columns[:],
	}
	if m.Confusion != nil {
		c, err := measure(m.Measured)
		if err != nil {
			return out, err
		}
		bad := m.Report.Classes[1]
		out.measured, out.Precision, out.Recall, out.F1 = &c, &bad.Precision, &bad.Recall, &bad.F1
	}
	for u, n := range s.Encoding.Count {
		out.Unique = append(out.Unique, isolationRow{
			Row: matrixRow(s.Encoding, u), Count: n, Anomalies: m.Anomalies[u], FirstLine: s.Encoding.First[u] + 1,
			Score: m.Forest.Scores()[u], Predict: m.Forest.Predict(u),
		})
	}
	return out, nil
}

// randomJSON is rforest.json.
type randomJSON struct {
	Trees         int    `json:"n_estimators"`
	Seed          uint32 `json:"random_state"`
	Train         int    `json:"n_train"`
	Test          int    `json:"n_test"`
	Classes       []int  `json:"classes_"`
	TestPositive  int    `json:"test_positives"`
	TrainPositive int    `json:"train_positives"`
	measured
	Note        string      `json:"classification_report_note,omitempty"`
	Untested    []string    `json:"classes_with_one_connection,omitempty"`
	ByClass     []recall    `json:"by_class,omitempty"`
	Features    []string    `json:"feature_names"`
	Importances []float64   `json:"feature_importances_"`
	TreeSeeds   []uint32    `json:"trees_random_state"`
	TreeNodes   []int       `json:"trees_node_count"`
	First       []treeJSON  `json:"trees"`
	Unique      []randomRow `json:"unique_rows"`
}

type recall struct {
	Class  string `json:"class"`
	Tested int    `json:"tested"`
	Found  int    `json:"found"`
}

type randomRow struct {
	Row     []int32   `json:"row"`
	Count   int       `json:"count"`
	Proba   []float64 `json:"predict_proba"`
	Predict int       `json:"predict"`
}

type treeJSON struct {
	Seed      uint32      `json:"random_state"`
	Nodes     int         `json:"node_count"`
	Depth     int         `json:"max_depth"`
	Feature   []int32     `json:"feature"`
	Threshold []float64   `json:"threshold"`
	Left      []int32     `json:"children_left"`
	Right     []int32     `json:"children_right"`
	Samples   []int       `json:"n_node_samples,omitempty"`
	Value     [][]float64 `json:"value"`
}

// swapNote names the swap of the notebook's report.
const swapNote = "as the notebook prints it: the names are swapped, 'Normal' is class -1"

// sign turns a class of the forest into the notebook's: -1 for an anomaly.
func sign(class int) int {
	if class == model.Anomaly {
		return -1
	}
	return 1
}

// RandomJSON returns what rforest.json and the report hold of the Random Forest,
// which must have been trained. With trees it holds the arrays of the kept
// trees, for which the bootstrap is drawn again.
func RandomJSON(ctx context.Context, s *pipeline.Snapshot, trees bool) (any, error) {
	return random(ctx, s, trees)
}

func random(ctx context.Context, s *pipeline.Snapshot, trees bool) (randomJSON, error) {
	m := s.Random
	c, err := measure(m.Measured)
	if err != nil {
		return randomJSON{}, err
	}
	out := randomJSON{
		Trees: len(m.Forest.Shapes), Seed: m.Seed, Train: m.Train, Test: m.Test, TestPositive: m.TestBad, TrainPositive: m.TrainBad,
		measured: c, Untested: m.Untested, Features: feature.Columns[:], Importances: m.Forest.Importances(),
	}
	if !s.Reading.SplitsByConnection() {
		out.Note = swapNote
	}
	for _, k := range m.Forest.Classes {
		out.Classes = append(out.Classes, sign(k))
	}
	for _, r := range m.Recall {
		out.ByClass = append(out.ByClass, recall{r.Class, r.Tested, r.Found})
	}
	for _, t := range m.Forest.Shapes {
		out.TreeSeeds = append(out.TreeSeeds, t.Seed)
		out.TreeNodes = append(out.TreeNodes, t.Nodes)
	}
	for u, n := range s.Encoding.Count {
		all := m.Forest.Probabilities(u)
		var proba []float64
		for _, k := range m.Forest.Classes {
			proba = append(proba, all[k])
		}
		out.Unique = append(out.Unique, randomRow{matrixRow(s.Encoding, u), n, proba, sign(m.Forest.Predict(u))})
	}
	if !trees {
		return out, nil
	}
	for k := range m.Forest.Trees {
		t := &m.Forest.Trees[k]
		j := treeJSON{Seed: t.Seed, Nodes: t.Nodes(), Depth: t.Depth, Feature: t.Feature, Threshold: t.Threshold, Left: t.Left, Right: t.Right}
		if j.Samples, err = m.NodeSamples(ctx, k); err != nil {
			return out, err
		}
		for i := 0; i < len(t.Value); i += t.Outputs {
			value := t.Value[i : i+t.Outputs]
			var line []float64
			for _, class := range m.Forest.Classes {
				line = append(line, value[class])
			}
			j.Value = append(j.Value, line)
		}
		out.First = append(out.First, j)
	}
	return out, nil
}

// splitJSON is split.json.
type splitJSON struct {
	Share      float64  `json:"test_size"`
	Seed       uint32   `json:"random_state"`
	Rows       int      `json:"n"`
	Train      int      `json:"n_train"`
	Test       int      `json:"n_test"`
	Note       string   `json:"note"`
	TestFirst  []uint32 `json:"test_indices_first_50"`
	TestHash   string   `json:"test_indices_sha256_int64_le"`
	TrainFirst []uint32 `json:"train_indices_first_50"`
	TrainHash  string   `json:"train_indices_sha256_int64_le"`
}

func split(ctx context.Context, s *pipeline.Snapshot) (splitJSON, error) {
	test, train, err := s.Random.TestPositions(ctx)
	if err != nil {
		return splitJSON{}, err
	}
	note := "indices are 0-based rows of the structured csv, in the order sklearn returns them"
	if s.Reading.SplitsByConnection() {
		note = "indices are 0-based rows of the structured csv, ascending; connections were drawn, a fifth of each class, not rows"
	}
	return splitJSON{
		Share: model.TestShare, Seed: s.Random.Seed, Rows: s.Len(), Train: len(train), Test: len(test), Note: note,
		TestFirst: head(test), TestHash: digest(test), TrainFirst: head(train), TrainHash: digest(train),
	}, nil
}

func head(list []uint32) []uint32 { return list[:min(50, len(list))] }

// digest is the SHA-256 of the list as an int64 array, little-endian.
func digest(list []uint32) string {
	h := sha256.New()
	var b [8]byte
	for _, v := range list {
		binary.LittleEndian.PutUint64(b[:], uint64(v))
		h.Write(b[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// mixedJSON is mixed.json.
type mixedJSON struct {
	Count       int      `json:"count"`
	Both        []string `json:"event_ids_sorted"`
	AnomalyOnly []string `json:"anomaly_only_sorted"`
	NormalOnly  int      `json:"normal_only_count"`
}

// MixedJSON returns what mixed.json and the report hold of event ids in both
// classes.
func MixedJSON(m *model.Mixed) any { return mixed(m) }

func mixed(m *model.Mixed) mixedJSON {
	return mixedJSON{len(m.Both), list(m.Both), list(m.AnomalyOnly), m.NormalOnly}
}

// list makes an empty list of none, for JSON.
func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// encodersJSON is encoders.json: the cell behind each code, null for NaN.
type encodersJSON struct {
	Event   []*string `json:"EventId"`
	Command []*string `json:"Command"`
	Action  []*string `json:"Action"`
	Table   []*string `json:"Table"`
}

func encoders(e *feature.Encoding) encodersJSON {
	var c encodersJSON
	for i, to := range []*[]*string{&c.Event, &c.Command, &c.Action, &c.Table} {
		*to = []*string{}
		for _, cell := range e.Classes[i] {
			if cell.Missing {
				*to = append(*to, nil)
			} else {
				text := visible.JSON(cell.Text)
				*to = append(*to, &text)
			}
		}
	}
	return c
}
