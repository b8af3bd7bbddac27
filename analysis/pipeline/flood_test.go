package pipeline

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/fact"
)

// So it is for statements as they are sent: each of a flood has facts and a digest of
// its own, and the one that writes a file is not lost among them.
func TestFloodOfStatements(t *testing.T) {
	if testing.Short() {
		t.Skip("70,000 statements that nothing remembers")
	}
	var log strings.Builder
	const flood = 70_000
	for i := range flood {
		log.WriteString(plainLine(i, i%50, "Query", fmt.Sprintf("SELECT a%d, VERSION() FROM t WHERE b = '%d' OR 1=1", i, i)))
	}
	log.WriteString(plainLine(flood, 7, "Query", "SELECT a FROM t WHERE b = 1 INTO OUTFILE '/var/www/html/x.php'"))
	cfg := DefaultConfig()
	cfg.Params.Trees = 2
	s, err := Run(context.Background(), cfg, openText(t, log.String()), nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	facts := s.Facts[s.Key(flood).Fact]
	if facts == s.Facts[s.Key(flood-1).Fact] || !facts.Has(fact.Files, "write script") {
		t.Errorf("of the statement that writes a file %q is left", facts)
	}
	if got := fmt.Sprint(s.Full); !strings.Contains(got, "facts") || !strings.Contains(got, "digests") {
		t.Errorf("full are %v", got)
	}
	if len(s.Digests) != maxDigests+1 || s.Digest(flood-1) != "(others)" {
		t.Errorf("%d digests, the last of the flood is %q", len(s.Digests), s.Digest(flood-1))
	}
}
