package detect

import (
	"strings"
	"testing"
)

// The marks that a Marker remembers must be those that judging each statement
// alone gives, whatever stood in its literals before.
func TestMarkerRemembersNothingWrong(t *testing.T) {
	statements := []string{
		"SELECT * FROM wp_users WHERE ID = %s LIMIT 1", "select user_pass from wp_users where user_login = %s", "SELECT password FROM user WHERE user = %s",
		"SELECT SLEEP(%s)", "SELECT 1 INTO OUTFILE %s", "SET GLOBAL general_log = %s", "SELECT load_file(%s)",
		"SELECT %s, @@version", "DELETE FROM wp_users WHERE 1 = %s", "INSERT INTO wp_users (a) VALUES (%s)",
		"SELECT benchmark(%s, md5(1))", "select * from mysql.user where user = %s /* sleep */", "/*!50000 SELECT */ %s", "SHOW GRANTS FOR %s",
	}
	literals := []string{"0", "1", "'x'", "'/var/www/a.php'", "'OFF'", "0x41", "?", "''", "'a''b'", `"q"`, "-5"}
	remembering := NewMarker()
	for range 2 {
		for _, s := range statements {
			for _, l := range literals {
				sql := []byte(strings.ReplaceAll(s, "%s", l))
				for _, table := range []string{"-", "wp_users", "user"} {
					f := judge(sql, table, "")
					if got, want := remembering.Mark([]byte("Query"), []byte(table), sql), f.mark(); got != want {
						t.Errorf("%s on %s: mark %x, want %x", sql, table, got, want)
					}
				}
			}
		}
	}
}
