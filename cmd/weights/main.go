// Weights chooses the weights of analysis/suspicion from logs with labels, and says how
// well each log is ranked by weights that were chosen without it.
//
//	weights DIR...
//
// Each folder holds a log and its labels, as evaluation.ReadCapture wants them. Standard
// output gets the table, in Markdown, then the weights as Go.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"sqleuth/analysis/evaluation"
	"sqleuth/analysis/suspicion"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	err := run(context.Background(), out, os.Args[1:])
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "weights:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, dirs []string) error {
	var captures []*evaluation.Capture
	for _, dir := range dirs {
		c, err := evaluation.ReadCapture(ctx, dir)
		if err != nil {
			return err
		}
		defer c.Close()
		captures = append(captures, c)
	}
	fitted, err := evaluation.Fit(ctx, captures)
	if err != nil {
		return err
	}
	if err := evaluation.Table(ctx, out, captures, fitted); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nBias: %.2f,\n", fitted.All.Bias)
	for k, w := range fitted.All.Kinds {
		fmt.Fprintf(out, "%-18s %.2f,\n", suspicion.Kind(k).String()+":", w)
	}
	return nil
}
