package tablelog

import (
	"fmt"
	"testing"
)

const auditLog = `20210715 05:45:55,ip-10-1-2-34,rdsadmin,localhost,36469,0,CONNECT,,,0
20210715 05:45:55,db1,app,10.0.0.7,36470,0,CONNECT,shop,,0
20210715 05:45:56,ip-10-1-2-34,rdsadmin,localhost,36469,1,QUERY,,'SELECT 1',0
20210715 05:45:56,db1,app,10.0.0.7,36470,2,READ,shop,users,
20210715 05:45:56,db1,app,10.0.0.7,36470,2,QUERY,shop,'SELECT \'a\\\\b\',\nx FROM users',0
20210715 05:45:57,db1,app,10.0.0.7,36470,3,QUERY,shop,'SELEC 1',1064
20210715 05:45:57,db1,root,192.0.2.66,36471,0,FAILED_CONNECT,,,1045
20210715 05:45:57,db1,root,192.0.2.66,36471,0,DISCONNECT,,,0
1626327957000000,db1,app,10.0.0.7,36470,4,QUERY,shop,'SELECT \'cut\',0
20210715 05:45:57,db1,app,10.0.0.7,36470,5,QUERY,shop,'SELECT 2
20210715 05:45:58,db1,app,10.0.0.7,36470,0,DISCONNECT,shop,,0
`

const tidbLog = `[2022/05/12 22:26:05.103 +08:00] [INFO] [session.go:3264] [GENERAL_LOG] [conn=467] [user=root@%] [schemaVersion=144] [txnStartTS=0] [current_db=bookshop] [txn_mode=PESSIMISTIC] [sql="REPLACE INTO books (id, title) VALUES (1, 'x]')\n-- \"a\""]
[2022/05/12 22:26:05.110 +08:00] [INFO] [server.go:1] ["new connection"] [conn=467]
[2022/05/12 22:26:05.120 +08:00] [INFO] [session.go:3264] ["GENERAL_LOG"] [conn=467] [user=root@192.0.2.3] [schemaVersion=144] [current_db=bookshop] [sql=commit]
`

// rowsOf reads a log to its rows: id, user, host, command, argument and answer.
func rowsOf(t *testing.T, log string, form Form) (rows []string, rejects int) {
	t.Helper()
	l, verdict := Recognise([]byte(log), true)
	if verdict != Table || l.Form != form {
		t.Fatalf("verdict %d, form %v", verdict, l.Form)
	}
	var s Scanner
	s.Scan(chunkOf(log), l, Handler{
		Row: func(r *Row) {
			user, host := Account(r.UserHost)
			rows = append(rows, fmt.Sprintf("%d %s@%s %s %q %d", r.ID, user, host, r.Command, r.Argument, r.Error))
			if r.Within >= 0 && string(r.Raw[r.Within:r.Within+len(r.Argument)]) != string(r.Argument) {
				t.Errorf("%q is not at %d of its row", r.Argument, r.Within)
			}
		},
		Header: func(int) {},
		Reject: func(int64, int, Fault) { rejects++ },
	})
	return rows, rejects
}

func TestServerAudit(t *testing.T) {
	got, rejects := rowsOf(t, auditLog, ServerAudit)
	want := []string{
		`36469 rdsadmin@localhost Connect "rdsadmin@localhost on " 0`,
		`36470 app@10.0.0.7 Connect "app@10.0.0.7 on shop" 0`,
		`36469 rdsadmin@localhost Query "SELECT 1" 0`,
		`36470 app@10.0.0.7 Read "shop.users" -1`,
		`36470 app@10.0.0.7 Query "SELECT 'a\\\\b',\nx FROM users" 0`,
		`36470 app@10.0.0.7 Query "SELEC 1" 1064`,
		`36471 root@192.0.2.66 Connect "root@192.0.2.66 on " 1045`,
		`36471 root@192.0.2.66 Quit "" -1`,
		`36470 app@10.0.0.7 Query "SELECT 'cut\\" 0`,
		`36470 app@10.0.0.7 Query "SELECT 2" -1`,
		`36470 app@10.0.0.7 Quit "" -1`,
	}
	compareRows(t, got, want)
	if rejects != 0 {
		t.Errorf("%d rejects", rejects)
	}
}

// Names are as the client sent them, before a password was checked: a line that
// could be two records is none.
func TestAuditForgery(t *testing.T) {
	const honest = "20210715 05:45:55,db1,app,10.0.0.7,1,0,CONNECT,,,0\n"
	for _, tt := range []struct{ line, want string }{
		{"20210715 05:45:55,db1,a,b,c,10.0.0.7,2,0,FAILED_CONNECT,,,1045", `2 a,b,c@10.0.0.7 Connect "a,b,c@10.0.0.7 on " 1045`},
		{"20210715 05:45:55,db1,a,'b,10.0.0.7,2,0,FAILED_CONNECT,,,1045", `2 a,'b@10.0.0.7 Connect "a,'b@10.0.0.7 on " 1045`},
		{"20210715 05:45:55,db1,root,h,9,0,CONNECT,,,0,x,10.0.0.7,2,0,FAILED_CONNECT,,,1045", ""},
		{"20210715 05:45:55,db1,x,10.0.0.7,2,0,FAILED_CONNECT,y,h,9,0,CONNECT,,,0,,1049", ""},
		{"20210715 05:45:55,db1,x,10.0.0.7,2,0,QUERY,,'SELECT ',9,0,CONNECT,,,0'',0", `2 x@10.0.0.7 Query "SELECT ',9,0,CONNECT,,,0'" 0`},
		{"20210732 05:45:55,db1,x,10.0.0.7,2,0,QUERY,,'SELECT 1',0", ""},
		{"no record at all", ""},
	} {
		got, rejects := rowsOf(t, honest+tt.line+"\n", ServerAudit)
		switch {
		case tt.want == "" && (len(got) != 1 || rejects != 1):
			t.Errorf("%s: %q, %d rejects", tt.line, got[1:], rejects)
		case tt.want != "" && (len(got) != 2 || got[1] != tt.want):
			t.Errorf("%s:\n got %q\nwant %q", tt.line, got[1:], tt.want)
		}
	}
}

func TestTiDB(t *testing.T) {
	got, rejects := rowsOf(t, tidbLog, TiDB)
	compareRows(t, got, []string{
		`467 root@% Query "REPLACE INTO books (id, title) VALUES (1, 'x]')\n-- \"a\"" -1`,
		`467 root@192.0.2.3 Query "commit" -1`,
	})
	if rejects != 1 {
		t.Errorf("%d rejects, want the server's own line", rejects)
	}
}

func compareRows(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("row %d:\n got %s\nwant %s", i+1, g, w)
		}
	}
}
