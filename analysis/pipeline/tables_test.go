package pipeline

import (
	"context"
	"slices"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/analysis/reading"
)

// Every table that a statement names is known of its entry, also where statements
// would share a template but for the others.
func TestOtherTables(t *testing.T) {
	const log = "2025-03-11T10:00:00.000000Z    1 Query\tSELECT p.id FROM posts p JOIN mysql.user u ON 1=1\n" +
		"2025-03-11T10:00:01.000000Z    1 Query\tSELECT p.id FROM posts p JOIN mysql.db u ON 1=1\n" +
		"2025-03-11T10:00:02.000000Z    1 Query\tSELECT p.id FROM posts p JOIN mysql.user u ON 1=1\n" +
		"2025-03-11T10:00:03.000000Z    1 Query\tINSERT INTO loot SELECT * FROM wp_users UNION SELECT * FROM `a``b`, `my table`\n" +
		"2025-03-11T10:00:04.000000Z    1 Query\tSELECT 1 FROM posts\n" +
		"2025-03-11T10:00:05.000000Z    1 Prepare\tSELECT 1 FROM a, b\n" +
		"2025-03-11T10:00:06.000000Z    1 Quit\t\n"
	want := [][]string{{"mysql.user"}, {"mysql.db"}, {"mysql.user"}, {"wp_users", "`a``b`", "my table"}, nil, nil, nil}
	none := func(*Snapshot) (label.Set, error) { return label.Set{}, nil }
	s, err := Run(context.Background(), DefaultConfig(), openText(t, log), none, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != len(want) {
		t.Fatalf("%d entries, want %d", s.Len(), len(want))
	}
	for i, others := range want {
		if got := s.OtherTables[s.Key(i).Cluster]; !slices.Equal(got, others) {
			t.Errorf("entry %d names %q beside %q, want %q", i, got, s.Table(i), others)
		}
	}
	cfg := DefaultConfig()
	cfg.Reading = reading.Notebook
	if s, err = Run(context.Background(), cfg, openText(t, log), none, quiet); err != nil {
		t.Fatal(err)
	}
	if s.OtherTables != nil {
		t.Errorf("the notebook's reading lists other tables: %q", s.OtherTables)
	}
}
