package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/export"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/verify"
	"sqleuth/analysis/wholefile"
	"sqleuth/analysis/wording"
)

// verifier is one run of the command.
type verifier struct {
	stdio
	progress string
	finding  int64
	out      string // where block and proof are written
	block    string // where they are read
	other    string // manifest of the export that is not redacted

	p      *progress
	result verify.Result
}

// proofSuffix is what the name of a proof ends in, beside its block.
const proofSuffix = ".proof"

// notComparedError is what was not checked of an export in which all else is right.
type notComparedError struct{ what []string }

func (e notComparedError) Error() string { return "verify: " + strings.Join(e.what, "; ") }

func newVerify(io stdio) *cobra.Command {
	v := &verifier{stdio: io}
	cmd := &cobra.Command{
		Use:   "verify [flags] DIR LOG...",
		Short: "Check an export against its log",
		Long: `Hashes the log and the files of the export in DIR, reads the bytes of each entry
of the evidence again, does the analysis again with what the export carries
along, and names what differs: changed, missing, new, moved. Logs may have other
names and another order now. Of one that has changed, or lost its end, what can
still be read is checked; one that has grown is checked as far as it was exported.

With --finding N, the column entry of evidence.csv, one row is derived again.
--out FILE writes the blocks of the log that it is in to FILE (1 MiB each, two
where it lies across their border) and a proof of at most 4 KB to FILE` + proofSuffix + `; with
both and --block FILE the row is checked where the log is not:

  sqleuth verify DIR LOG --finding 4711 --out block
  sqleuth verify DIR --finding 4711 --block block

A redacted export is held against the manifest of the export that is not redacted,
if both were made with the same --redact-key:

  sqleuth verify REDACTED --against FULL/manifest.json

Exit status: 0 nothing differs; 1 something does; 3 nothing does, but not all
could be checked, such as the analysis of another version of the program, or what
has come to a log since.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("verify: name the folder of an export, and its logs")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f := cmd.Flags()
			switch {
			case f.Changed("finding") && v.finding < 1:
				return usagef("--finding %d: give a number from the column entry of evidence.csv", v.finding)
			case (v.out != "" || v.block != "") && !f.Changed("finding"):
				return usagef("verify: --out and --block are about one row: name it with --finding")
			case v.out != "" && v.block != "":
				return usagef("verify: give --out to write a block, or --block to check one")
			case v.block != "" && len(args) > 1:
				return usagef("verify: --block is for where the log is not; leave one of both away")
			case v.finding > 0 && v.block == "" && len(args) == 1:
				return usagef("verify: name the log too, or --block FILE with the blocks that the row is in")
			case len(args)-1 > logfile.MaxFiles:
				return usagef("verify: %d logs given, at most %d are read at once", len(args)-1, logfile.MaxFiles)
			}
			var err error
			if v.p, err = newProgress(io.err, v.progress); err != nil {
				return err
			}
			return v.run(cmd.Context(), args[0], args[1:])
		},
	}
	cmd.Flags().Int64Var(&v.finding, "finding", 0, "derive the row of one entry again: its `NUMBER` in evidence.csv")
	cmd.Flags().StringVar(&v.out, "out", "", "with --finding: write the blocks of the log that the row is in to `FILE`, and the proof beside it")
	cmd.Flags().StringVar(&v.block, "block", "", "with --finding: check the row by the blocks in `FILE` and the proof beside it, without the log")
	cmd.Flags().StringVar(&v.other, "against", "", "hold the rows of the evidence against the manifest in `FILE` too, that of the export that is not redacted")
	addProgress(cmd.Flags(), &v.progress)
	return cmd
}

func (v *verifier) run(ctx context.Context, dir string, paths []string) error {
	e, err := verify.Open(dir)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "sqleuth-verify-")
	if err != nil {
		return fmt.Errorf("verify: no folder for temporary files: %w; name one in the environment's TMPDIR", err)
	}
	defer os.RemoveAll(temp)
	defer v.p.done()
	if err := v.check(ctx, e, paths, temp); err != nil {
		if ctx.Err() == nil {
			err = errors.Join(v.print(), err)
		}
		return err
	}
	return v.tell()
}

// check checks what was asked for. After an error the result is what was found until then.
func (v *verifier) check(ctx context.Context, e *verify.Export, paths []string, temp string) (err error) {
	v.p.line("hash the files of the export")
	if err := e.Folder(ctx, &v.result); err != nil {
		return err
	}
	switch {
	case v.block != "":
		err = v.proved(ctx, e)
	case len(paths) == 0 && v.other != "":
	case len(paths) == 0:
		if err := e.Commitments(nil, &v.result); err != nil {
			return err
		}
		v.result.NotDone = append(v.result.NotDone, "no log was named: neither it nor the evidence nor the analysis was checked")
	default:
		err = v.against(ctx, e, paths, temp)
	}
	if err != nil {
		return err
	}
	if v.other != "" {
		other, err := verify.OpenManifest(v.other)
		if err != nil {
			return fmt.Errorf("--against: %w", err)
		}
		if err := e.Commitments(other, &v.result); err != nil {
			return err
		}
	}
	return nil
}

// print prints what was found.
func (v *verifier) print() error {
	v.p.done()
	r := &v.result
	var out strings.Builder
	for _, text := range r.Passed {
		fmt.Fprintln(&out, "ok:", printable(text))
	}
	for _, d := range r.Differences {
		fmt.Fprintln(&out, printable(d.String()))
	}
	for _, text := range r.NotDone {
		fmt.Fprintln(&out, "not checked:", printable(text))
	}
	if len(r.Differences) == 0 && len(r.NotDone) == 0 {
		fmt.Fprintln(&out, "Nothing differs.")
	}
	_, err := io.WriteString(v.stdio.out, out.String())
	return err
}

// tell prints what was found, and returns what the exit status is about.
func (v *verifier) tell() error {
	if err := v.print(); err != nil {
		return err
	}
	r := &v.result
	switch n := len(r.Differences); {
	case n == 1:
		return errors.New("verify: one thing is not as the export says")
	case n > 1:
		return fmt.Errorf("verify: %d things are not as the export says", n)
	case len(r.NotDone) > 0:
		return notComparedError{r.NotDone}
	}
	return nil
}

// against checks an export, or one row of it, against its logs.
func (v *verifier) against(ctx context.Context, e *verify.Export, paths []string, temp string) error {
	v.p.line("hash the logs")
	logs, err := e.HashLogs(ctx, paths, v.in, temp)
	if err != nil {
		return err
	}
	a := verify.Analysis{Version: version, Step: v.p.line, Event: v.p.event}
	a.Config, a.Files, a.Err = configOf(e)
	if v.finding == 0 {
		return e.Against(ctx, logs, a, &v.result)
	}
	all := e.Logs(logs, &v.result)
	var o *verify.Opened
	if v.out != "" {
		o, err = e.OpenLogs(ctx, logs, a.Files, &v.result)
	} else {
		o, err = e.Repeat(ctx, logs, all, a, &v.result)
	}
	if err != nil || o == nil {
		return err
	}
	defer o.Close()
	switch {
	case v.out != "":
		return v.prove(ctx, e, o.Text, paths)
	case o.Done != nil:
		return e.Finding(ctx, o.Done, v.finding, &v.result)
	}
	return e.Place(ctx, o.Text, v.finding, &v.result)
}

// prove writes the blocks that an entry is in, and the proof of them.
func (v *verifier) prove(ctx context.Context, e *verify.Export, text verify.Text, logs []string) error {
	blocks, proof, err := e.Prove(ctx, text, v.finding)
	if err != nil {
		return err
	}
	files := []struct {
		wholefile.Target
		data []byte
	}{{wholefile.Target{Path: v.out, Reads: logs}, blocks}, {wholefile.Target{Path: v.out + proofSuffix, Reads: logs}, proof}}
	for _, f := range files { // neither is written where the other is there
		if err := f.Check(); errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("--out %q: %w; name another", f.Path, err)
		} else if err != nil {
			return fmt.Errorf("--out %q: %w", f.Path, err)
		}
	}
	for _, f := range files {
		err := f.Write(func(w io.Writer) error {
			_, err := w.Write(f.data)
			return err
		})
		if err != nil {
			return fmt.Errorf("--out %q: %w", f.Path, err)
		}
	}
	v.result.Passed = append(v.result.Passed, fmt.Sprintf("the blocks of entry %d are in %q, the proof in %q", v.finding, v.out, v.out+proofSuffix))
	return nil
}

// proved checks a row by its blocks and their proof.
func (v *verifier) proved(ctx context.Context, e *verify.Export) error {
	blocks, err := os.Open(v.block)
	if err != nil {
		return fmt.Errorf("--block %q: %w", v.block, wording.Pathless(err))
	}
	defer blocks.Close()
	proof, err := os.ReadFile(v.block + proofSuffix)
	if err != nil {
		return fmt.Errorf("--block %q: the proof beside it: %w", v.block, wording.Pathless(err))
	}
	part, err := e.Proved(v.finding, blocks, proof, &v.result)
	if err != nil || part == nil {
		return err
	}
	if e.Compares(version) != "" {
		return nil
	}
	cfg, _, err := configOf(e)
	if err != nil {
		return err
	}
	if _, _, err := e.Configure(&cfg, nil); err != nil {
		return err
	}
	return e.Alone(ctx, part, cfg, v.finding, &v.result)
}

// configOf returns the configuration in the options of a manifest, without what the
// export carries along.
func configOf(e *verify.Export) (cfg pipeline.Config, files logfile.Options, err error) {
	cfg = pipeline.DefaultConfig()
	cfg.Reading = e.Manifest.Reading
	cfg.Params.Keep = export.KeptTrees
	cfg.Drain = drain.Config{}
	var tz, expanded, baseline string
	for _, o := range []struct {
		name string
		to   any
	}{
		{"seed", &cfg.Params.Seed}, {"contamination", &cfg.Params.Contamination}, {"trees", &cfg.Params.Trees},
		{"depth", &cfg.Drain.Depth}, {"similarity", &cfg.Drain.Similarity}, {"max_children", &cfg.Drain.MaxChildren}, {"masks", &cfg.Drain.Masks},
		{"tz", &tz}, {"max_expanded", &expanded}, {"baseline", &baseline},
	} {
		if err := option(e.Manifest.Options, o.name, o.to); err != nil {
			return cfg, files, err
		}
	}
	fail := func(name string, err error) (pipeline.Config, logfile.Options, error) {
		return cfg, files, fmt.Errorf("%s: option %s: %w", export.ManifestName, name, err)
	}
	if err := cfg.Params.Check(); err != nil {
		return fail("of a model", err)
	}
	if _, err := drain.New(cfg.Drain); err != nil {
		return fail("of Drain", err)
	}
	if cfg.Zone, err = pipeline.ParseZone(tz); err != nil {
		return fail("tz", err)
	}
	if files.MaxExpanded, err = size(expanded); err != nil {
		return fail("max_expanded", err)
	}
	cfg.Baseline.Files = files
	if baseline != "" {
		if cfg.Baseline.From, cfg.Baseline.To, err = filter.Period(baseline); err != nil {
			return fail("baseline", err)
		}
	}
	return cfg, files, nil
}

// option puts the value of an option into what to points at; one that is not there
// leaves it as it is.
func option(list []export.Option, name string, to any) error {
	for _, o := range list {
		if o.Name != name {
			continue
		}
		text, err := json.Marshal(o.Value)
		if err == nil {
			err = json.Unmarshal(text, to)
		}
		if err != nil {
			return fmt.Errorf("%s: option %s: %w", export.ManifestName, name, err)
		}
	}
	return nil
}
