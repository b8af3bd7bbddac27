package pipeline

import (
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/logfile"
)

// markDoubtful says of each file which of its text no checksum confirms.
func markDoubtful(files []File, set *logfile.Set) {
	for k, f := range set.Files() {
		for _, d := range f.Damage {
			if d.Doubtful() {
				files[k].Doubtful = append(files[k].Doubtful, integrity.Range{From: d.From, To: d.Text})
			}
		}
	}
}
