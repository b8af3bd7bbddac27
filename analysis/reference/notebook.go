package reference

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"sqleuth/analysis/export"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// notebook compares a whole run of the notebook.
func (r *run) notebook(ctx context.Context, dir, name string, logs Logs) error {
	ref := filepath.Join(dir, name)
	log, labels := filepath.Join(ref, "general.log.gz"), filepath.Join(ref, "labels.csv")
	if at, ok := logs[name]; ok {
		log, labels = filepath.Join(at, "general.log.gz"), filepath.Join(at, "labels.csv")
	}
	set, err := logfile.Open([]string{log}, logfile.Options{})
	if err != nil {
		return err
	}
	defer set.Close()
	cfg := pipeline.DefaultConfig()
	cfg.Reading = reading.Notebook
	cfg.Params.Keep = export.KeptTrees
	s, err := pipeline.Run(ctx, cfg, set, func(s *pipeline.Snapshot) (label.Set, error) { return readLabels(labels, s) }, func(pipeline.Event) {})
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "sqleuth-reference-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if _, err := export.Write(ctx, tmp, s, pipeline.NewText(set), export.Options{Force: true}, nil); err != nil {
		return err
	}
	for _, f := range []struct {
		theirs, ours string
		compare      func(want, got []byte) (size string, err error)
	}{
		{"preproc-general.log", "preproc.log", text},
		{"counts_action.csv", "", table(nil)},
		{"counts_table.csv", "", table(nil)},
		{"hourly_action.csv", "", table(nil)},
		{"hourly_table.csv", "", table(nil)},
		{"frequent_patterns.csv", "", patterns},
		{"thresholds_action.csv", "", table(summation)},
		{"thresholds_table.csv", "", table(summation)},
		{"structured.csv", "", table(nil)},
		{"templates.csv", "", table(nil)},
		{"encoders.json", "", values},
		{"iforest.json", "", values},
		{"split.json", "", values},
		{"rforest.json", "", values},
		{"mixed.json", "", values},
	} {
		if f.ours == "" {
			f.ours = f.theirs
		}
		got, err := os.ReadFile(filepath.Join(tmp, f.ours))
		if err != nil {
			return err
		}
		what := name + "/" + f.theirs
		want, err := read(filepath.Join(ref, f.theirs))
		switch {
		case err == nil:
			size, diff := f.compare(want, got)
			r.note(what, size, diff)
		case os.IsNotExist(err):
			if err := r.digest(ref, f.theirs, what, got); err != nil {
				return err
			}
		default:
			return err
		}
	}
	if err := r.encoded(ref, name, s); err != nil {
		return err
	}
	return r.seeds(ctx, ref, name, cfg, s)
}

func readLabels(path string, s *pipeline.Snapshot) (label.Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return label.Set{}, err
	}
	defer f.Close()
	file, err := label.Read(f)
	if err != nil {
		return label.Set{}, fmt.Errorf("labels %q: %w", path, err)
	}
	records, _ := file.Resolve(s.Connections.Epochs())
	return label.NewSet(nil, records)
}

// digest compares a file that the folder has only the SHA-256 of.
func (r *run) digest(ref, file, what string, got []byte) error {
	b, err := os.ReadFile(filepath.Join(ref, "digests.json"))
	if err != nil {
		return fmt.Errorf("%s is neither there nor in digests.json: %w", file, err)
	}
	var digests map[string]string
	if err := json.Unmarshal(b, &digests); err != nil {
		return fmt.Errorf("digests.json: %w", err)
	}
	want, ok := digests[file]
	if !ok {
		return fmt.Errorf("%s is neither there nor in digests.json", file)
	}
	sum := sha256.Sum256(got)
	var diff error
	if hex.EncodeToString(sum[:]) != want {
		diff = fmt.Errorf("SHA-256 is %x, want %s; compare with the full reference to see where", sum, want)
	}
	r.note(what, fmt.Sprintf("%d bytes by SHA-256", len(got)), diff)
	return nil
}

// encoded compares the encoded rows with what each entry was encoded to, and
// the Isolation Forest's verdict on it.
func (r *run) encoded(ref, name string, s *pipeline.Snapshot) error {
	want, err := read(filepath.Join(ref, "encoded.csv"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	got := []byte("LineId,Id,EncodedEventId,EncodedCommand,EncodedAction,EncodedTable,Anomaly,IForest\n")
	for i := range s.Len() {
		u := s.EncodedRow(i)
		conn := s.Entries.Connection(i)
		got = strconv.AppendInt(got, int64(i)+1, 10)
		got = strconv.AppendUint(append(got, ','), s.Connections.Peek(int(conn)).ID, 10)
		for _, code := range s.Encoding.Matrix.Values[u*4 : u*4+4] {
			got = strconv.AppendInt(append(got, ','), int64(code), 10)
		}
		class := 1
		if s.Truth.Anomaly(conn) {
			class = -1
		}
		got = strconv.AppendInt(append(got, ','), int64(class), 10)
		got = strconv.AppendInt(append(got, ','), int64(s.Isolation.Forest.Predict(u)), 10)
		got = append(got, '\n')
	}
	size, diff := table(nil)(want, got)
	r.note(name+"/encoded.csv", size, diff)
	return nil
}

// seeds compares the Isolation Forest of other seeds.
func (r *run) seeds(ctx context.Context, ref, name string, cfg pipeline.Config, s *pipeline.Snapshot) error {
	b, err := os.ReadFile(filepath.Join(ref, "iforest_seeds.json"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var file struct {
		Runs []struct {
			Seed    uint32  `json:"random_state"`
			Offset  float64 `json:"offset_"`
			Flagged int     `json:"n_flagged"`
			Matrix  [][]int `json:"confusion_matrix"`
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return fmt.Errorf("iforest_seeds.json: %w", err)
	}
	var diff error
	for _, want := range file.Runs {
		params := cfg.Params
		params.Seed = want.Seed
		n, err := pipeline.Judge(ctx, params, s, s.Truth.Labels, func(pipeline.Event) {})
		if err != nil {
			return err
		}
		matrix, err := n.Isolation.Confusion.Matrix([]int{model.Normal, model.Anomaly})
		if err != nil {
			return err
		}
		got := fmt.Sprint(n.Isolation.Flagged, matrix)
		if w := fmt.Sprint(want.Flagged, want.Matrix); got != w {
			diff = fmt.Errorf("seed %d: flagged and matrix are %s, want %s", want.Seed, got, w)
		} else if d := n.Isolation.Forest.Offset - want.Offset; d > tolerance || d < -tolerance {
			diff = fmt.Errorf("seed %d: offset_ is %v, want %v", want.Seed, n.Isolation.Forest.Offset, want.Offset)
		}
		if diff != nil {
			break
		}
	}
	r.note(name+"/iforest_seeds.json", fmt.Sprintf("%d seeds", len(file.Runs)), diff)
	return nil
}
