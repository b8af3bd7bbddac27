package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/export"
	"sqleuth/analysis/label"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/visible"
)

func jsonName(name string) string { return visible.JSON(name) }

// paired reports whether each log of the manifest was given, changed or not.
func (e *Export) paired(logs []Log) bool {
	for _, w := range e.logs() {
		if !slices.ContainsFunc(logs, func(l Log) bool { return l.name == w.name && !l.baseline }) {
			return false
		}
	}
	return true
}

// OpenLogs opens logs that Logs has compared, under the names, in the order and of the
// servers of the manifest.
func (e *Export) OpenLogs(logs []Log, opt logfile.Options) (*logfile.Set, error) {
	opt.Names, opt.Servers = map[string]string{}, map[string]string{}
	var paths []string
	for _, w := range e.logs() {
		for _, l := range logs {
			if l.name == w.name && !l.baseline && !slices.Contains(paths, l.Path) {
				if l.Path != l.name && jsonName(l.Path) != l.name {
					opt.Names[l.Path] = l.name
				}
				paths = append(paths, l.Path)
				opt.Servers[l.Path] = w.server
			}
		}
	}
	return logfile.Open(paths, opt)
}

// Read reads logs to their ends without analysing them.
func Read(ctx context.Context, set *logfile.Set) error {
	return set.Read(ctx, func(b *logfile.Block) error {
		b.Release()
		return nil
	})
}

// Configure puts into a configuration what the export carries along, and the order of the
// files. It returns the labels. What is needed and was neither carried along nor given is
// named in why.
func (e *Export) Configure(cfg *pipeline.Config, logs []Log) (labels label.Set, why string, err error) {
	var documents []rule.Document
	cfg.Model, cfg.Baseline.Logs = nil, nil
	cfg.Baseline.Files.Names = map[string]string{}
	for _, c := range e.Manifest.Carried {
		if c.Kind == export.BaselineLog {
			if !filepath.IsLocal(filepath.FromSlash(c.File)) && c.File != "" {
				return labels, "", fmt.Errorf("%s: it leads out of the folder", quoted(c.File))
			}
			path := filepath.Join(e.Dir, filepath.FromSlash(c.File))
			if c.File == "" {
				path = givenAs(logs, c)
			}
			if path == "" {
				return labels, fmt.Sprintf("the analysis was not done again: the baseline %s, SHA-256 %s, is too large to be carried along; name it beside the logs", quoted(c.Name), c.SHA256), nil
			}
			if path != c.Name && jsonName(path) != c.Name {
				cfg.Baseline.Files.Names[path] = c.Name
			}
			cfg.Baseline.Logs = append(cfg.Baseline.Logs, path)
			continue
		}
		data, err := e.carried(c)
		if err != nil {
			return labels, "", err
		}
		switch c.Kind {
		case export.RulesFile:
			documents = append(documents, rule.Document{Layer: c.Layer, Name: c.Name, Text: data})
		case export.LabelsFile:
			known, err := casefile.Decode(export.Key(e.Manifest.Inputs), data)
			if err != nil {
				return labels, "", fmt.Errorf("%s: %w", c.File, err)
			}
			labels = known.Labels
		case export.ModelFile:
			if cfg.Model, err = learned.Load(bytes.NewReader(data)); err != nil {
				return labels, "", fmt.Errorf("%s: %w", c.File, err)
			}
		default:
			return labels, "", fmt.Errorf("%s: nothing here knows what it is: %q", c.File, c.Kind)
		}
	}
	cfg.Detect.Rules = detect.Builtin()
	if len(documents) > 0 {
		set, problems := rule.LoadDocuments(documents, rule.Options{Natives: detect.Natives()})
		if err := problems.Err(); err != nil {
			return labels, "", err
		}
		cfg.Detect.Rules = set
	}
	cfg.Order = &pipeline.Order{How: e.Manifest.Order, Same: func(file, name string) bool { return jsonName(file) == name }}
	for _, in := range e.Manifest.Inputs {
		cfg.Order.Names = append(cfg.Order.Names, in.Name)
	}
	return labels, "", nil
}

// carriedWhole reports whether what the export carries along is as its manifest says.
func (e *Export) carriedWhole(ctx context.Context) bool {
	for _, c := range e.Manifest.Carried {
		if c.File == "" {
			continue
		}
		if !filepath.IsLocal(filepath.FromSlash(c.File)) {
			return false
		}
		if _, sum, err := hashFile(ctx, filepath.Join(e.Dir, filepath.FromSlash(c.File))); err != nil || sum != c.SHA256 {
			return false
		}
	}
	return true
}

// givenAs returns the path of a baseline log that was given, empty for none.
func givenAs(logs []Log, c export.Carried) string {
	for _, l := range logs {
		if l.SHA256 == c.SHA256 {
			return l.Path
		}
	}
	return ""
}

// Options are those of the export, for writing it again.
func (e *Export) Options(version string) (export.Options, error) {
	m := &e.Manifest
	opt := export.Options{Version: version, Options: m.Options}
	if m.Case != nil {
		opt.Case = *m.Case
	}
	if m.Written == nil {
		return opt, fmt.Errorf("%s does not say which files were written", export.ManifestName)
	}
	var ok bool
	if opt.Files, ok = export.FilesNamed(m.Written.Files); !ok {
		return opt, fmt.Errorf("%s: nothing here knows the files %s", export.ManifestName, quoted(m.Written.Files))
	}
	opt.Raw, opt.Filter = m.Written.Raw, m.Written.Filter
	if m.Commitments != nil { // which only who has the key can make again
		opt.Committed = m.Commitments
		for _, f := range m.Files {
			if f.Name == export.CommitmentsName {
				opt.Commits = f
			}
		}
	}
	return opt, nil
}

