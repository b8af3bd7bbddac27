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
	"strings"

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

// opens reports whether a log is one of the export that can be opened.
func (l *Log) opens() bool { return l.name != "" && !l.baseline && l.err == nil }

// errNoLogs is that no log of an export is there.
var errNoLogs = errors.New("no log of the export is there")

// openLogs opens logs that Logs has compared, under the names, in the order and of the
// servers of the manifest, each as far as it was exported. The error is errNoLogs if there
// are none.
func (e *Export) openLogs(logs []Log, opt logfile.Options) (*logfile.Set, error) {
	opt.Names, opt.Servers, opt.Sizes = map[string]string{}, map[string]string{}, map[string]int64{}
	var paths []string
	for _, w := range e.logs() {
		for i := range logs {
			l := &logs[i]
			if !l.opens() || l.name != w.name || slices.Contains(paths, l.Path) {
				continue
			}
			if l.Path != l.name && jsonName(l.Path) != l.name {
				opt.Names[l.Path] = l.name
			}
			if l.state == grown {
				opt.Sizes[l.Path] = l.exported
			}
			paths = append(paths, l.Path)
			opt.Servers[l.Path] = w.server
		}
	}
	if len(paths) == 0 {
		return nil, errNoLogs
	}
	return logfile.Open(paths, opt)
}

// read opens logs and reads them to their ends without analysing them. That there is
// nothing to read in them is no error.
func (e *Export) read(ctx context.Context, logs []Log, opt logfile.Options) (*logfile.Set, error) {
	set, err := e.openLogs(logs, opt)
	if err != nil {
		return nil, err
	}
	err = set.Read(ctx, func(b *logfile.Block) error {
		b.Release()
		return nil
	})
	if err != nil && !errors.Is(err, logfile.ErrEmpty) {
		set.Close()
		return nil, err
	}
	return set, nil
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
				return labels, "", fmt.Errorf("%s: it leads out of the folder", named(c.File))
			}
			path := filepath.Join(e.Dir, filepath.FromSlash(c.File))
			if c.File == "" {
				path = givenAs(logs, c)
			}
			if path == "" {
				return labels, fmt.Sprintf("the analysis was not done again: the baseline %s, SHA-256 %s, is too large to be carried along; name it beside the logs", named(c.Name), c.SHA256), nil
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

// carriedWhole reports whether what the export carries along matches its manifest.
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
	Err     error           // why they cannot be used
	Files   logfile.Options
	Step    func(what string) // is called with what is done
	Event   func(pipeline.Event)
}

// Done is an analysis that was done again.
type Done struct {
	Snapshot *pipeline.Snapshot
	Text     pipeline.Text
	Options  export.Options
}

// Opened are the logs of an export, read to their ends.
type Opened struct {
	Text
	Done *Done // nil where the analysis was not done again
}

// Close closes the logs.
func (o *Opened) Close() error { return o.set.Close() }

// OpenLogs reads the logs that Logs has compared. It returns nil, and r has the reason, where
// none can be read.
func (e *Export) OpenLogs(ctx context.Context, logs []Log, opt logfile.Options, r *Result) (*Opened, error) {
	set, err := e.read(ctx, logs, opt)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		r.notDone("neither the evidence nor the analysis was checked: %v", err)
		return nil, nil
	}
	return &Opened{Text: e.NewText(set, logs)}, nil
}

// Repeat is OpenLogs, and does the analysis of the export again unless r has the reason why
// not. All is what Logs has returned.
func (e *Export) Repeat(ctx context.Context, logs []Log, all bool, a Analysis, r *Result) (*Opened, error) {
	d, set, err := e.repeat(ctx, logs, all, a, r)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		r.notDone("the analysis was not done again: %v", err)
		fallthrough
	case d == nil:
		return e.OpenLogs(ctx, logs, a.Files, r)
	}
	return &Opened{e.NewText(set, logs), d}, nil
}

