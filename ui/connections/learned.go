package connections

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

// unsure is the title of the column by which those come first of which the models
// know least: to label one teaches most.
const unsure = "unsure"

// keyMap is the keys that only this screen has.
var keyMap = struct{ Disagree, Unsure key.Binding }{
	Disagree: key.NewBinding(key.WithKeys("D"), key.WithHelp("D", "model and you disagree")),
	Unsure:   key.NewBinding(key.WithKeys("U"), key.WithHelp("U", "most uncertain next")),
}

// learnedCell writes what was learnt of a connection.
func learnedCell(of func(d data, c int) float64) func(d data, c int) widget.Cell {
	return func(d data, c int) widget.Cell {
		if d.snapshot.Learned == nil {
			return widget.None(d.theme)
		}
		return widget.Cell{Text: fmt.Sprintf("%.3f", of(d, c))}
	}
}

// byLearned sorts by what was learnt; all are alike where nothing was.
func byLearned(of func(d data, c int) float64) list.Sort[data] {
	return list.Number(func(d data, c int) int64 {
		if d.snapshot.Learned == nil {
			return 0
		}
		return int64(1e9 * of(d, c))
	})
}

// uncertain is how uncertain a connection is that nobody labelled yet; those that
// somebody did come last.
func uncertain(d data, c int) float64 {
	if _, ok := d.labels.Verdict(d.snapshot.Connections.Ref(c)); ok {
		return -1
	}
	return d.snapshot.Learned.Uncertain(c)
}
