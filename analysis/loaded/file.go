package loaded

import (
	"cmp"
	"strings"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wrapper"
)

// File is one input file as far as it is known.
type File struct {
	Name      string
	Container string // plain, gzip, zstd, xz, bzip2; tar and zip of a member
	Server    string // that wrote it, as it was named; empty for none
	Archive   string // that it is a member of, whose SHA256 and Raw it has; empty for none
	Base      int64  // offset of its first byte in the decompressed log
	Text      int64  // decompressed bytes read so far
	Raw       int64  // bytes of the file itself
	SHA256    string // of the raw file in hexadecimal; empty until it was read
	Damage    []logfile.Damage
	Forms     genlog.Forms
	// Table is how the file is written where it is a dump of mysql.general_log,
	// nil where it is a log as a server writes it.
	Table *tablelog.Layout
	// Empty is what the file is, in words, where it holds no entry and others do.
	Empty string
	// Wrapper is what is around the log in the file, nil for nothing.
	Wrapper *wrapper.Stack
}

// Given is the name that the file was given by: of the archive that it is a member of, if
// it is of one.
func (f *File) Given() string { return cmp.Or(f.Archive, f.Name) }

// Damaged describes in words what is wrong with the file; empty for nothing.
func (f *File) Damaged() string { return phrases(f.Damage, func(logfile.Damage) bool { return true }) }

// Broken is Damaged without what the user's own limits cut off, which Limited
// describes.
func (f *File) Broken() string {
	return phrases(f.Damage, func(d logfile.Damage) bool { return d.Kind != logfile.Limit })
}

// Limited describes in words where the user's own limit ended the reading; empty
// where it did not.
func (f *File) Limited() string {
	limit := logfile.Limit.String()
	text := phrases(f.Damage, func(d logfile.Damage) bool { return d.Kind == logfile.Limit })
	return strings.ReplaceAll(text, limit, limit+" you gave")
}

func phrases(list []logfile.Damage, wanted func(logfile.Damage) bool) string {
	var texts []string
	for _, d := range list {
		if wanted(d) {
			texts = append(texts, d.String())
		}
	}
	return strings.Join(texts, "; ")
}

// Range is a stretch of a file's decompressed text.
type Range struct{ From, To int64 }

// Doubtful returns the text that may not be what was written: no checksum
// confirms it.
func (f *File) Doubtful() []Range {
	var list []Range
	for _, d := range f.Damage {
		if d.Doubtful() {
			list = append(list, Range{d.From, d.Text})
		}
	}
	return list
}
