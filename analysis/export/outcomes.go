package export

import (
	"context"
	"strconv"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
)

// outcomeColumns are the columns of outcomes.csv, what the server answered to each
// entry: structured.csv keeps the notebook's columns, and LineId is its. Rows are
// entries.
func outcomeColumns(s *pipeline.Snapshot) []column[int] {
	of := func(i int) *connection.Connection { return s.Connections.Peek(int(s.Entries.Connection(i))) }
	hashes := make([]string, max(1, len(s.Digests))) // by number
	return []column[int]{
		number("LineId", func(i int) int64 { return int64(i) + 1 }),
		own("id", func(i int) string { return strconv.FormatUint(of(i).ID, 10) }),
		number("epoch", func(i int) int64 { return int64(of(i).Epoch) }),
		logged("command", s.Command),
		number("error", func(i int) int64 { return int64(s.Outcomes.At(i)) }),
		own("digest_sha256", func(i int) string {
			n := s.Key(i).Digest
			if n > 0 && hashes[n] == "" {
				hashes[n] = loaded.DigestHash(s.Digests[n])
			}
			return hashes[n]
		}),
	}
}

// outcomeRows lists the entries that the server answered.
func outcomeRows(ctx context.Context, s *pipeline.Snapshot) rows[int] {
	return func(add func(int) error) error {
		for i := range s.Len() {
			if i%stride == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if s.Outcomes.At(i) < 0 {
				continue
			}
			if err := add(i); err != nil {
				return err
			}
		}
		return nil
	}
}

// stride is how many entries are written between two looks at the context.
const stride = 4096
