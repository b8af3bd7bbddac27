package export

import (
	"slices"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/handover"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/visible"
)

// Names of the files that speak of the others. ManifestSum is a line as sha256sum writes
// one, of Manifest.
const (
	ManifestName    = "manifest.json"
	ManifestSumName = "manifest.sha256"
)

// ManifestVersion counts changes of the layout of the exported files. Version 3 added what
// an export needs to be checked: blocks, inputs beside the logs, how it was written.
const ManifestVersion = 3

// A Manifest is what an export is made of. It has no time of its own: the same
// log, options, labels and seed give the same bytes.
type Manifest struct {
	Version int             `json:"manifest_version"`
	Tool    string          `json:"tool"`
	Case    *handover.Case  `json:"case,omitempty"`
	Reading reading.Reading `json:"reading"`
	Inputs  []Input         `json:"inputs"`
	Order   string          `json:"order,omitempty"` // of the inputs, in words
	Blocks  *Blocks         `json:"blocks,omitempty"`
	Carried []Carried       `json:"analysis_inputs"` // beside the logs
	Written *Written        `json:"written,omitempty"`
	// Redacted is what is hidden, as the command line has it.
	Redacted    string          `json:"redacted,omitempty"`
	Commitments *Commitments    `json:"commitments,omitempty"`
	Options     []Option        `json:"options"`
	Baseline    *BaselineInputs `json:"baseline,omitempty"`
	Rules       []Rule          `json:"rules"` // that are not built in
	Site        []SiteFilter    `json:"site_filters"`
	Zone        string          `json:"zone"` // of the log's times: UTC or unknown
	Counts      totals          `json:"counts"`
	Labels      givenBy         `json:"labels"`
	Usual       []Usual         `json:"said_to_be_normal"`
	Coverage    Coverage        `json:"coverage"`
	Cells       string          `json:"csv_cells"`
	Notes       []string        `json:"notes"`
	Files       []Output        `json:"files"`
}

// Written is how the files were chosen and written.
type Written struct {
	Files string `json:"files"` // the choice: full, evidence, ...
	Raw   bool   `json:"csv_raw"`
	// Filter selects the entries of the files selected.csv, .jsonl and .log.
	Filter string `json:"filter,omitempty"`
}

// Input is a file that was read.
type Input struct {
	Name      string `json:"name"`
	Archive   string `json:"archive,omitempty"` // that the file is a member of, whose bytes and hash it has
	Server    string `json:"server,omitempty"`  // that wrote the file, where it was named
	Container string `json:"container"`
	Bytes     int64  `json:"bytes"` // of the raw file
	SHA256    string `json:"sha256"`
	Text      int64  `json:"decompressed_bytes"`
	Wrapper   string `json:"wrapper,omitempty"` // what is around the log in the file
	Damage    string `json:"damage,omitempty"`
	Limit     string `json:"limit,omitempty"` // where reading stopped because that was asked for
	// Form names what the file is where it is no log as a server writes it, and
	// Missing the columns of the log's table that it does not have.
	Form    string   `json:"form,omitempty"`
	Missing []string `json:"missing_columns,omitempty"`
}

type totals struct {
	Entries     int `json:"entries"`
	Untimed     int `json:"entries_without_time"`
	Connections int `json:"connections"`
	Templates   int `json:"templates"`
	Labelled    int `json:"labelled_connections"`
	Detections  int `json:"detections"`
}

// Coverage accounts for the decompressed bytes: entry, banner, reject, message and
// wrapper bytes add up to Bytes.
type Coverage struct {
	Bytes       int64 `json:"bytes"`
	EntryBytes  int64 `json:"entry_bytes"`
	BannerBytes int64 `json:"banner_bytes"`
	RejectBytes int64 `json:"reject_bytes"`
	// MessageBytes are those of messages of the server between entries; Messages
	// counts these by kind, and those that an entry may have written.
	MessageBytes int64          `json:"message_bytes"`
	Messages     map[string]int `json:"messages"`
	Rejects      int            `json:"rejects"`
	Banners      int            `json:"banners"`
	// WrapperBytes are what is around the log: prefixes, containers, and lines of
	// other streams, of which there are ForeignLines.
	WrapperBytes int64 `json:"wrapper_bytes"`
	ForeignLines int   `json:"foreign_lines"`
}

// Output is a file of the export. Its name has slashes on every system.
type Output struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Inputs describes the files of a snapshot.
func Inputs(s *pipeline.Snapshot) []Input {
	out := []Input{}
	for k := range s.Files {
		out = append(out, inputOf(&s.Files[k]))
	}
	return out
}

func inputOf(f *loaded.File) Input {
	in := Input{Name: f.Name, Server: f.Server, Archive: f.Archive, Container: f.Container, Bytes: f.Raw, SHA256: f.SHA256, Text: f.Text, Wrapper: f.Wrapper.Name(), Damage: f.Broken(), Limit: f.Limited()}
	if f.Table != nil {
		in.Form, in.Missing = f.Table.Form.String(), f.Table.Missing()
	}
	return in
}

