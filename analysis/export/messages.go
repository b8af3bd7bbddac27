package export

import (
	"strconv"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
)

// messageColumns are the columns of messages.csv.
func messageColumns(s *pipeline.Snapshot) []column[*loaded.Message] {
	type row = *loaded.Message
	place := func(m row) (*loaded.File, int64) {
		file, at := s.File(m.Offset)
		return &s.Files[file], at
	}
	return append(timesketch(logged("", func(m row) string { return m.Text }), messageEvent),
		own("kind", func(m row) string { return m.Kind.String() }),
		logged("level", func(m row) string { return m.Level }),
		own("id", func(m row) string {
			if m.ID == 0 {
				return ""
			}
			return strconv.FormatUint(m.ID, 10)
		}),
		logged("refused_user", func(m row) string { user, _, _ := m.Refusal(); return user }),
		logged("refused_host", func(m row) string { _, host, _ := m.Refusal(); return host }),
		own("doubtful", func(m row) string { return strconv.FormatBool(m.Doubtful) }),
		known("next_entry", func(m row) (int64, bool) { return int64(m.Entry) + 1, m.Entry < s.Len() }),
		logged("file", func(m row) string { file, _ := place(m); return file.Name }),
		own("sha256", func(m row) string { file, _ := place(m); return file.SHA256 }),
		number("offset", func(m row) int64 { _, at := place(m); return at }),
		number("bytes", func(m row) int64 { return m.Bytes }),
		own("zone", messageZone),
		logged("server", func(m row) string { file, _ := place(m); return file.Server }),
	)
}

// messageEvent is eventOf for a message, whose zone may be known where that of the
// entries is not, and the other way round.
func messageEvent(m *loaded.Message) event {
	const what = "message of the server"
	switch {
	case m.Time == store.NoTime:
		return event{store.Unknown, what + ", time unknown"}
	case m.Local:
		return event{m.Moment(), what + " (server local time, zone unknown)"}
	}
	return event{m.Moment(), what}
}

func messageZone(m *loaded.Message) string {
	if m.Time == store.NoTime {
		return ""
	}
	if m.Local {
		return "unknown"
	}
	return "UTC"
}
