package export

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"sqleuth/analysis/count"
	"sqleuth/analysis/handover"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// Files is a choice of files. The labels and the manifest are in each.
type Files uint8

// The choices.
const (
	Full       Files = iota // all of Evidence, and the notebook's tables and models
	Evidence                // without what is as large as the log
	Timesketch              // the evidence as a time line
	ECS                     // every entry, and the detections, in the Elastic Common Schema
	endFiles
)

var filesText = [endFiles]string{"full", "evidence", "timesketch", "ecs"}

// String returns the word that the command line has for the choice.
func (f Files) String() string { return filesText[f] }

// FilesNamed returns the choice of a word, false for none.
func FilesNamed(word string) (Files, bool) {
	k := slices.Index(filesText[:], word)
	return Files(max(0, k)), k >= 0
}

// FilesWords names the choices for a sentence: "full, evidence, timesketch or ecs".
func FilesWords() string {
	last := len(filesText) - 1
	return strings.Join(filesText[:last], ", ") + " or " + filesText[last]
}

// file is one file of an export. write gets a buffered writer.
type file struct {
	schema.File
	write func(w io.Writer) error
	notes func() []string // for the manifest, once it is written; nil for none
}

// csvFile is a file of rows, texts of log origin as they are to be.
func csvFile[R any](name string, as cellText, columns []column[R], rows rows[R]) file {
	return file{schema.File{Name: name, Format: schema.CSV, Columns: shapes(columns)},
		func(w io.Writer) error { return writeRows(newSheet(w, as), columns, rows) }, nil}
}

// jsonlFile is a file of rows as JSON objects.
func jsonlFile[R any](name string, as cellText, columns []column[R], rows rows[R]) file {
	return file{schema.File{Name: name, Format: schema.JSONLines, Columns: shapes(columns)},
		func(w io.Writer) error { return writeRows(newJSONLines(w, as.redact), columns, rows) }, nil}
}

// object is a JSON file that holds a T.
func object[T any](name string, of func() (T, error)) file {
	var none T
	return file{schema.File{Name: name, Format: schema.JSON, Value: none}, func(w io.Writer) error {
		v, err := of()
		if err != nil {
			return err
		}
		return WriteJSON(w, v)
	}, nil}
}

// plan lists the files of an export in the order in which they are written.
func plan(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt Options) []file {
	as := opt.cellText()
	list := []file{
		csvFile("labels.csv", as, labelColumns(), labelRows(s)),
		object("navigator.json", func() (layer, error) { return navigatorLayer(s), nil }),
	}
	if opt.Filter != "" {
		list = append(list, selectedFiles(ctx, s, text, opt)...)
	}
	switch opt.Files {
	case Timesketch:
		return append(list, timesketchFiles(ctx, s, text, as)...)
	case ECS:
		return append(list, ecsFile(ctx, s, text, as))
	}
	list = append(list, evidence(ctx, s, text, opt, as)...)
	if opt.Files == Full {
		list = append(list, notebook(ctx, s, text, as)...)
	}
	return list
}

// evidence lists the files of what was found.
func evidence(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt Options, as cellText) []file {
	document := sync.OnceValues(func() (*handover.Document, error) {
		return handover.Build(ctx, s, text, handover.Options{Version: opt.Version, Settings: Settings(inForce(s, opt.Options)), Case: opt.Case, Redact: as.redact})
	})
	report := func(name string, write func(io.Writer, *handover.Document) error) file {
		return file{schema.File{Name: name, Format: schema.ForPeople}, func(w io.Writer) error {
			d, err := document()
			if err != nil {
				return err
			}
			return write(w, d)
		}, nil}
	}
	rows, lines := pair("evidence", as, exhibitColumns(s, as.redact), exhibits(ctx, s, text), maxKept)
	list := []file{
		report("report.md", handover.Markdown),
		report("report.html", handover.HTML),
		csvFile("findings.csv", as, findingColumns(s), findingRows(ctx, s)),
		csvFile("connections.csv", as, connectionColumns(s), indices(s.Connections.Len())),
		csvFile("detections.csv", as, detectionColumns(s, as.redact), pointers(s.Detections)),
		rows, lines,
	}
	if s.Outcomes.Any() {
		list = append(list, csvFile("outcomes.csv", as, outcomeColumns(s), outcomeRows(ctx, s)))
	}
	if s.DistinctDigests() > 0 {
		list = append(list, csvFile("digests.csv", as, digestColumns(s), pointers(digestRows(s))))
	}
	if s.Novel != nil {
		list = append(list, csvFile("novel.csv", as, novelColumns(s), pointers(s.Novel.List)))
	}
	list = append(list, csvFile("accounts.csv", as, accountColumns(s), accountRows(ctx, s)))
	if len(s.Messages) > 0 {
		list = append(list, csvFile("messages.csv", as, messageColumns(s), pointers(s.Messages)))
	}
	return list
}

