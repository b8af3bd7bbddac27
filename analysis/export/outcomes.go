package export

import (
	"context"
	"strconv"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
)

// writeOutcomes writes what the server answered to each entry, for logs that hold
// it: structured.csv keeps the notebook's columns, and LineId is its.
func writeOutcomes(ctx context.Context, w sheet, s *pipeline.Snapshot) error {
	if err := w.Row("LineId", "id", "epoch", "command", "error", "digest_sha256"); err != nil {
		return err
	}
	hashes := make([]string, max(1, len(s.Digests))) // by number
	for i := range s.Len() {
		if i%stride == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		code := s.Outcomes.At(i)
		if code < 0 {
			continue
		}
		c := s.Connections.Peek(int(s.Entries.Connection(i)))
		w.AppendInt(int64(i) + 1)
		w.AppendField(strconv.FormatUint(c.ID, 10))
		w.AppendInt(int64(c.Epoch))
		w.text(s.Command(i))
		w.AppendInt(int64(code))
		n := s.Key(i).Digest
		if n > 0 && hashes[n] == "" {
			hashes[n] = loaded.DigestHash(s.Digests[n])
		}
		w.AppendField(hashes[n])
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// stride is how many entries are written between two looks at the context.
const stride = 4096
