// Package reading names the two ways to read a log and holds, in one place,
// everything in which they differ. The rest of the analysis asks it and has a
// single code path.
package reading

import (
	"fmt"

	"sqleuth/analysis/label"
)

// Reading is a way to read a log.
type Reading uint8

// The readings. Correct is the default: every entry counts, SQL is lexed,
// training and test are split by connection. Notebook reproduces the figures
// of the notebook, quirks included.
const (
	Correct Reading = iota
	Notebook
)

// String returns the name that screens and files show.
func (r Reading) String() string {
	if r == Notebook {
		return "notebook"
	}
	return "default"
}

// MarshalText returns the name.
func (r Reading) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the name.
func (r *Reading) UnmarshalText(text []byte) error {
	switch string(text) {
	case "default":
		*r = Correct
	case "notebook":
		*r = Notebook
	default:
		return fmt.Errorf("reading %q is neither default nor notebook", text)
	}
	return nil
}

// Anomaly reports whether a class counts as an anomaly: any but normal, and in the
// notebook's reading only the two that the notebook knows.
func (r Reading) Anomaly(class string) bool {
	if r == Notebook {
		return class == label.LoginAttack || class == label.GetUserTable
	}
	return class != label.Normal
}

// SplitsByConnection reports whether the Random Forest is trained and tested on
// different connections; the notebook splits rows.
func (r Reading) SplitsByConnection() bool { return r == Correct }

// Grouped reports whether statements are mined apart by command, action and table,
// so that none of these becomes a wildcard of a template.
func (r Reading) Grouped() bool { return r == Correct }

// Tables reports whether dumps of the table mysql.general_log are read; the
// notebook knows no entry in them.
func (r Reading) Tables() bool { return r == Correct }

// FeatureTable returns the table that the models see for a table of the data
// frame. The notebook reads its preprocessed file back; there an empty table
// (UPDATE “) has left no field, and the first word of the statement takes its
// place.
func (r Reading) FeatureTable(table string) string {
	if r == Notebook && table == "" {
		return "UPDATE"
	}
	return table
}

// nanTexts are the cells that pandas 1.5.3 reads as NaN.
var nanTexts = map[string]bool{
	"": true, "#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true,
	"1.#IND": true, "1.#QNAN": true, "<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "n/a": true,
	"nan": true, "null": true,
}

// Missing reports whether the models see a cell as NaN, which label encoding puts
// behind every text.
func (r Reading) Missing(cell string) bool { return r == Notebook && nanTexts[cell] }

// ModelSeed returns the seed of the split and of the Random Forest for a given
// seed: the notebook keeps 42 for both and leaves only the Isolation Forest
// open.
func (r Reading) ModelSeed(seed uint32) uint32 {
	if r == Notebook {
		return 42
	}
	return seed
}
