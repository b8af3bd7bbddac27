package pipeline

import (
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/wrapper"
)

// entryReader finds entries in bytes that were read back from a log, whatever is
// around them there. It keeps buffers; one goroutine uses it at a time.
type entryReader struct {
	around *wrapper.Stack
	off    *wrapper.Unwrapper
	text   wrapper.Text
}

// of returns the text of raw, which begins where an entry leads to. It is valid
// until the next call.
func (e *entryReader) of(around *wrapper.Stack, raw []byte, offset int64) []byte {
	if around.Plain() {
		return raw
	}
	if e.around == around {
		e.off.Resume()
	} else {
		e.around, e.off = around, around.Resume()
	}
	e.text.Reset()
	e.off.Add(raw, offset, true, &e.text)
	return e.text.Data
}

// endOf is the end of entry i in its file: what is around the log
// there cannot be taken off the next one.
func endOf(l *loaded.Log, i int) int64 {
	end := l.End(i)
	if file, _ := l.File(l.Entries.Offset(i)); file < len(l.Files) {
		f := &l.Files[file]
		end = min(end, f.Base+f.Text)
	}
	return end
}
