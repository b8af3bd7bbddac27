package report

import (
	"bytes"
	"context"
	"io"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/suspicion"
	"sqleuth/analysis/visible"
)

// write writes the document. The lists that are as long as the log may be are left
// empty in it and written one element after the other, each on a line of its own.
func (d *document) write(ctx context.Context, w io.Writer, s *pipeline.Snapshot) error {
	t := clockOf(s)
	stories := stories(s)
	suspects, place := s.Ranking.Listed()
	f := &filler{w: w}
	for _, l := range []struct {
		name string
		n    int
		at   func() func(i int) any
	}{
		{"suspects", suspects, func() func(i int) any {
			one := suspectsJSON(s)
			return func(i int) any { return one(place(i)) }
		}},
		{"flagged", s.Ranking.Flagged(), func() func(i int) any { return flaggedJSON(s) }},
		{"stories", len(stories), func() func(i int) any { return func(i int) any { return storyJSON(s, t, stories[i]) } }},
		{"incidents", len(s.Incidents), func() func(i int) any { return func(i int) any { return incidentJSON(s, t, &s.Incidents[i]) } }},
		{"detections", len(s.Detections), func() func(i int) any { return func(i int) any { return detectionJSON(s, t, &s.Detections[i]) } }},
	} {
		if l.n > 0 {
			f.lists = append(f.lists, list{l.name, func() error { return writeList(ctx, w, l.n, l.at()) }})
		}
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

// writeList writes the elements of a list of the document, one at least, and what precedes its
// closing bracket.
func writeList(ctx context.Context, w io.Writer, n int, at func(i int) any) error {
	var text bytes.Buffer
	lines := export.NewLines(&text)
	for i := range n {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		text.WriteString("\n  ")
		if err := lines.Write(at(i)); err != nil {
			return err
		}
		text.Truncate(text.Len() - 1) // of the line end
		if i < n-1 {
			text.WriteByte(',')
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

// suspectsJSON returns a function that makes the element of the suspect at a place of the
// ranking.
func suspectsJSON(s *pipeline.Snapshot) func(place int) suspect {
	reasons, first, t := s.Ranking.OwnReasons(), s.Ranking.First(), clockOf(s)
	return func(place int) suspect {
		k, score := s.Ranking.At(place)
		c := s.Connections.Peek(int(k))
		_, labelled := verdict(s, k)
		x := suspect{
			ID: c.ID, Epoch: c.Epoch, Score: score, Class: visible.JSON(s.Ranking.Class(k)), Labelled: labelled,
			User: visible.JSON(s.Connections.Text(c.User)), Host: visible.JSON(s.Connections.Text(c.Host)), Login: c.Outcome.String(),
			First: t.json(s.Moment(int(c.First))), Last: t.json(s.Moment(int(c.Last))), Entries: c.Entries, Anomaly: s.Ranking.Anomaly(int(k)),
			Server: visible.JSON(s.ServerName(s.ServerOfConnection(int(k)))),
		}
		if place < len(first) {
			x.Reasons = each(first[place].Reasons, visible.JSON)
		} else {
			own, like, alike := reasons(k)
			x.Reasons = each(own, visible.JSON)
			if alike {
				x.Like = s.Connections.Name(int(like))
			}
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

// flaggedJSON returns a function that makes the i-th element of the list of entries.
// Behind the first ones, what speaks against a login is in the list of suspects alone.
func flaggedJSON(s *pipeline.Snapshot) func(i int) any {
	reasons := s.Ranking.EntryReasons()
	return func(i int) any {
		entry, score := s.Ranking.Entry(i)
		conn := s.Entries.Connection(entry)
		c := s.Connections.Peek(int(conn))
		x := flagged{Entry: entry + 1, ID: c.ID, Epoch: c.Epoch, Score: score, Server: visible.JSON(s.ServerName(s.ServerOf(entry)))}
		if i >= suspicion.Shown && int(c.First) == entry && s.Ranking.Score(conn) >= suspicion.Least {
			x.Reasons, x.Like = []string{}, s.Connections.Name(int(conn))
		} else {
			x.Reasons = each(reasons(entry), visible.JSON)
		}
		return x
	}
}
