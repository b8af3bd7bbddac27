package export

import (
	"strconv"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
)

// writeMessages writes a row for each message of the server that is kept. The
// first columns are the ones that Timesketch asks for.
func writeMessages(w sheet, s *pipeline.Snapshot) error {
	if err := w.Row("message", "datetime", "timestamp_desc", "timestamp", "kind", "level", "id", "refused_user", "refused_host", "doubtful",
		"next_entry", "file", "sha256", "offset", "bytes", "zone"); err != nil {
		return err
	}
	for i := range s.Messages {
		m := &s.Messages[i]
		file, at := s.File(m.Offset)
		w.text(m.Text)
		appendMessageTime(w, m)
		w.AppendField(m.Kind.String())
		w.text(m.Level)
		if m.ID == 0 {
			w.AppendField("")
		} else {
			w.AppendField(strconv.FormatUint(m.ID, 10))
		}
		user, host, _ := m.Refusal()
		w.text(user)
		w.text(host)
		w.AppendField(strconv.FormatBool(m.Doubtful))
		if m.Entry < s.Len() {
			w.AppendInt(int64(m.Entry) + 1)
		} else {
			w.AppendField("")
		}
		w.text(s.Files[file].Name)
		w.AppendField(s.Files[file].SHA256)
		w.AppendInt(at)
		w.AppendInt(m.Bytes)
		w.AppendField(messageZone(m))
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// appendMessageTime is appendEvent for a message, whose zone may be known where that
// of the entries is not, and the other way round.
func appendMessageTime(w sheet, m *loaded.Message) {
	const what = "message of the server"
	if m.Time == store.NoTime {
		w.AppendField("")
		w.AppendField(what + ", time unknown")
		w.AppendField("")
		return
	}
	w.AppendField(stamp(m.Moment()))
	if m.Local {
		w.AppendField(what + " (server local time, zone unknown)")
	} else {
		w.AppendField(what)
	}
	w.AppendInt(m.Time)
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
