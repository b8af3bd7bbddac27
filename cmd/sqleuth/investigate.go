package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/export"
	"sqleuth/analysis/follow"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/cmd/sqleuth/config"
	"sqleuth/testdata"
	"sqleuth/ui"
	"sqleuth/ui/theme"
)

// investigator is the command line of the terminal program.
type investigator struct {
	analysisFlags
	theme   string
	ascii   bool
	mouse   bool
	by      string
	shown   string
	keys    []string
	columns []string
	open    string
	tour    bool
	follow  bool

	separable bool   // see ui.Config
	notice    string // of ui.Reopening
}

func (v *investigator) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	v.analysisFlags.add(flags)
	// The case file is always used here; the flag is taken so that a command
	// line can be turned from a report into an investigation.
	flags.BoolVar(&v.useCase, "case", true, "labels and notes of the case file are always taken here")
	flags.StringVar(&v.theme, "theme", "auto", "colours: `THEME` is "+strings.Join(theme.Names(), ", ")+" (auto regards NO_COLOR)")
	flags.BoolVar(&v.ascii, "ascii", false, "draw with ASCII characters only")
	flags.StringVar(&v.by, "analyst", "", "`NAME` that labels are given under")
	flags.BoolVar(&v.mouse, "mouse", false, "clicks on rows, headers and screens, and the wheel (selecting text then needs the shift key)")
	flags.StringVar(&v.shown, "show-tz", "", "time `ZONE` that the screens show times in; files stay in UTC")
	flags.StringVar(&v.open, "open", "", "begin at a `PLACE` such as ':entries user:root /union @13:06' (Y copies it)")
	tableFlag(flags, &v.keys, "keys", "keys for what others do at first")
	tableFlag(flags, &v.columns, "columns", "columns of a list, with a width behind a colon where it is not to be its own")
	_ = flags.MarkHidden("case")
}