// Again writes the files of the export again from an analysis that was done again, and
// names what differs: files, and lines of files.
func (e *Export) Again(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt export.Options, r *Result) error {
	temp, err := os.MkdirTemp("", "sqleuth-verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	there, err := e.files()
	if err != nil {
		return err
	}
	before, same := len(r.Differences), 0
	err = export.Each(ctx, s, text, opt, func(name string, write func(io.Writer) error) error {
		h := sha256.New()
		if err := write(h); err != nil {
			return err
		}
		if !slices.Contains(there, name) {
			r.differs(Missing, "%s, which the analysis gives", name)
			return nil
		}
		path := filepath.Join(e.Dir, filepath.FromSlash(name))
		_, sum, err := hashFile(ctx, path)
		switch {
		case err != nil:
			r.differs(Changed, "%v", err)
			return ctx.Err()
		case sum == hex.EncodeToString(h.Sum(nil)):
			same++
			return nil
		case name == export.ManifestSumName: // it follows from the manifest
			return nil
		}
		want := filepath.Join(temp, "want")
		out, err := os.OpenFile(want, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err := write(out); err != nil {
			out.Close()
			return err
		}
		if err := out.Close(); err != nil {
			return err
		}
		return r.nameLines(name, want, path)
	})
	if err != nil {
		return err
	}
	if len(r.Differences) == before {
		r.passed("the analysis, done again by %s, gives the same bytes for %d files", e.Manifest.Tool, same)
	}
	return nil
}

// Analysis is how the analysis of an export is done again.
type Analysis struct {
	Version string          // of this program
	Config  pipeline.Config // by the options of the manifest, without what is carried along
	Files   logfile.Options
	Step    func(what string) // is told what is done
	Event   func(pipeline.Event)
}

// Done is an analysis that was done again.
type Done struct {
	Snapshot *pipeline.Snapshot
	Text     pipeline.Text
	Options  export.Options
}

// Repeat does the analysis of an export again, unless r has the reason why not; the logs,
// which are those of the set, are read all the same. All says whether Logs found all of
// them unchanged.
func (e *Export) Repeat(ctx context.Context, set *logfile.Set, logs []Log, all bool, a Analysis, r *Result) (*Done, error) {
	why := e.Compares(a.Version)
	if why == "" && (!all || !e.carriedWhole(ctx)) {
		why = "the analysis was not done again: what it rests on is not the export's"
	}
	var labels label.Set
	var err error
	if why == "" {
		if labels, why, err = e.Configure(&a.Config, logs); err != nil {
			return nil, err
		}
	}
	if why != "" {
		r.notDone("%s", why)
		return nil, Read(ctx, set)
	}
	d := &Done{Text: pipeline.NewText(set)}
	if d.Options, err = e.Options(a.Version); err != nil {
		return nil, err
	}
	d.Options.Elsewhere = map[string]string{}
	for path, name := range a.Config.Baseline.Files.Names {
		d.Options.Elsewhere[name] = path
	}
	d.Snapshot, err = pipeline.Run(ctx, a.Config, set, func(*pipeline.Snapshot) (label.Set, error) { return labels, nil }, a.Event)
	return d, err
}

// Against checks an export against its logs: these, the evidence, and all files by doing
// the analysis again.
func (e *Export) Against(ctx context.Context, logs []Log, a Analysis, r *Result) error {
	all := e.Logs(logs, r)
	if !e.paired(logs) {
		r.notDone("neither the evidence nor the analysis was checked: logs are missing")
		return nil
	}
	set, err := e.OpenLogs(logs, a.Files)
	if err != nil {
		return err
	}
	defer set.Close()
	d, err := e.Repeat(ctx, set, logs, all, a, r)
	if err != nil {
		return err
	}
	a.Step("read the evidence again")
	text := NewText(set)
	if err := errors.Join(e.Evidence(ctx, text, r), e.Commitments(nil, r)); err != nil {
		return err
	}
	switch {
	case d == nil && !all:
		return nil
	case d == nil:
		return e.roots(ctx, text, r)
	}
	a.Step("write the files again")
	return e.Again(ctx, d.Snapshot, d.Text, d.Options, r)
}

// roots compares the trees over the text of logs with the manifest.
func (e *Export) roots(ctx context.Context, text Text, r *Result) error {
	if e.Manifest.Blocks == nil {
		return nil
	}
	n := 0
	for _, t := range e.Manifest.Blocks.Trees {
		f, ok := text.files[t.File]
		if t.Of == export.OfRaw || !ok {
			continue
		}
		sums, _, err := export.BlockSums(ctx, text.set, f.Base, min(t.Bytes, f.Size))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if root := export.BlockRoot(sums); err != nil || hex.EncodeToString(root[:]) != t.Root {
			r.differs(Changed, "the text of log %s: its blocks do not lead to the root in the manifest", quoted(t.File))
			continue
		}
		n++
	}
	if n > 0 {
		r.passed("the blocks of the text of %d logs lead to the roots in the manifest", n)
	}
	return nil
}
