package feature

import "testing"

func texts(cells ...string) (row [4]Cell) {
	for i, c := range cells {
		row[i] = Cell{Text: c}
	}
	return row
}

func TestEncode(t *testing.T) {
	rows := []Row{
		{texts("b", "Query", "SELECT", "wp"), 3, 5},
		{texts("a", "Query", "SELECT", "wp"), 2, 0},
		{[4]Cell{{Text: "a"}, {Text: "Query"}, {Text: "SELECT"}, {Text: "NULL", Missing: true}}, 1, 7},
		{texts("b", "Query", "SELECT", "wp"), 4, 2}, // another cluster with the same text
		{[4]Cell{{Text: "a"}, {Text: "Query"}, {Text: "SELECT"}, {Text: "nan", Missing: true}}, 1, 6},
		{texts("a", "Quit", "-", "\U00010000"), 1, 8}, // behind U+FFFF by code point
		{texts("a", "Quit", "-", "\uFFFD"), 1, 9},
	}
	e := Encode(rows)
	wantTable := []string{"wp", "\uFFFD", "\U00010000", "NaN"}
	for code, c := range e.Classes[3] {
		text := c.Text
		if c.Missing {
			text = "NaN"
		}
		if text != wantTable[code] {
			t.Errorf("table code %d is %q, want %q", code, text, wantTable[code])
		}
	}
	want := []struct {
		codes        [4]int32
		count, first int
	}{
		{[4]int32{0, 0, 1, 0}, 2, 0},
		{[4]int32{0, 0, 1, 3}, 2, 6},
		{[4]int32{0, 1, 0, 1}, 1, 9},
		{[4]int32{0, 1, 0, 2}, 1, 8},
		{[4]int32{1, 0, 1, 0}, 7, 2},
	}
	if e.Matrix.Rows() != len(want) {
		t.Fatalf("%d rows, want %d", e.Matrix.Rows(), len(want))
	}
	for u, w := range want {
		if [4]int32(e.Matrix.Values[u*4:u*4+4]) != w.codes || e.Count[u] != w.count || e.First[u] != w.first {
			t.Errorf("row %d: codes %v, count %d, first %d, want %+v", u, e.Matrix.Values[u*4:u*4+4], e.Count[u], e.First[u], w)
		}
	}
	for i, r := range rows {
		for col := range 4 {
			if cell := e.Classes[col][e.Matrix.Values[int(e.Of[i])*4+col]]; cell != r.Cells[col].canonical() {
				t.Errorf("row %d, column %d: %v, want %v", i, col, cell, r.Cells[col])
			}
		}
	}
}
