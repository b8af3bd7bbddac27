package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/export"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// analysisFlags are the flags of every command that analyses a log.
type analysisFlags struct {
	labels      string
	notebook    bool
	seed        uint32
	zone        string
	maxExpanded string
	useCase     bool
	progress    string
	drain       drainFlags
	rules       ruleFlags
	baseline    string
	baselineLog []string
	servers     serverFlags
	chosen      bool // servers are what was chosen in the terminal, and name all logs
	recalled    bool // at an earlier start, for files of these sizes
	model       string
	notices     []string // of the rules' files
	elsewhere   map[string]string

	contamination float64
	trees         int
}

func (f *analysisFlags) add(flags *pflag.FlagSet) {
	p := pipeline.DefaultParams()
	flags.StringVar(&f.labels, "labels", "", "labels `FILE` with a header that has id and class")
	flags.BoolVar(&f.notebook, "notebook", false, "read the log as the notebook does, quirks included")
	flags.Uint32Var(&f.seed, "seed", p.Seed, "seed `N` of the split and both forests (--notebook: of the Isolation Forest only)")
	flags.Float64Var(&f.contamination, "contamination", p.Contamination, "share `X` of entries that the Isolation Forest flags")
	flags.IntVar(&f.trees, "trees", p.Trees, "`N` trees in each forest")
	flags.StringVar(&f.zone, "tz", "", "time `ZONE` of logs that do not name one, such as Europe/Berlin or +02:00")
	flags.StringVar(&f.maxExpanded, "max-expanded", "", "stop reading after this `SIZE` of decompressed text, such as 20G")
	flags.StringVar(&f.baseline, "baseline", "", "quiet period of the log that the rest is compared with, `FROM..TO` as times are shown")
	flags.StringArrayVar(&f.baselineLog, "baseline-log", nil, "`FILE` with the log of another day that the log is compared with (repeatable)")
	f.servers.add(flags)
	flags.StringVar(&f.model, "model", "", "apply the model in `FILE`, of sqleuth model save, instead of learning from labels")
	f.drain.add(flags)
	f.rules.add(flags)
	flags.StringArrayVar(&f.rules.site, "site", nil, "what the site knows of itself: `FILE` of filters and known principals (repeatable)")
}

func addProgress(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "progress", "auto", "`WHEN` progress is shown on standard error: auto (on a terminal), always or never")
}

// drainFlags are the parameters of the template miner.
type drainFlags struct {
	depth, maxChildren int
	similarity         float64
	masks              []string
}

func (f *drainFlags) add(flags *pflag.FlagSet) {
	d := drain.DefaultConfig()
	flags.IntVar(&f.depth, "depth", d.Depth, "depth `N` of Drain's tree")
	flags.Float64Var(&f.similarity, "similarity", d.Similarity, "share `X` of words that must agree for a statement to join a template")
	flags.IntVar(&f.maxChildren, "max-children", d.MaxChildren, "at most `N` children of a node of Drain's tree")
	flags.StringArrayVar(&f.masks, "mask", nil, "`REGEXP` whose matches become <*> (repeatable, replaces the default masks; one empty mask: none)")
}

func (f *drainFlags) config(flags *pflag.FlagSet) (drain.Config, error) {
	c := drain.Config{Depth: f.depth, Similarity: f.similarity, MaxChildren: f.maxChildren, Masks: drain.DefaultMasks()}
	if flags.Changed("mask") {
		c.Masks = f.masks
	}
	if _, err := drain.New(c); err != nil { // which names what the flags do
		of := strings.TrimPrefix(err.Error(), "drain: ")
		return c, usagef("--%s", strings.Replace(of, "max children", "max-children", 1))
	}
	return c, nil
}

// config checks the flags and turns them into a configuration.
func (f *analysisFlags) config(cmd *cobra.Command) (pipeline.Config, logfile.Options, error) {
	cfg, files := pipeline.DefaultConfig(), logfile.Options{}
	fail := func(err error) (pipeline.Config, logfile.Options, error) { return cfg, files, err }
	var err error
	f.elsewhere = elsewhere(settingsOf(cmd))
	if f.notebook {
		cfg.Reading = reading.Notebook
	}
	cfg.Params = f.params()
	if err := cfg.Params.Check(); err != nil {
		return fail(usagef("--%w", err))
	}
	if cfg.Drain, err = f.drain.config(cmd.Flags()); err != nil {
		return fail(err)
	}
	if cfg.Zone, err = pipeline.ParseZone(f.zone); err != nil {
		return fail(err)
	}
	if cfg.Detect.Rules, f.notices, err = f.rules.set(); err != nil {
		return fail(err)
	}
	if files.MaxExpanded, err = size(f.maxExpanded); err != nil {
		return fail(err)
	}
	if cfg.Model, err = f.readModel(); err != nil {
		return fail(err)
	}
	cfg.Baseline = pipeline.Baseline{Logs: f.baselineLog, Files: files}
	if f.baseline != "" {
		if cfg.Baseline.From, cfg.Baseline.To, err = filter.Period(f.baseline); err != nil {
			return fail(usagef("--baseline %s: %w", f.baseline, err))
		}
	}
	for _, path := range f.baselineLog {
		if path == "-" {
			return fail(usagef("--baseline-log -: standard input is for the log; name a file"))
		}
	}
	return cfg, files, nil
}

