package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pandascsv"
)

func newDrain(io stdio) *cobra.Command {
	var flags drainFlags
	var mode string
	cmd := &cobra.Command{
		Use:   "drain [flags] [FILE]",
		Short: "Mine templates from any text, a message a line",
		Long: `drain reads a message a line from FILE or standard input and writes CSV with
LineId, EventId, EventTemplate and ParameterList, equal to what logparser's
Drain gives with the same parameters. Cells are written as they stand in the
text; a spreadsheet may run some of them as formulas.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("drain takes one file, got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := flags.config(cmd.Flags())
			if err != nil {
				return err
			}
			p, err := newProgress(io.err, mode)
			if err != nil {
				return err
			}
			defer p.done()
			path := "-"
			if len(args) == 1 {
				path = args[0]
			}
			set, err := logfile.Open([]string{path}, logfile.Options{Stdin: io.in})
			if err != nil {
				// Any text will do here, not only a log.
				return fmt.Errorf("%s; name a text file, or - for standard input", strings.Replace(err.Error(), "open log ", "open text ", 1))
			}
			defer set.Close()
			if err := mine(cmd.Context(), cfg, set, io.out, p); err != nil {
				return err
			}
			warn(io.err, set)
			return nil
		},
	}
	flags.add(cmd.Flags())
	addProgress(cmd.Flags(), &mode)
	return cmd
}

// Bounds of the text: how long a line may be, and how many templates of how much
// text are kept apart. The last template takes what comes behind.
const (
	maxLine         = 64 << 20
	maxClusters     = 1 << 21
	maxClusterBytes = 512 << 20
)

// mine reads the text twice: a template is known only after the last line.
func mine(ctx context.Context, cfg drain.Config, set *logfile.Set, out io.Writer, p *progress) error {
	cfg.MaxClusters, cfg.MaxBytes = maxClusters, maxClusterBytes
	miner, err := drain.New(cfg)
	if err != nil {
		return usageError{err}
	}
	path := set.Files()[0].Name
	var clusters []int32
	var rest []byte
	var end int64
	err = set.Read(ctx, func(b *logfile.Block) error {
		defer b.Release()
		end = b.Offset + int64(len(b.Data))
		rest = append(rest, b.Data...)
		used := 0
		for {
			nl := bytes.IndexByte(rest[used:], '\n')
			if nl < 0 {
				break
			}
			clusters = append(clusters, miner.Add(message(rest[used:used+nl])))
			used += nl + 1
		}
		rest = append(rest[:0], rest[used:]...)
		if len(rest) > maxLine {
			return fmt.Errorf("%q: line %d is longer than %d MiB; is this a text file?", path, len(clusters)+1, maxLine>>20)
		}
		done, total := set.Progress()
		if total > 0 {
			p.line(fmt.Sprintf("mine %3.0f %%", 100*float64(done)/float64(total)))
		}
		return nil
	})
	if damage := set.Files()[0].Damage; errors.Is(err, logfile.ErrEmpty) && len(damage) > 0 {
		return fmt.Errorf("%q: nothing could be read: %v", set.Files()[0].Name, damage[0])
	}
	if err != nil && !errors.Is(err, logfile.ErrEmpty) {
		return err
	}
	if len(rest) > 0 {
		clusters = append(clusters, miner.Add(message(rest)))
	}
	p.done()
	return writeMined(ctx, miner.Snapshot(), clusters, io.NewSectionReader(set, 0, end), out)
}

// message is a line without the rest of its line end.
func message(line []byte) []byte { return bytes.TrimSuffix(line, []byte{'\r'}) }

func writeMined(ctx context.Context, s drain.Snapshot, clusters []int32, text io.Reader, out io.Writer) error {
	events, of := s.Events()
	extractors := make([]*drain.Extractor, len(events))
	buffered := bufio.NewWriterSize(out, 1<<16)
	w := pandascsv.NewWriter(buffered)
	if err := w.Row("LineId", "EventId", "EventTemplate", "ParameterList"); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(text, 1<<20)
	var list []byte
	for i, cluster := range clusters {
		if i&0xFFF == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, err := lines.ReadBytes('\n')
		if err != nil && !(errors.Is(err, io.EOF) && i == len(clusters)-1) {
			return fmt.Errorf("read the text again at line %d: %w", i+1, err)
		}
		k := of[cluster]
		if extractors[k] == nil {
			extractors[k] = drain.NewExtractor(events[k].Template)
		}
		list = extractors[k].AppendPyRepr(list[:0], message(bytes.TrimSuffix(line, []byte{'\n'})))
		w.AppendInt(int64(i) + 1)
		w.AppendField(events[k].ID)
		w.AppendField(events[k].Template)
		w.AppendField(string(list))
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return buffered.Flush()
}
