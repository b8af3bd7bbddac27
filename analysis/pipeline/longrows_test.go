package pipeline

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/tablelog/tabletest"
)

// longRows are rows of which some are longer than a limit, just longer and just not,
// with what looks like
// the end of a row, and of some the start of another, on both sides of it.
func longRows(limit int) [][]string {
	rng := rand.New(rand.NewPCG(3, 9))
	marks := []string{"'", `"`, `\`, `\\`, "\n", "\r\n", "),(", "); ", "*/", "{", "}", "[", "\",0\n", "',0\n", "] [", "`", ", "}
	forged := append([]string{" |\n| 2024-07-10 05:25:05.058758 | x ", " |\n+", "\n*************************** 2. row ***************************\n  event_time: 2024", "\n2 rows in set (0.00 sec)\n"}, marks...)
	var rows [][]string
	for i, n := range []int{10, limit, 40, limit + 10_000, 0, limit * 3, 20, limit + 30_000, limit - 300, limit - 60, 30, 2*limit + 9000} {
		var text strings.Builder
		for text.Len() < n {
			switch {
			case rng.IntN(12) > 0:
				text.WriteString("a long statement ")
			case i%3 == 2: // forms that escape nothing are cut there
				text.WriteString(forged[rng.IntN(len(forged))])
			default:
				text.WriteString(marks[rng.IntN(len(marks))])
			}
		}
		rows = append(rows, []string{fmt.Sprintf("2024-07-10 05:25:%02d.058758", i), "root[root] @ localhost []", fmt.Sprint(i + 7), "1", "Query", text.String()})
	}
	return rows
}

// A row is long by its length alone: wherever a dump with long rows is cut, in any
// form, it has the same rows, heads and counts.
func TestLongRowsAreCutAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	const limit = 6000
	rows := longRows(limit)
	wide := func(n int) []int { return []int{26, 25, 9, 9, 12, n} }
	forms := append(tabletest.Forms(wide(40)), tabletest.Lines...)
	whole := tabletest.Forms(wide(2*limit + 40_000))[3]
	whole.Name = "drawn, wider than the limit"
	for _, form := range append(forms, whole) {
		log := form.Dump(rows)
		table, verdict := tablelog.Recognise([]byte(form.Header+form.Row(rows[0])+form.Footer), true)
		if verdict != tablelog.Table {
			t.Fatalf("%s: not recognised", form.Name)
		}
		want := toldAs(t, reading.Correct, &table, log, nil, limit)
		if n := strings.Count(want, " true Query"); n < 4 {
			t.Errorf("%s: %d long rows", form.Name, n)
		}
		check := func(ends blocks) {
			t.Helper()
			same(t, form.Name, toldAs(t, reading.Correct, &table, log, ends, limit), want, ends[:min(len(ends), 5)])
		}
		for _, size := range []int{7, 100, 1000, 4096, limit, 20_000, 50_000} {
			var ends blocks
			for at := size; at < len(log); at += size {
				ends = append(ends, at)
			}
			check(ends)
		}
		rng := rand.New(rand.NewPCG(1, limit))
		for range 60 * *moreCuts {
			var ends blocks
			for at := rng.IntN(3000); at < len(log); at += 1 + rng.IntN(1<<(4+rng.IntN(13))) {
				ends = append(ends, at)
			}
			check(ends)
		}
	}
}
