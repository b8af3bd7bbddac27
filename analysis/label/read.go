package label

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// File is a labels file as it was read, before it is known which connections
// its ids are.
type File struct {
	Rows []Row
	// Undated counts the rows whose "at" is no RFC 3339 time although their
	// source is one of ours; their verdicts have no time.
	Undated int
	// Unclassed counts the rows whose class is left empty, as our own list of
	// connections has it without a label: they label nothing.
	Unclassed int
}

// Row is one line of a labels file.
type Row struct {
	Line   int    // from 1, where the row begins
	Ref    Ref    // Epoch 0: a bare id
	Class  string // empty in a row that holds a note only
	Source Source
	At     time.Time
	Note   string
	// Analyst is who gave the class, where the source is one of ours.
	Analyst     string
	NoteAnalyst string // who wrote the note
}

// Bounds of a labels file.
const (
	MaxFile = 64 << 20 // bytes
	MaxRows = 1 << 20  // that label or note a connection
)

// errLong is why a labels file is not read to its end.
var errLong = fmt.Errorf("longer than %d MiB, which no labels file is; name a CSV file whose header has id and class", MaxFile>>20)

// bounded fails where a labels file is too long.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// The columns of a labels file. Only the first two are required of a file that
// is read.
var columns = [...]string{"id", "class", "source", "at", "note", "analyst", "note_analyst"}

const (
	columnID = iota
	columnClass
	columnSource
	columnAt
	columnNote
	columnAnalyst
	columnNoteAnalyst
)

// Read reads a labels file: CSV in UTF-8, with or without a byte order mark,
// lines ending in LF or CRLF, and a header that names the columns id and class
// in any case and order. An id is "2523" or "2523@2". Of further columns, note
// and note_analyst are kept, and source, at and analyst where the source is one that Write writes; a
// file of another origin is its own source. Class names differing only in case are
// one class, in the spelling of StandardClasses or else of the first row.
// Empty rows are passed over, and rows without a class are counted.
//
// The first thing that is wrong ends the reading with an error that names the
// line, because a label that is silently left out would count as normal. The
// caller adds the file's name.
func Read(r io.Reader) (File, error) { return read(&bounded{r, MaxFile}, MaxRows) }

// read reads a labels file of at most so many rows.
func read(r io.Reader, rows int) (File, error) {
	in := bufio.NewReader(r)
	if start, _ := in.Peek(3); bytes.Equal(start, []byte("\xEF\xBB\xBF")) {
		in.Discard(3) // cannot fail: the three bytes are buffered
	} else if bytes.HasPrefix(start, []byte("\xFF\xFE")) || bytes.HasPrefix(start, []byte("\xFE\xFF")) {
		return File{}, errors.New("line 1: the file is UTF-16; save it as UTF-8")
	}
	table := csv.NewReader(in)
	table.FieldsPerRecord = -1 // counted here, for a better message
	table.TrimLeadingSpace = true
	table.ReuseRecord = true

	header, err := table.Read()
	if errors.Is(err, io.EOF) {
		return File{}, errors.New("line 1: the file is empty; " + headerAdvice)
	}
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return File{}, fmt.Errorf("line 1: no header with id and class (%w); %s", p.Err, headerAdvice)
	}
	if err != nil {
		return File{}, csvError(err)
	}
	where, err := locate(header)
	if err != nil {
		return File{}, err
	}
	width := len(header)

	var f File
	classes := StandardClasses()
	for {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return File{}, csvError(err)
		}
		if blank(cells) {
			continue
		}
		line, _ := table.FieldPos(0)
		if len(cells) > width && !blank(cells[width:]) {
			return File{}, fmt.Errorf("line %d: %d cells, but the header names %d; put a cell that holds a comma in quotation marks", line, len(cells), width)
		}
		row, undated, err := parseRow(cells, where)
		if err == nil && row.Class != "" {
			classes, row.Class, err = admitClass(classes, row.Class)
		}
		if err != nil {
			return File{}, fmt.Errorf("line %d: %w", line, err)
		}
		if row.Class == "" && row.Note == "" {
			f.Unclassed++
			continue
		}
		if len(f.Rows) == rows {
			return File{}, fmt.Errorf("line %d: more than %d rows with a class or a note", line, rows)
		}
		row.Line = line
		f.Rows = append(f.Rows, row)
		if undated {
			f.Undated++
		}
	}
}

const headerAdvice = "the first line must name the columns id and class, such as id,class"

// locate returns for each of columns its position in the header, or -1.
func locate(header []string) (where [len(columns)]int, err error) {
	for i, name := range columns {
		where[i] = -1
		for j, cell := range header {
			if !strings.EqualFold(strings.TrimSpace(cell), name) {
				continue
			}
			if where[i] >= 0 {
				return where, fmt.Errorf("line 1: the header names the column %q twice", name)
			}
			where[i] = j
		}
	}
	if where[columnID] >= 0 && where[columnClass] >= 0 {
		return where, nil
	}
	advice := headerAdvice
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		advice = "columns are separated by commas"
	}
	return where, fmt.Errorf("line 1: no header with id and class, but %s; %s", quote(strings.Join(header, ",")), advice)
}

// parseRow reads one row, whose class is still in the file's spelling.
func parseRow(cells []string, where [len(columns)]int) (row Row, undated bool, err error) {
	cell := func(column int) string {
		if i := where[column]; i >= 0 && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	if row.Ref, err = ParseRef(cell(columnID)); err != nil {
		return Row{}, false, err
	}
	note, err := Note{Text: cell(columnNote), Analyst: cell(columnNoteAnalyst)}.check()
	if err != nil {
		return Row{}, false, err
	}
	if note.Text != "" {
		row.Note, row.NoteAnalyst = strings.Clone(note.Text), strings.Clone(note.Analyst)
	}
	row.Class = strings.Clone(cell(columnClass))
	if at := where[columnClass]; row.Class == "" && row.Note == "" && at >= len(cells) {
		return Row{}, false, fmt.Errorf("no class for id %s", row.Ref.String(true))
	}

	row.Source = ByFile
	if source, err := ParseSource(cell(columnSource)); err == nil && row.Class != "" {
		row.Source = source
		row.Analyst = strings.Clone(cell(columnAnalyst))
		if err := CheckAnalyst(row.Analyst); err != nil {
			return Row{}, false, err
		}
		if text := cell(columnAt); text != "" {
			at, err := time.Parse(time.RFC3339Nano, text)
			if err == nil {
				at, err = checkTime(at)
			}
			if err != nil {
				undated, at = true, time.Time{}
			}
			row.At = at
		}
	}
	return row, undated, nil
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// csvError returns an error with the line of one of the CSV reader, and what to do.
func csvError(err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Errorf("line %d: %w; write a quotation mark inside a cell twice, and the cell in quotation marks", p.Line, p.Err)
	}
	if errors.Is(err, errLong) {
		return err
	}
	return fmt.Errorf("read labels: %w", err)
}
