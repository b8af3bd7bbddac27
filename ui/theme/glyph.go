package theme

import "github.com/guptarohit/asciigraph"

// Glyphs are the drawing characters. Each is one cell wide.
type Glyphs struct {
	Cursor    string   // in front of the row under the cursor
	Mark      string   // in front of a marked row
	Range     string   // in front of a row that the range being marked covers
	Ellipsis  string   // text goes on
	Unbroken  string   // the line ends where the text has no blank
	Ascending string   // sorted, smallest first
	Falling   string   // sorted, largest first
	Separator string   // between facts of a line
	Dash      string   // nothing here
	Done      string   // a stage that is finished
	Running   string   // a stage that runs
	Waiting   string   // a stage that has not begun
	Failed    string   // a stage that was cancelled or failed
	Closed    string   // a row with others under it, which are not shown
	Opened    string   // the same where they are
	Flag      string   // something wrong at this time
	Rule      string   // a horizontal line
	Full      string   // the done part of a gauge, a bar
	Rest      string   // the rest of a gauge
	Eighths   []string // the end of a bar, from one eighth to seven; nil: whole cells only
	Spark     []string // heights of a spark line, lowest first
	Dot       string   // a point of a second line in a plot
	Shade     []string // densities of a heat map, from none to all
	Plot      asciigraph.CharSet
}

var unicodeGlyphs = Glyphs{
	Cursor: "▌", Mark: "●", Range: "○", Ellipsis: "…", Unbroken: "→", Ascending: "▲", Falling: "▼", Separator: "·", Dash: "–",
	Done: "✓", Running: "▸", Waiting: "·", Failed: "✗", Closed: "▸", Opened: "▾", Flag: "▲", Rule: "─", Full: "█", Rest: "░", Dot: "∙",
	Eighths: []string{"▏", "▎", "▍", "▌", "▋", "▊", "▉"},
	Spark:   []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	Shade:   []string{" ", "░", "▒", "▓", "█"},
	Plot:    asciigraph.DefaultCharSet,
}

var asciiGlyphs = Glyphs{
	Cursor: ">", Mark: "*", Range: "+", Ellipsis: "~", Unbroken: "\\", Ascending: "^", Falling: "v", Separator: "|", Dash: "-",
	Done: "+", Running: ">", Waiting: ".", Failed: "!", Closed: "+", Opened: "-", Flag: "^", Rule: "-", Full: "#", Rest: ".", Dot: "o",
	Spark: []string{"_", ".", "-", "=", "+", "*", "#"},
	Shade: []string{" ", ".", ":", "+", "#"},
	Plot: asciigraph.CharSet{
		Horizontal: "-", VerticalLine: "|", ArcDownRight: "+", ArcDownLeft: "+", ArcUpRight: "+", ArcUpLeft: "+",
		EndCap: "-", StartCap: "-", UpRight: "+", DownHorizontal: "+",
	},
}
