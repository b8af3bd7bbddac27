package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// Carried is a file that the analysis rests on beside the logs, with its copy in the
// export.
type Carried struct {
	Kind string `json:"kind"`
	Name string `json:"name"` // as it was named when it was read; empty for what was no file
	// Layer counts folders of rules from 1; 0 is a file of its own.
	Layer  int    `json:"layer,omitempty"`
	File   string `json:"file"` // in the export; empty where the file is too large to be carried along, or hidden
	SHA256 string `json:"sha256"`
}

// Kinds of Carried.
const (
	RulesFile   = "rules" // or filters of a site
	LabelsFile  = "labels"
	ModelFile   = "model"
	BaselineLog = "baseline_log"
)

// carriedName matches the names of the files in the folder of inputs.
var carriedName = regexp.MustCompile(`^(rules-\d+\.yml|labels\.json|model\.json|baseline-\d+)$`)

// inputsName is the folder of the export that they lie in.
const inputsName = "inputs"

// maxCarried bounds a baseline log that is carried along, in bytes. A longer one has to be
// given to who checks the export, as the log has.
const maxCarried = 256 << 20

// Key is the key of the case file that labels are carried along in.
func Key(inputs []Input) casefile.Key {
	var digests []casefile.Digest
	for _, in := range inputs {
		var d [sha256.Size]byte // of a log that was not read to its end: zero
		if sum, err := hex.DecodeString(in.SHA256); err == nil {
			copy(d[:], sum)
		}
		digests = append(digests, casefile.Digest{Server: in.Server, SHA256: d})
	}
	return casefile.KeyOfServers(digests)
}

// carry returns what the analysis rests on beside the logs, and the files to write.
func carry(s *pipeline.Snapshot, opt Options) (list []Carried, files []file, err error) {
	list = []Carried{}
	add := func(c Carried, name string, data []byte) {
		sum := sha256.Sum256(data)
		if opt.redactor != nil { // they name people and values
			c.Name, c.SHA256 = visible.JSON(c.Name), ""
			list = append(list, c)
			return
		}
		c.Name, c.File, c.SHA256 = visible.JSON(c.Name), inputsName+"/"+name, hex.EncodeToString(sum[:])
		list = append(list, c)
		files = append(files, ready(c.File, data))
	}
	if s.Rules != nil {
		for i, d := range s.Rules.Documents {
			add(Carried{Kind: RulesFile, Name: d.Name, Layer: d.Layer}, fmt.Sprintf("rules-%04d.yml", i+1), d.Text)
		}
	}
	if labels := s.Truth.Labels; labels.Labelled() > 0 || labels.Noted() > 0 || labels.Decided() > 0 || len(labels.Usual()) > 0 {
		data, err := casefile.Encode(Key(Inputs(s)), casefile.Case{Labels: labels})
		if err != nil {
			return nil, nil, fmt.Errorf("labels: %w", err)
		}
		add(Carried{Kind: LabelsFile}, "labels.json", data)
	}
	if s.Model != nil {
		var data bytes.Buffer
		if err := s.Model.Save(&data); err != nil {
			return nil, nil, err
		}
		add(Carried{Kind: ModelFile}, "model.json", data.Bytes())
	}
	for _, f := range baselineLogs(s) {
		c := Carried{Kind: BaselineLog, Name: visible.JSON(f.Name), SHA256: f.SHA256}
		if f.Raw <= maxCarried && opt.redactor == nil {
			c.File = fmt.Sprintf("%s/baseline-%04d", inputsName, len(list)+1)
			files = append(files, file{schema.File{Name: c.File, Format: schema.Copy}, func(w io.Writer) error { return copyBaseline(w, f, opt) }, nil})
		}
		list = append(list, c)
	}
	return list, files, nil
}

// baselineLogs are the files of the baseline, an archive once, by its own name.
func baselineLogs(s *pipeline.Snapshot) (list []loaded.File) {
	if s.History == nil || s.History.Baseline == nil {
		return nil
	}
	for _, f := range s.History.Baseline.Files {
		f.Name = f.Given()
		if !slices.ContainsFunc(list, func(o loaded.File) bool { return o.Name == f.Name }) {
			list = append(list, f)
		}
	}
	return list
}

func copyBaseline(w io.Writer, f loaded.File, opt Options) error {
	path, ok := opt.Elsewhere[f.Name]
	if !ok {
		path = f.Name
	}
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("baseline log %q: %w", f.Name, wording.Pathless(err))
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, sum), in); err != nil {
		return fmt.Errorf("baseline log %q: %w", f.Name, wording.Pathless(err))
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("baseline log %q: it was changed since it was read; analyse the log again", f.Name)
	}
	return nil
}