// notebook lists the files that the notebook's libraries write. In its own reading they
// are compared with these, so that cells are as they are in the log.
func notebook(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, as cellText) []file {
	if s.Reading == reading.Notebook {
		as.guard = raw
	}
	hourly := func(name string, h count.Hourly) file {
		f := csvFile(name, as, hourColumns(h, as.text), indices(len(h.Hours)))
		f.Columns, f.More = f.Columns[:1], true
		return f
	}
	c := s.Counts
	list := []file{
		csvFile("templates.csv", as, templateColumns(), pointers(s.Templates)),
		csvFile("counts_action.csv", as, tallyColumns("action"), pointers(c.Action)),
		csvFile("counts_table.csv", as, tallyColumns("table"), pointers(c.Table)),
		hourly("hourly_action.csv", c.HourAction),
		hourly("hourly_table.csv", c.HourTable),
		csvFile("frequent_patterns.csv", as, pairColumns(), pointers(c.Pairs)),
		csvFile("thresholds_action.csv", as, thresholdColumns("action"), pointers(c.ThresholdAction)),
		csvFile("thresholds_table.csv", as, thresholdColumns("table"), pointers(c.ThresholdTable)),
		object("encoders.json", func() (encodersJSON, error) { return encoders(s.Encoding), nil }),
	}
	if s.Isolation != nil { // a log without entries trains no forest
		list = append(list, object("iforest.json", func() (isolationJSON, error) { return isolation(s) }))
	}
	if s.Truth.Positive {
		list = append(list,
			object("rforest.json", func() (randomJSON, error) { return random(ctx, s, true) }),
			object("mixed.json", func() (mixedJSON, error) { return mixed(s.Mixed), nil }),
			object("split.json", func() (splitJSON, error) { return split(ctx, s) }),
		)
	}
	list = append(list, csvFile("structured.csv", as, structuredColumns(s), replay(ctx, s, text)))
	if s.Reading == reading.Notebook {
		list = append(list, file{schema.File{Name: "preproc.log", Format: schema.LogLines},
			func(w io.Writer) error { return writePreprocessed(ctx, s, text, w) }, nil})
	}
	return list
}

// anyFile lists the files of any export but the manifest, of which none can be written.
func anyFile() (list []file) {
	var answered store.Outcomes
	answered.Set(0, 0)
	s := &pipeline.Snapshot{
		Log:      loaded.Log{Reading: reading.Notebook, Outcomes: answered, Messages: make([]loaded.Message, 1), Digests: make([]string, 2)},
		Analysis: pipeline.Analysis{Counts: &count.Tables{}, Novel: &principal.Novel{}},
		Verdicts: pipeline.Verdicts{Truth: &model.Truth{Positive: true}, Isolation: &model.Isolation{}},
	}
	seen := map[string]bool{}
	for k := range endFiles {
		for _, f := range plan(context.Background(), s, pipeline.Text{}, Options{Files: k, Filter: "x"}) {
			if !seen[f.Name] {
				seen[f.Name] = true
				list = append(list, f)
			}
		}
	}
	return list
}

// Schema lists what the files of all exports hold.
func Schema() (list []schema.File) {
	for _, f := range anyFile() {
		list = append(list, f.File)
	}
	return append(list, jsonlFile(CommitmentsName, cellText{}, commitmentColumns(), nil).File, csvFile(BlocksName, cellText{}, blockColumns(), nil).File,
		schema.File{Name: inputsName + "/", Format: schema.Copy}, schema.File{Name: ManifestSumName, Format: schema.ForPeople},
		schema.File{Name: ManifestName, Format: schema.JSON, Value: Manifest{}})
}
