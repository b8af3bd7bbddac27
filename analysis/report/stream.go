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
	var text bytes.Buffer
	if err := export.WriteJSON(&text, d); err != nil {
		return err
	}
	rest := text.Bytes()
	for _, list := range []struct {
		name string
		n    int
		at   func() func(i int) any
	}{
		{"suspects", s.Ranking.Len(), func() func(int) any { return suspects(s) }},
		{"flagged", s.Ranking.Flagged(), func() func(int) any { return flaggedEntries(s) }},
	} {
		if list.n == 0 {
			continue
		}
		// A line break within a value is escaped, so that this is the list.
		empty := []byte("\n \"" + list.name + "\": []")
		at := bytes.Index(rest, empty) + len(empty) - 1
		if _, err := w.Write(rest[:at]); err != nil {
			return err
		}
		if err := writeList(ctx, w, list.n, list.at()); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n "); err != nil {
			return err
		}
		rest = rest[at:]
	}
	_, err := w.Write(rest)
	return err
}

// writeList writes the elements of a list of the document.
func writeList(ctx context.Context, w io.Writer, n int, at func(i int) any) error {
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
	return nil
}

// suspects returns a function that makes an element of the list of suspects.
func suspects(s *pipeline.Snapshot) func(i int) any {
	reasons, t := s.Ranking.Reasons(), clockOf(s)
	return func(i int) any {
		k, score := s.Ranking.At(i)
		c := s.Connections.Peek(int(k))
		_, labelled := verdict(s, k)
		x := suspect{
			ID: c.ID, Epoch: c.Epoch, Score: score, Class: visible.JSON(s.Ranking.Class(k)), Labelled: labelled, Reasons: each(reasons(k), visible.JSON),
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
