package detail

import (
	"fmt"
	"math"

	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Account returns who connection c was at an entry and how its login went.
func Account(s *pipeline.Snapshot, c, entry int) string {
	id := s.Connections.Who(c, entry)
	return fmt.Sprintf("%s@%s, login %s", s.Connections.Text(id.User), s.Connections.Text(id.Host), s.Connections.Peek(c).Outcome)
}

// Class returns which class connection c has and who gave it.
func Class(s *pipeline.Snapshot, labels label.Set, c int) string {
	if v, ok := labels.Verdict(s.Connections.Ref(c)); ok {
		return fmt.Sprintf("%s (%s)", v.Class, v.By())
	}
	return "no label"
}

// Digest is the beginning of the hash of an entry's digest, "-" for none; digests
// that are not distinguished have a name of their own.
func Digest(s *pipeline.Snapshot, i int) string {
	digest := s.Digest(i)
	if hash := loaded.DigestHash(digest); hash != "" {
		return hash[:loaded.DigestPrefix]
	}
	return digest
}

// Outcome is what the server answered, by the code of its answer; empty where the log
// does not hold it.
func Outcome(code int32) string {
	switch {
	case code < 0:
		return ""
	case code == 0:
		return "no error"
	}
	return fmt.Sprintf("error %d", code)
}

// Describe names a message in one line.
func Describe(t *theme.Theme, m *loaded.Message) string {
	text := "message of the server: " + m.Kind.String()
	if m.Level != "" {
		text += ", " + m.Level
	}
	if m.Moment().Known() {
		text += ", " + widget.Time(t.Clock.Local(m.Time))
	}
	if m.ID > 0 {
		text += fmt.Sprintf(", thread %d", m.ID)
	}
	if m.Doubtful {
		text += "; doubtful: a client may have written it"
	}
	return text
}

// score writes a model's score with its verdict in words.
func score(v float64, flagged bool, verdict string) string {
	switch {
	case math.IsNaN(v):
		return "not trained"
	case flagged:
		return fmt.Sprintf("%.3f (%s)", v, verdict)
	}
	return fmt.Sprintf("%.3f", v)
}
