package report

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/count"
)

// The rules of pandas' FloatArrayFormatter (pandas 1.5.3,
// pandas/io/formats/format.py), worked out by hand.
func TestFormatFloats(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		values []float64
		want   []string
	}{
		{[]float64{3, 17585}, []string{" 3.0", " 17585.0"}},
		{[]float64{41, 5847.83}, []string{" 41.00", " 5847.83"}},
		{[]float64{1.0 / 3, 2}, []string{" 0.333333", " 2.000000"}},
		{[]float64{nan, 0}, []string{"NaN", " 0.0"}},
		{[]float64{nan}, []string{"NaN"}},
		// Long and above a million: the exponent form, without trimming.
		{[]float64{5166745.7861234, 2}, []string{" 5.166746e+06", " 2.000000e+00"}},
		// Long only before its zeros went, or not above a million.
		{[]float64{51667450, 2}, []string{" 51667450.0", " 2.0"}},
		{[]float64{999999.123456}, []string{" 999999.123456"}},
		// Too small for six decimals.
		{[]float64{1e-7, 1}, []string{" 1.000000e-07", " 1.000000e+00"}},
	} {
		if got := formatFloats(c.values); !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}

func TestFrameCutsLongCells(t *testing.T) {
	long := strings.Repeat("x", frameCell+1)
	pairs := []count.Pair{{Action: "SELECT", Table: long, Count: 2}, {Action: "-", Table: "-", Count: 1}}
	var b bytes.Buffer
	pairFrame(pairs, 10).write(&page{w: &b})
	lines := strings.Split(b.String(), "\n")
	// 996 because a text has a space in front, and a cell has one more.
	want := "1  SELECT  " + strings.Repeat("x", frameCell-4) + "...  2     "
	if lines[1] != want {
		t.Errorf("got %q\nwant %q", lines[1], want)
	}
	if n := len(lines[0]); n != len(want) {
		t.Errorf("header has %d columns, want %d", n, len(want))
	}
}

func TestParagraph(t *testing.T) {
	var b bytes.Buffer
	p := &page{w: &b}
	p.wrap("- ", strings.Repeat("word ", 40)+strings.Repeat("é", 200)+" end")
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, l := range lines {
		if n := len([]rune(l)); n > width {
			t.Errorf("line %d has %d columns", i+1, n)
		}
		if want := map[bool]string{true: "- ", false: "  "}[i == 0]; !strings.HasPrefix(l, want) {
			t.Errorf("line %d begins %q, want %q", i+1, l[:2], want)
		}
	}
	joined := strings.Join(lines, "")
	if n := strings.Count(joined, "é"); n != 200 {
		t.Errorf("%d of 200 characters of the long word are left", n)
	}
	if n := strings.Count(joined, "word"); n != 40 || !strings.HasSuffix(joined, " end") {
		t.Errorf("%d of 40 words are left, the end is %q", n, joined[len(joined)-6:])
	}
}

// pandas prints ten rows of a long frame; a report prints all and states that.
func TestLongFrameIsWhole(t *testing.T) {
	for _, rows := range []int{pandasRows, pandasRows + 1} {
		list := make([]count.Threshold, rows)
		for i := range list {
			list[i] = count.Threshold{Text: "t", Count: 1, Std: math.NaN()}
		}
		var b bytes.Buffer
		writeThresholdFrame(&page{w: &b}, "table", list)
		if n := strings.Count(b.String(), "\nt "); n != rows {
			t.Errorf("%d rows of %d", n, rows)
		}
		if said := strings.Contains(b.String(), "pandas would print ten"); said != (rows > pandasRows) {
			t.Errorf("%d rows: said that pandas cuts them: %v", rows, said)
		}
	}
}