// params are the parameters of the models.
func (f *analysisFlags) params() model.Params {
	return model.Params{Seed: f.seed, Contamination: f.contamination, Trees: f.trees}
}

// options lists the settings that the figures depend on, for the manifest.
func (f *analysisFlags) options(cfg pipeline.Config) []export.Option {
	list := []export.Option{
		{Name: "seed", Value: f.seed}, {Name: "contamination", Value: f.contamination}, {Name: "trees", Value: f.trees},
		{Name: "depth", Value: cfg.Drain.Depth}, {Name: "similarity", Value: cfg.Drain.Similarity},
		{Name: "max_children", Value: cfg.Drain.MaxChildren}, {Name: "masks", Value: cfg.Drain.Masks},
		{Name: "tz", Value: f.zone}, {Name: "max_expanded", Value: f.maxExpanded},
		{Name: "model", Value: f.model}, {Name: "baseline", Value: f.baseline}, {Name: "baseline_log", Value: append([]string{}, f.baselineLog...)},
		{Name: "rules", Value: append([]string{}, f.rules.dirs...)}, {Name: "site", Value: append([]string{}, f.rules.site...)}, {Name: "no_config", Value: f.rules.noConfig},
	}
	if len(f.servers) > 0 {
		list = append(list, export.Option{Name: "server", Value: []string(f.servers)})
	}
	if len(f.elsewhere) > 0 { // of the options above
		list = append(list, export.Option{Name: "not_by_flag", Value: f.elsewhere})
	}
	return list
}

// recall takes the servers that were chosen in the terminal for logs, unless flags name some.
func (f *analysisFlags) recall(plain []string) {
	if len(f.servers) == 0 && !f.chosen {
		f.servers, f.chosen = chosenServers(plain)
		f.recalled = len(f.servers) > 0
	}
}

// logs returns all logs of a command line, with the servers that were chosen for them where
// the case is taken into account and no flag names any.
func (f *analysisFlags) logs(plain []string) (givenLogs, error) {
	if f.useCase {
		f.recall(plain)
	}
	chosen := f.chosen && len(f.servers) > 0
	if chosen {
		plain = nil
	}
	given, err := f.servers.logs(plain)
	given.chosen = chosen
	return given, err
}

// reads lists logs and what is read beside them, none of which an export may replace.
func (f *analysisFlags) reads(logs []string) ([]string, error) {
	dir, err := casefile.DefaultDir()
	if err != nil && f.useCase {
		return nil, err
	}
	return slices.Concat(logs, []string{f.labels, f.model, dir}, f.baselineLog, f.rules.dirs, f.rules.site), nil
}

// flagError names what a flag takes instead of how its text could not be parsed.
func flagError(cmd *cobra.Command, err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usagef("--%s %s: give %s", bad.GetFlag().Name, bad.GetValue(), wanted(bad.GetFlag()))
	}
	if bare, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return usagef("--%s: give %s", bare.GetFlag().Name, wanted(bare.GetFlag()))
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var others []string
		for _, c := range cmd.Root().Commands() {
			if c != cmd && c.Flags().Lookup(unknown.GetSpecifiedName()) != nil {
				others = append(others, c.CommandPath())
			}
		}
		if len(others) > 0 {
			return usagef("%w, which is a flag of %s", err, strings.Join(others, ", "))
		}
	}
	return usageError{err}
}

// wanted names what a flag takes.
func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "uint32":
		return fmt.Sprintf("a whole number from 0 to %d", uint32(math.MaxUint32))
	case "int":
		return "a whole number such as " + f.DefValue
	case "float64":
		return "a number such as " + f.DefValue
	case "bool":
		return "true or false, or leave the value away"
	}
	name, usage := pflag.UnquoteUsage(f)
	return "a " + name + " (" + usage + ")"
}

var sizeText = regexp.MustCompile(`^(\d+(?:\.\d+)?)([kKmMgGtT]?)(?:i?[bB])?$`)

// size reads a number of bytes with an optional unit of 1024; empty is 0.
func size(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	m := sizeText.FindStringSubmatch(text)
	if m == nil {
		return 0, usagef("--max-expanded %s: give a size such as 500M or 20G", text)
	}
	v, _ := strconv.ParseFloat(m[1], 64)
	shift := map[string]int{"": 0, "k": 10, "K": 10, "m": 20, "M": 20, "g": 30, "G": 30, "t": 40, "T": 40}[m[2]]
	v *= float64(int64(1) << shift)
	if v < 1 || v > math.MaxInt64/2 {
		return 0, usagef("--max-expanded %s: give a size from 1 byte to some exabytes", text)
	}
	return int64(v), nil
}
