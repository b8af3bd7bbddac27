package report

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
)

// printed cuts what the notebook printed into the blocks that a report has to
// hold: each print call with its lines. What the preprocessing prints of the lines
// it skips, and a line that shows how printing works, are no figures.
func printed(t *testing.T, path string) []string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for line := range strings.Lines(string(raw)) {
		switch {
		case strings.HasPrefix(line, "Skipping: "), strings.HasPrefix(line, "skipping '"):
			continue
		case line == "this will print\n":
			continue
		case strings.HasPrefix(line, "   action  table"), strings.HasPrefix(strings.TrimLeft(line, " "), "count "),
			line == "Classification Report:\n":
			blocks = append(blocks, "")
		case strings.Trim(line, "0123456789") == "\n":
			if last := blocks[len(blocks)-1]; strings.HasSuffix(last, "\n\n") {
				blocks = append(blocks, "")
			}
		}
		blocks[len(blocks)-1] += line
	}
	return blocks
}

// ties sorts neighbours of a block of pairs whose counts are equal: pandas
// leaves their order open.
func ties(block string) string {
	if !strings.HasPrefix(block, "   action  table") {
		return block
	}
	lines := strings.SplitAfter(strings.TrimSuffix(block, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	count := func(line string) string {
		f := strings.Fields(line)
		return f[len(f)-1]
	}
	for i := 1; i < len(lines); {
		j := i
		for j < len(lines) && count(lines[j]) == count(lines[i]) {
			j++
		}
		slices.Sort(lines[i:j])
		i = j
	}
	return strings.Join(lines, "")
}

// What the notebook prints is in the report of its reading, byte for byte and in
// its order.
func TestNotebookPrints(t *testing.T) {
	for _, c := range []struct{ name, log, labels, folder string }{
		{"synthetic", reference + "synthetic/general.log.gz", reference + "synthetic/labels.csv", reference + "synthetic/"},
		{"wordpress-bruteforce", wordpress + "general.log.gz", wordpress + "labels.csv", reference + "wordpress-bruteforce/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			blocks := printed(t, c.folder+"stdout.txt")
			if len(blocks) != 6 {
				t.Fatalf("%d blocks in %sstdout.txt, want 6", len(blocks), c.folder)
			}
			rest := text(t, load(t, reading.Notebook, c.log, c.labels), Options{Version: "0.0.0"})
			matrices(t, c.folder, rest)
			if at := strings.Index(rest, "   action  table"); at >= 0 {
				end := at + strings.Index(rest[at:], "\n\n") + 1
				rest = rest[:at] + ties(rest[at:end]) + rest[end:]
			}
			for i, block := range blocks {
				block = ties(block)
				at := strings.Index("\n"+rest, "\n"+block)
				if at < 0 {
					t.Fatalf("block %d is not in the report, or too early:\n%s\nthe report goes on:\n%.3000s", i+1, block, rest)
				}
				rest = rest[at+len(block):]
			}
		})
	}
}

// matrices checks that both heat maps of both models are in a report, in the
// notebook's order.
func matrices(t *testing.T, folder, report string) {
	t.Helper()
	rest := strings.Join(strings.Fields(report), " ")
	for _, file := range []string{"iforest.json", "rforest.json"} {
		model := readJSON(t, folder+file)
		for _, m := range []struct {
			title, member, format string
			scale                 float64
		}{
			{"Counts", "confusion_matrix", "%.0f", 1},
			{"Percentages", "confusion_matrix_normalised", "%.2f%%", 100},
		} {
			cell := func(i, j int) string {
				return fmt.Sprintf(m.format, model[m.member].([]any)[i].([]any)[j].(float64)*m.scale)
			}
			want := "Confusion Matrix with " + m.title + " Predicted Normal Predicted Anomaly" +
				" Actual Normal " + cell(0, 0) + " " + cell(0, 1) + " Actual Anomaly " + cell(1, 0) + " " + cell(1, 1)
			at := strings.Index(rest, want)
			if at < 0 {
				t.Errorf("%s: the report does not hold, or too early: %s", file, want)
				continue
			}
			rest = rest[at+len(want):]
		}
	}
}

func TestNotebookSaysWhatItIs(t *testing.T) {
	s := load(t, reading.Notebook, reference+"synthetic/general.log.gz", reference+"synthetic/labels.csv")
	got := strings.Join(strings.Fields(text(t, s, Options{})), " ")
	for _, sentence := range []string{libraries, swapped, "The last entry of a file is not counted", "the seed here, 42, is ours", "the notebook itself would stop"} {
		if !strings.Contains(got, sentence) {
			t.Errorf("the report does not say: %s", sentence)
		}
	}
	if got := text(t, load(t, reading.Correct, wordpress+"sample.log", ""), Options{}); strings.Contains(got, "swapped") || strings.Contains(got, "pandas") {
		t.Error("the default reading speaks of the notebook's libraries")
	}
}
