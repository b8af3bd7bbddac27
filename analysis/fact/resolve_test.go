package fact

import (
	"slices"
	"testing"
)

// TestRights: only what is written into tables of people counts, in whatever statement of
// a text it is.
func TestRights(t *testing.T) {
	for sql, want := range map[string][]string{
		"SELECT id FROM goods WHERE name = 'x'; insert into staff (login, pw_hash, role) values ('o', 'x', 'y') -- '": {"shop.staff"},
		"UPDATE crm.members SET role = 'admin' WHERE id = 4":                                                          {"crm.members"},
		"UPDATE members SET city = 'Oslo' WHERE id = 4":                                                               nil,
		"UPDATE goods SET password = 'x' WHERE id = 4":                                                                nil,
		"SELECT pw_hash, role FROM staff":                                                                             nil,
		"INSERT INTO log (a) VALUES ('insert into staff (role) values')":                                              nil,
	} {
		if got := Rights(raw(sql), "shop"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}
