package report

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
)

// write writes the document. The lists that are as long as the log may be are left
// empty in it and written one element after the other.
func (d *document) write(ctx context.Context, w io.Writer, s *pipeline.Snapshot) error {
	n, place := s.Ranking.Listed()
	f := &filler{w: w, lists: []list{
		{"suspects", func() error {
			one := suspects(s)
			return writeList(ctx, w, n, func(i int) any { return one(place(i)) })
		}},
		{"flagged", func() error { return writeList(ctx, w, s.Ranking.Flagged(), flaggedEntries(s)) }},
	}}
	if s.Ranking.Len() == 0 {
		f.lists = nil
	}
	if err := export.WriteJSON(f, d); err != nil {
		return err
	}
	_, err := w.Write(f.held)
	return err
}

// list is an empty list of the document and what fills it.
type list struct {
	name string
	fill func() error
}

// filler passes a document on and fills its lists, in their order.
type filler struct {
	w     io.Writer
	lists []list // that are to come
	held  []byte // that may be the beginning of one
}

// Write takes a part of the document.
func (f *filler) Write(p []byte) (int, error) {
	f.held = append(f.held, p...)
	for len(f.lists) > 0 {
		// A line break within a value is escaped, so that this is the list.
		empty := []byte("\n \"" + f.lists[0].name + "\": []")
		at := bytes.Index(f.held, empty)
		if at < 0 {
			return len(p), f.pass(len(f.held) - len(empty))
		}
		if err := f.pass(at + len(empty) - 1); err != nil {
			return 0, err
		}
		if err := f.lists[0].fill(); err != nil {
			return 0, err
		}
		f.lists = f.lists[1:]
	}
	return len(p), f.pass(len(f.held))
}

// pass passes the first n held bytes on.
func (f *filler) pass(n int) error {
	if n <= 0 {
		return nil
	}
	_, err := f.w.Write(f.held[:n])
	f.held = append(f.held[:0], f.held[n:]...)
	return err
}

// writeList writes the elements of a list of the document, and what precedes its
// closing bracket.
func writeList(ctx context.Context, w io.Writer, n int, at func(i int) any) error {
	if n == 0 {
		return nil
	}
	var text, element bytes.Buffer
	for i := range n {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		element.Reset()
		if err := export.WriteJSON(&element, at(i)); err != nil {
			return err
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString("\n  ")
		if err := json.Indent(&text, bytes.TrimSpace(element.Bytes()), "  ", " "); err != nil {
			return err
		}
		if text.Len() > 1<<16 || i == n-1 {
			if _, err := w.Write(text.Bytes()); err != nil {
				return err
			}
			text.Reset()
		}
	}
	_, err := io.WriteString(w, "\n ")
	return err
}

// suspects returns a function that makes an element of the list of suspects.
func suspects(s *pipeline.Snapshot) func(i int) any {
	reasons, first, t := s.Ranking.Reasons(), s.Ranking.First(), clockOf(s)
	return func(i int) any {
		k, score := s.Ranking.At(i)
		var why []string
		if i < len(first) {
			why = first[i].Reasons
		} else {
			why = reasons(k)
		}
		c := s.Connections.Peek(int(k))
		_, labelled := verdict(s, k)
		x := suspect{
			ID: c.ID, Epoch: c.Epoch, Score: score, Class: visible.JSON(s.Ranking.Class(k)), Labelled: labelled, Reasons: each(why, visible.JSON),
			User: visible.JSON(s.Connections.Text(c.User)), Host: visible.JSON(s.Connections.Text(c.Host)), Login: c.Outcome.String(),
			First: t.json(s.Moment(int(c.First))), Last: t.json(s.Moment(int(c.Last))), Entries: c.Entries, Anomaly: s.Ranking.Anomaly(int(k)),
		}
		if at := s.IncidentOf(k); at >= 0 {
			x.Incident = s.Incidents[at].ID
		}
		if p, ok := s.Ranking.Learned(k); ok {
			x.Learned = &p
		}
		return x
	}
}

// flaggedEntries returns a function that makes an element of the list of entries.
func flaggedEntries(s *pipeline.Snapshot) func(i int) any {
	reasons := s.Ranking.EntryReasons()
	return func(i int) any {
		entry, score := s.Ranking.Entry(i)
		c := s.Connections.Peek(int(s.Entries.Connection(entry)))
		return flagged{Entry: entry + 1, ID: c.ID, Epoch: c.Epoch, Score: score, Reasons: each(reasons(entry), visible.JSON)}
	}
}