func newDemo(std stdio) *cobra.Command {
	var v investigator
	cmd := &cobra.Command{
		Use:   "demo [flags]",
		Short: "Investigate a real recorded incident that is built in",
		Long: `demo opens the general query log of a small WordPress host over three days, on
the second of which someone guesses the database's passwords and reads the user
table. It starts unlabelled.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(v.servers) > 0 {
				return usagef("demo: --server is for logs that you name; the built-in one is of one server")
			}
			_, err := v.investigate(cmd, std, []string{testdata.IncidentName}, ofSet(func(opts logfile.Options) (*logfile.Set, error) {
				return logfile.OpenBytes(testdata.IncidentName, testdata.Incident, opts)
			}))
			return err
		},
	}
	v.add(cmd)
	cmd.Flags().BoolVar(&v.tour, "tour", false, "be led through the incident in five minutes: who got in, when, what was taken, which accounts, the evidence")
	return cmd
}

// run investigates files, those that flags name too, until the analyst quits. Where he has
// chosen other servers for them, they are opened again.
func (v *investigator) run(cmd *cobra.Command, std stdio, plain []string) error {
	if v.follow {
		return v.runFollowed(cmd, std, plain)
	}
	given := len(v.servers) > 0
	for {
		logs, err := v.logs(plain)
		if err != nil {
			return err
		}
		v.separable = !given && !slices.Contains(logs.paths, "-")
		again, err := v.investigate(cmd, std, logs.paths, ofSet(func(opts logfile.Options) (*logfile.Set, error) {
			opts.Servers = logs.servers
			return logfile.Open(logs.paths, opts)
		}))
		if err != nil || again == nil {
			return err
		}
		v.servers, v.chosen, v.recalled, v.notice = integrity.ServerFlags(again.Servers), true, false, again.Notice
	}
}

// runFollowed investigates a log that is being written.
func (v *investigator) runFollowed(cmd *cobra.Command, std stdio, plain []string) error {
	logs, err := v.servers.logs(plain) // what is followed is the log of one server, whatever was chosen
	if err != nil {
		return err
	}
	if slices.Contains(logs.paths, "-") {
		return usagef("--follow -: what is piped in is read as it comes, without --follow; name the file that the server writes")
	}
	if several(logs.servers) {
		return usagef("--follow is for the log of one server; look at each in a terminal of its own")
	}
	_, err = v.investigate(cmd, std, logs.paths, func(opts logfile.Options, cfg pipeline.Config, export export.Options) (ui.Analysis, io.Closer, error) {
		opts.Servers = logs.servers
		log, err := follow.Open(logs.paths, opts)
		if err != nil {
			return nil, nil, err
		}
		return ui.NewFollowed(log, cfg, export), log, nil
	})
	return err
}

// opener opens a log and makes the analysis of it, which lasts until the log is closed.
type opener func(logfile.Options, pipeline.Config, export.Options) (ui.Analysis, io.Closer, error)

// ofSet opens a set of files.
func ofSet(open func(logfile.Options) (*logfile.Set, error)) opener {
	return func(opts logfile.Options, cfg pipeline.Config, export export.Options) (ui.Analysis, io.Closer, error) {
		set, err := open(opts)
		if err != nil {
			return nil, nil, err
		}
		return ui.NewAnalysis(set, cfg, export), set, nil
	}
}

// investigate shows the screens, and returns how the log is to be opened again; nil where
// the analyst has quit.
func (v *investigator) investigate(cmd *cobra.Command, std stdio, names []string, open opener) (*ui.Reopening, error) {
	cfg, opts, err := v.config(cmd)
	if err != nil {
		return nil, err
	}
	if v.open != "" {
		if err := ui.CheckLine(v.open); err != nil {
			return nil, usagef("--open: %w", err)
		}
	}
	look, err := v.look(cmd, std.out)
	if err != nil {
		return nil, err
	}
	shown, err := pipeline.ParseZone(v.shown)
	if err != nil {
		return nil, err
	}
	var labels *label.File
	if v.labels != "" {
		if labels, err = readLabels(v.labels); err != nil {
			return nil, err
		}
	}
	dir, err := casefile.DefaultDir()
	if err != nil {
		return nil, err
	}
	opts.Stdin = std.in
	reads, err := v.reads(names)
	if err != nil {
		return nil, err
	}
	cfg.Params.Keep = export.KeptTrees
	analysis, log, err := open(opts, cfg, export.Options{Version: version, Files: export.Evidence, Options: v.options(cfg), Reads: reads})
	if err != nil {
		return nil, err
	}
	defer log.Close()
	config := ui.Config{
		Analysis: analysis, Params: cfg.Params, Theme: look, Names: names,
		Labels: labels, LabelsName: v.labels, Notices: v.notices, CaseDir: dir, Mouse: v.mouse, Analyst: v.by, Getenv: os.Getenv,
		Keys: table(v.keys), Columns: table(v.columns), FirmColumns: flaggedColumns(settingsOf(cmd)), Zone: shown,
		Command: typed(cmd), Logs: cmd.Flags().Args(), Open: v.open, Tour: v.tour, Separable: v.separable, Recalled: v.recalled,
		Output: std.out,
	}
	if v.notice != "" {
		config.Notices = append(config.Notices, v.notice)
	}
	if v.chosen && len(v.servers) > 0 {
		for _, f := range v.servers {
			config.Command = append(config.Command, "--"+serverFlag+"="+f)
		}
		config.Logs = nil
	}
	if !v.rules.noConfig {
		config.TypedFile = typedFile(dir)
	}
	// When the log comes through standard input, keys come from the terminal.
	for _, n := range names {
		if n != "-" {
			continue
		}
		tty, err := os.Open("/dev/tty")
		if err != nil {
			return nil, usagef("the log comes through standard input and there is no terminal for keys: %v; use sqleuth report -", err)
		}
		defer tty.Close()
		config.Input = tty
	}
	again, err := ui.Run(cmd.Context(), config)
	if p, ok := errors.AsType[*fs.PathError](err); ok && p.Path == "/dev/tty" {
		return nil, usagef("there is no terminal to draw on (%v); use sqleuth report for text, or sqleuth export for files", err)
	}
	return again, err
}

// typedFile keeps what is typed into prompts: in $XDG_STATE_HOME, or else beside the
// folder of the case files.
func typedFile(cases string) string {
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "sqleuth", "typed.jsonl")
	}
	return filepath.Join(filepath.Dir(cases), "typed.jsonl")
}

// typed is the command line without --open, and without the logs.
func typed(cmd *cobra.Command) []string {
	words := strings.Fields(cmd.CommandPath())
	settings := settingsOf(cmd)
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if o := settings.From(f.Name); f.Name == "open" || o != (config.Origin{}) && !o.Flag {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			words = append(words, "--"+f.Name+"="+v)
		}
	})
	return words
}

// look is how the screens look, decided before the program takes the terminal.
func (v *investigator) look(cmd *cobra.Command, out io.Writer) (*theme.Theme, error) {
	name := v.theme
	if os.Getenv("NO_COLOR") != "" && settingsOf(cmd).From("theme").File != "" {
		name = theme.Auto // the environment wins over the file
	}
	o, err := theme.Detect(out, os.Getenv, name)
	if err != nil {
		return nil, err
	}
	o.ASCII = o.ASCII || v.ascii
	return theme.New(out, o), nil
}
