// Package feature turns the distinct rows of a log into the matrix that the
// models see: the template's event id, the command, the action and the table,
// each replaced by its rank among the sorted distinct texts of its column (as
// scikit-learn's LabelEncoder does).
package feature

import (
	"slices"
	"strings"

	"sqleuth/analysis/forest"
)

// Columns are the names of the features in the order of the matrix, as the
// notebook names its encoded columns.
var Columns = [4]string{"EncodedEventId", "EncodedCommand", "EncodedAction", "EncodedTable"}

// Row is one distinct row of a log before encoding.
type Row struct {
	Cells [4]Cell // event id, command, action, table
	Count int     // entries that have it
	First int     // the first of them
}

// Cell is a text, or NaN where Missing is set.
type Cell struct {
	Text    string
	Missing bool
}

// Encoding is the matrix of distinct encoded rows and the way back to them.
// Rows are sorted by their codes.
type Encoding struct {
	Matrix  forest.Matrix
	Classes [4][]Cell // by column, the cell of each code
	Of      []int32   // by row given to Encode, the row of the matrix
	Count   []int     // by row of the matrix, its entries
	First   []int     // by row of the matrix, its first entry
}

// Encode ranks the cells of each column by code point, NaN last, and merges
// rows that become equal.
func Encode(rows []Row) *Encoding {
	e := &Encoding{Of: make([]int32, len(rows))}
	codes := make([][4]int32, len(rows))
	for col := range 4 {
		rank := map[Cell]int32{}
		for _, r := range rows {
			c := r.Cells[col].canonical()
			if _, ok := rank[c]; !ok {
				rank[c] = 0
				e.Classes[col] = append(e.Classes[col], c)
			}
		}
		slices.SortFunc(e.Classes[col], Cell.compare)
		for code, c := range e.Classes[col] {
			rank[c] = int32(code)
		}
		for i, r := range rows {
			codes[i][col] = rank[r.Cells[col].canonical()]
		}
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(codes[a][:], codes[b][:]) })
	e.Matrix.Features = 4
	for k, i := range order {
		if k == 0 || codes[i] != codes[order[k-1]] {
			e.Matrix.Values = append(e.Matrix.Values, codes[i][:]...)
			e.Count = append(e.Count, 0)
			e.First = append(e.First, rows[i].First)
		}
		u := len(e.Count) - 1
		e.Of[i] = int32(u)
		e.Count[u] += rows[i].Count
		e.First[u] = min(e.First[u], rows[i].First)
	}
	return e
}

// canonical makes all NaN equal.
func (c Cell) canonical() Cell {
	if c.Missing {
		c.Text = ""
	}
	return c
}

func (c Cell) compare(d Cell) int {
	switch {
	case c.Missing && d.Missing:
		return 0
	case c.Missing:
		return 1
	case d.Missing:
		return -1
	}
	return strings.Compare(c.Text, d.Text)
}