// InputsJSON is Inputs with texts that JSON can hold.
func InputsJSON(s *pipeline.Snapshot) []Input {
	out := Inputs(s)
	for i := range out {
		out[i].forJSON()
	}
	return out
}

// CoverageOf accounts for the bytes of a snapshot.
func CoverageOf(s *pipeline.Snapshot) Coverage {
	c := &s.Coverage
	kinds := map[string]int{}
	for k, n := range c.Messages {
		if n > 0 {
			kinds[genlog.MessageKind(k).String()] = n
		}
	}
	return Coverage{c.Bytes(), c.EntryBytes, c.BannerBytes, c.RejectBytes, c.MessageBytes, kinds, c.Rejects, c.Banners, c.WrapperBytes, c.ForeignLines}
}

// caseOf is a case as JSON can hold it, nil for none.
func caseOf(c handover.Case) *handover.Case {
	if c == (handover.Case{}) {
		return nil
	}
	return &handover.Case{Name: visible.JSON(c.Name), Exhibit: visible.JSON(c.Exhibit), Examiner: visible.JSON(c.Examiner), Remark: visible.JSON(c.Remark)}
}

// inForce is options with the parameters that the models have, which may have been set
// anew since the program was started.
func inForce(s *pipeline.Snapshot, options []Option) []Option {
	out := slices.Clone(options)
	if s.Isolation == nil {
		return out
	}
	for i := range out {
		switch out[i].Name {
		case "seed":
			out[i].Value = s.Isolation.Seed
		case "contamination":
			out[i].Value = s.Isolation.Contamination
		case "trees":
			out[i].Value = s.Isolation.Trees
		}
	}
	return out
}

// guardedCells describes what Guard does.
const guardedCells = `a cell that a spreadsheet would run begins with a quote more, and a semicolon before what one would run is \x3b; ` +
	`control bytes, what cannot be seen and bytes that are not UTF-8 are escaped (\n, \x1b, \u202e), and backslashes are doubled where they stand before one of these or before what reads like one`

// Tool names a version of this program in a manifest.
func Tool(version string) string { return "sqleuth " + version }

func newManifest(s *pipeline.Snapshot, opt Options) *Manifest {
	m := &Manifest{
		Version: ManifestVersion, Tool: Tool(opt.Version), Case: caseOf(opt.Case), Reading: s.Reading, Inputs: InputsJSON(s), Order: s.Order,
		Carried: []Carried{}, Written: &Written{opt.Files.String(), opt.Raw, opt.Filter}, Options: inForce(s, opt.Options), Baseline: BaselineOf(s), Rules: RulesOf(s), Site: SiteOf(s), Zone: Zone(s),
		Counts: totals{s.Len(), s.Entries.Untimed(), s.Connections.Len(), len(s.Templates), s.Truth.Labels.Labelled(), len(s.Detections)},
		Labels: givenByOf(s), Usual: UsualOf(s),
		Coverage: CoverageOf(s),
		Cells:    guardedCells,
		Notes: []string{
			"an entry says that a statement was sent, not that it worked",
		},
	}
	if opt.Raw {
		m.Cells = "as they stand in the log"
	} else if s.Reading == reading.Notebook && opt.Files == Full {
		m.Cells = "findings, labels, connections and detections: " + m.Cells + "; the notebook's files: as they stand in the log"
	}
	if opt.redactor != nil {
		m.Redacted = opt.Redaction.String()
		m.hide(opt.redactor)
		m.Notes = append(m.Notes, "values of the log are hidden behind tokens, the same value behind the same token; rows whose text is hidden have no sha256 of the log's bytes, by which values could be tried, and nothing that the analysis rests on beside the log is carried along")
	}
	if s.Order != "" {
		m.Notes = append(m.Notes, "the inputs were read in the order in which they stand here: "+s.Order)
	}
	if s.Left != "" {
		m.Notes = append(m.Notes, visible.JSON(s.Left))
	}
	if opt.Files == Evidence {
		m.Notes = append(m.Notes, "the evidence alone: sqleuth export writes the tables and models too")
	}
	if n := s.Entries.Untimed(); n > 0 && n == s.Len() {
		m.Notes = append(m.Notes, "the log shows no time for any entry: columns of times are empty, datetime among them, so that Timesketch drops these rows")
	} else if n > 0 {
		m.Notes = append(m.Notes, "entries for which the log shows no time have an empty one; in findings and detections datetime is then the next time that is known, and timestamp_desc says before")
	}
	if s.Unzoned {
		m.Notes = append(m.Notes, "times are the server's local ones and nobody said in which zone; where a file gives them an offset they are written as if they were UTC")
	}
	if s.Reading == reading.Notebook {
		m.Notes = append(m.Notes, "bytes that are not UTF-8 were read as U+FFFD, one for each maximal broken sequence; the notebook itself would stop there")
	}
	return m
}
