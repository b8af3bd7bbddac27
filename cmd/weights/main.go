// Weights chooses the weights of analysis/suspicion from logs with labels, and reports
// how well each log is ranked by weights that were chosen without it, and what labels
// teach.
//
//	weights [-measure DIR]... DIR...
//
// Each folder holds a log and its labels, as evaluation.ReadCapture wants them; logs of
// -measure are measured, and no weight is fitted to them. Standard output gets the
// tables, in Markdown, then the weights as Go.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"sqleuth/analysis/evaluation"
	"sqleuth/analysis/suspicion"
)

func main() {
	var measured []string
	flag.Func("measure", "measure the log of a folder without fitting weights to it: `DIR`, repeatable", func(dir string) error {
		measured = append(measured, dir)
		return nil
	})
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := run(context.Background(), out, flag.Args(), measured)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "weights:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, dirs, measured []string) error {
	var all []*evaluation.Capture
	for _, dir := range slices.Concat(dirs, measured) {
		c, err := evaluation.ReadCapture(ctx, dir)
		if err != nil {
			return err
		}
		defer c.Close()
		all = append(all, c)
	}
	captures, others := all[:len(dirs)], all[len(dirs):]
	fitted, err := evaluation.Fit(ctx, captures)
	if err != nil {
		return err
	}
	if err := evaluation.Table(ctx, out, captures, others, fitted); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nBias: %.2f,\n", fitted.All.Bias)
	for k, w := range fitted.All.Kinds {
		fmt.Fprintf(out, "%-18s %.2f,\n", suspicion.Kind(k).String()+":", w)
	}
	return nil
}