// repeat returns no analysis where r has the reason why.
func (e *Export) repeat(ctx context.Context, logs []Log, all bool, a Analysis, r *Result) (_ *Done, set *logfile.Set, err error) {
	if why := e.Compares(a.Version); why != "" {
		r.notDone("%s", why)
		return nil, nil, nil
	}
	if !all {
		return nil, nil, errors.New("the logs are not those of the export")
	}
	if !e.carriedWhole(ctx) {
		return nil, nil, errors.New("what the export carries along is not as the manifest says")
	}
	// That this program cannot use what it wrote itself is a difference.
	d, why, err := &Done{}, "", a.Err
	var labels label.Set
	if err == nil {
		labels, why, err = e.Configure(&a.Config, logs)
	}
	if err == nil {
		d.Options, err = e.Options(a.Version)
	}
	if err != nil {
		r.differs(Changed, "what the analysis rests on: %v", err)
		return nil, nil, errors.New("what the export carries along cannot be used")
	}
	if why != "" {
		r.notDone("%s", why)
		return nil, nil, nil
	}
	d.Options.Elsewhere = map[string]string{}
	for path, name := range a.Config.Baseline.Files.Names {
		d.Options.Elsewhere[name] = path
	}
	if set, err = e.openLogs(logs, a.Files); err != nil {
		return nil, nil, err
	}
	d.Text = pipeline.NewText(set)
	d.Snapshot, err = pipeline.Run(ctx, a.Config, set, func(*pipeline.Snapshot) (label.Set, error) { return labels, nil }, a.Event)
	if err != nil {
		set.Close()
		return nil, nil, err
	}
	return d, set, nil
}

// Against checks an export against its logs: these, the evidence, and all files by doing
// the analysis again.
func (e *Export) Against(ctx context.Context, logs []Log, a Analysis, r *Result) error {
	all := e.Logs(logs, r)
	o, err := e.Repeat(ctx, logs, all, a, r)
	if err != nil {
		return err
	}
	if o == nil {
		return e.Commitments(nil, r)
	}
	defer o.Close()
	a.Step("read the evidence again")
	if err := errors.Join(e.Evidence(ctx, o.Text, r), e.Commitments(nil, r)); err != nil {
		return err
	}
	if o.Done == nil {
		return e.texts(ctx, o.Text, r)
	}
	a.Step("write the files again")
	return e.Again(ctx, o.Done.Snapshot, o.Done.Text, o.Done.Options, r)
}

// texts compares the trees over the text of logs with the manifest, and names the blocks
// of the text that is not as it was.
func (e *Export) texts(ctx context.Context, text Text, r *Result) error {
	if e.Manifest.Blocks == nil {
		return nil
	}
	n := 0
	for i, t := range e.Manifest.Blocks.Trees {
		f := text.files[t.File]
		switch {
		case t.Of == export.OfRaw || f == nil || f.log == nil:
			continue
		case f.text == nil:
			r.differs(Missing, "the text of log %s", f.called())
			continue
		}
		sums, read, err := export.BlockSums(ctx, text.set, f.text.Base, min(t.Bytes, f.text.Size))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if root := export.BlockRoot(sums); err == nil && hex.EncodeToString(root[:]) == t.Root {
			n++
			continue
		}
		if t.Of == export.OfBoth && f.log.state == changed {
			continue // its blocks were named
		}
		of := "the text of log " + f.called()
		for _, d := range f.text.Damage {
			if f.log.state == changed && !strings.Contains(e.damage(t.File), visible.JSON(d.String())) {
				r.differs(Changed, "%s: %v", of, d)
			}
		}
		want, wrong := e.tree(&e.Manifest.Blocks.Trees[i])
		switch {
		case err != nil: // what cannot be read back is not known to be another text
			r.notDone("%s from byte %d on: %v", of, read, err)
			if wrong == nil {
				r.nameBlocks(of, stretch{want[:min(len(want), len(sums))], read}, stretch{sums, read})
			}
		case wrong != nil:
			r.differs(Changed, "%s: its blocks do not lead to the root in the manifest", of)
			r.notDone("which block of it: %v", wrong)
		default:
			r.nameBlocks(of, stretch{want, t.Bytes}, stretch{sums, read})
		}
	}
	if n > 0 {
		r.passed("the blocks of the text of %d logs lead to the roots in the manifest", n)
	}
	return nil
}

// damage is what was wrong with a file when it was exported.
func (e *Export) damage(name string) string {
	for _, in := range e.Manifest.Inputs {
		if in.Name == name {
			return in.Damage
		}
	}
	return ""
}
