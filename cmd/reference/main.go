// Command reference compares sqleuth with files that the notebook's own
// libraries wrote, and prints a line for each comparison.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"sqleuth/analysis/reference"
)

func main() {
	dir := flag.String("reference", "testdata/reference", "folder of reference files")
	capture := flag.String("capture", "testdata/wordpress-bruteforce", "folder of the log that wordpress-bruteforce was made from")
	flag.Parse()
	total, err := reference.Run(context.Background(), *dir, reference.Logs{"wordpress-bruteforce": *capture}, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
	fmt.Printf("%d comparisons, %d differences\n", total.Comparisons, total.Differences)
	if total.Differences > 0 {
		os.Exit(1)
	}
}
