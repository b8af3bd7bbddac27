package filter

import (
	"slices"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// A table without a schema is in the database that its connection is in at that
// entry: by its login, Init DB or USE.
func TestTablesOfTheCurrentDatabase(t *testing.T) {
	log := &Subject{Log: &loaded.Log{Commands: []string{"-"}, Actions: []string{"-"}, Templates: templates("0"), TemplateOf: []int32{0, 0}, OtherTables: [][]string{nil, {"user"}}}}
	tables, rows := store.NewLimitedDict(1<<20), store.NewRows()
	tracker := connection.NewTracker()
	var columns store.Columns
	for i, e := range []struct {
		id            uint64
		command, text string
		table         string
		cluster       int32
	}{
		{1, "Connect", "root@h on mysql using TCP/IP", "-", 0},
		{1, "Query", "SELECT * FROM user", "user", 0}, // 1
		{1, "Query", "USE shop", "-", 0},
		{1, "Query", "SELECT * FROM user", "user", 0}, // 3: of the shop
		{2, "Connect", "root@h on  using TCP/IP", "-", 0},
		{2, "Query", "SELECT * FROM user", "user", 0}, // 5: of no database yet
		{2, "Init DB", "MySQL", "-", 0},
		{2, "Query", "SELECT * FROM user", "user", 0},           // 7
		{2, "Query", "SELECT * FROM t JOIN user", "t", 1},       // 8
		{2, "Query", "SELECT * FROM shop.user", "shop.user", 0}, // 9
		{3, "Query", "SELECT * FROM mysql.user", "mysql.user", 0},
		{3, "Query", "SELECT * FROM user", "user", 0}, // 11: nobody knows
	} {
		conn := tracker.Observe(i, e.id, e.command, []byte(e.text))
		columns.Append(store.Entry{Connection: conn, Row: rows.Add(store.Key{Table: tables.Intern(e.table), Cluster: e.cluster}, i)})
	}
	log.Tables, log.Rows, log.Entries, log.Connections = tables.Texts(), rows.Copy(), columns.View(), tracker.View()
	all := []int{1, 3, 5, 7, 8, 9, 10, 11}
	for _, c := range []struct {
		filter string
		want   []int
	}{
		{"table:mysql.user", []int{1, 7, 8, 10}},
		{"table:MYSQL.USER", []int{1, 7, 8, 10}},
		{"table:my*.us*", []int{1, 7, 8, 10}},
		{"table:*.user", []int{1, 3, 7, 8, 9, 10}},
		{"table:shop.*", []int{3, 9}},
		{"table:user", all},
		{"-table:mysql.user table:user", []int{3, 5, 9, 11}},
		{"table:mysql.t", []int{8}},
		{"table:mysql.nothing", nil},
		{"table:none.user", nil},
		{"table:-.user", nil},
		{"table:my*", []int{10}},
	} {
		if got := entriesOf(run(t, log, mustParse(t, c.filter))); !slices.Equal(got, c.want) {
			t.Errorf("%s finds entries %v, want %v", c.filter, got, c.want)
		}
	}
	for i, want := range map[int]string{1: "mysql.user", 2: "-", 3: "shop.user", 5: "user", 7: "MySQL.user", 9: "shop.user", 10: "mysql.user", 11: "user"} {
		if got := log.QualifiedTable(i); got != want {
			t.Errorf("the table of entry %d is %s, want %s", i, got, want)
		}
	}
	// The notebook compares what it took for a table.
	log.Reading = reading.Notebook
	if got := entriesOf(run(t, log, mustParse(t, "table:mysql.user"))); !slices.Equal(got, []int{10}) || log.QualifiedTable(1) != "user" {
		t.Errorf("in the notebook's reading: entries %v, table %s", got, log.QualifiedTable(1))
	}
}

func entriesOf(s *Selection) (list []int) {
	for k := range s.Len() {
		list = append(list, s.Nth(k))
	}
	return list
}
