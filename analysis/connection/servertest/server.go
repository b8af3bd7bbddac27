package servertest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"sqleuth/analysis/connection"
)

// Options choose the server.
type Options struct {
	Short   bool // a few to a hundred ids in each run, else hundreds
	Hostile bool // some clients attack the log
}

// Log is what a server has written, and the truth about it.
type Log struct {
	Bytes       []byte
	Entries     []Entry
	Connections []Connection
	Runs        int // in which anything was logged
}

// Entry is one thing that the server logged. Where a client has put lines into
// it, the log seems to hold several.
type Entry struct {
	Offset     int64
	Connection int // index in Log.Connections
	User       string
	Database   string // the current one, from this entry on
}

// Connection is what the server knew of a client.
type Connection struct {
	ID       uint64
	Run      int // from 1
	User     string
	Host     string
	Database string // given at login, or the first one later
	Outcome  connection.Outcome
	Entries  int
}

// Owner returns the entry that the byte at offset is part of.
func (l *Log) Owner(offset int64) (e Entry, first bool) {
	lo, hi := 0, len(l.Entries)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; l.Entries[mid].Offset <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	return l.Entries[lo], l.Entries[lo].Offset == offset
}

// server is the state of one server.
type server struct {
	Options
	rng  *rand.Rand
	log  Log
	out  bytes.Buffer
	now  time.Time
	live []*session

	using    bool // logins end in the kind of connection
	short    bool // times without a zone, to the second
	oneLine  bool // a refused login leaves its refusal only
	asLogin  bool // a refused change of user is logged under Connect
	banners  bool // restarts leave a banner, else that of a run with few logins does
	events   int  // percent of ids that go to threads of the server, 0 where restarts leave no banner
	language language
	lastTime string
	first    uint64 // a low id that a run begins with
	id       uint64
	logins   int // of this run
	run      int
	late     []*session // their logins come later
}

// session is a client or thread at work.
type session struct {
	conn           int
	steps          []step
	user, database string
}

// step is what comes next of a session. From then on it is that user and has that
// database, if it is not "", and its login has that outcome.
type step struct {
	command, text, user, database string
	outcome                       connection.Outcome
}

// New lets a server write a log. The same seed gives the same one.
func New(seed uint64, o Options) *Log {
	rng := rand.New(rand.NewPCG(seed, 7))
	s := &server{Options: o, rng: rng, now: time.Date(2024, 7, 10, 5, 25, 5, 58758000, time.UTC)}
	s.using, s.short = rng.IntN(3) > 0, rng.IntN(3) == 0
	s.oneLine, s.asLogin, s.banners = s.chance(15), s.chance(40), s.chance(75)
	s.language = languages[rng.IntN(len(languages))]
	if s.banners && s.chance(30) {
		s.events = 1 + rng.IntN(12)
	}
	s.first = 1 + rng.Uint64N(12)
	runs := 1 + rng.IntN(3)
	if o.Short {
		runs = 2 + rng.IntN(5)
	}
	for range runs {
		s.serve()
	}
	s.log.Bytes = bytes.Clone(s.out.Bytes())
	return &s.log
}

func (s *server) chance(percent int) bool { return s.rng.IntN(100) < percent }

// fewLogins are too few to see without a banner that ids begin again behind them.
const fewLogins = 16

// serve is one run of the server.
func (s *server) serve() {
	first := s.run == 0
	if first || s.banners || s.logins < fewLogins {
		s.banner()
	}
	s.logins = 0
	s.run++
	s.live, s.late = nil, nil
	s.id = s.first + s.rng.Uint64N(3)
	count := 200 + s.rng.IntN(500)
	if s.Short {
		count = 3 + s.rng.IntN(98)
	}
	if first && s.chance(25) {
		s.id += s.rng.Uint64N(2000) // the log was switched on late
	}
	from := len(s.log.Entries)
	width := 1 + s.rng.IntN(8) // sessions at a time
	for count > 0 || len(s.live)+len(s.late) > 0 && s.chance(95) {
		if s.chance(1) && s.chance(50) {
			s.banner() // the log is flushed
		}
		switch {
		case count > 0 && len(s.live) < width && s.chance(60):
			count--
			s.logins++
			s.arrive()
		case len(s.late) > 0 && s.chance(30):
			s.live, s.late = append(s.live, s.late[0]), s.late[1:]
			s.act(len(s.live) - 1)
		case len(s.live) > 0:
			s.act(s.rng.IntN(len(s.live)))
		}
	}
	if len(s.log.Entries) > from {
		s.log.Runs++
	}
}

// act takes the next step of a session.
func (s *server) act(k int) {
	c := s.live[k]
	n := 1
	if s.chance(60) {
		n = 2 // most lines of a login are beside each other
	}
	for ; n > 0 && len(c.steps) > 0; n-- {
		s.write(c, c.steps[0])
		c.steps = c.steps[1:]
	}
	if len(c.steps) == 0 {
		s.live = append(s.live[:k], s.live[k+1:]...)
	}
}

func (s *server) write(k *session, x step) {
	s.tick()
	c := &s.log.Connections[k.conn]
	c.Entries++
	k.user, k.database = or(x.user, k.user), or(x.database, k.database)
	if c.Database == "-" {
		c.Database = or(k.database, "-")
	}
	switch {
	case x.outcome != connection.Unseen:
		c.Outcome = x.outcome
	case c.Outcome == connection.Pending:
		c.Outcome = connection.Accepted
	}
	s.log.Entries = append(s.log.Entries, Entry{int64(s.out.Len()), k.conn, or(k.user, c.User), or(k.database, "-")})
	s.out.WriteString(s.head(s.now, c.ID, x.command) + x.text + "\n")
	s.lastTime = s.stamp(s.now)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// tick lets time pass.
func (s *server) tick() {
	if s.short {
		if s.chance(30) {
			s.now = s.now.Add(time.Duration(1+s.rng.IntN(20)) * time.Second)
		}
		return
	}
	s.now = s.now.Add(time.Duration(20+s.rng.IntN(400_000)) * time.Microsecond)
}

func (s *server) stamp(t time.Time) string {
	if s.short {
		return t.Format("060102 15:04:05")
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}

// head is what comes before the text of an entry.
func (s *server) head(t time.Time, id uint64, command string) string {
	stamp := s.stamp(t)
	if s.short && stamp == s.lastTime {
		stamp = "\t"
	}
	return fmt.Sprintf("%s\t%5d %s\t", stamp, id, command)
}

func (s *server) banner() {
	s.out.WriteString("/usr/sbin/mysqld, Version: 5.7.44-log (MySQL Community Server (GPL)). started with:\nTcp port: 3306  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument\n")
	s.lastTime = ""
}

// login is the text of an attempt to log in.
func (s *server) login(user, host, as, database string) string {
	text := user + "@" + host
	if as != "" {
		text += " as " + as
	}
	text += " on " + database
	if s.using {
		text += " using " + pick(s.rng, "TCP/IP", "TCP/IP", "SSL/TLS", "Socket")
	}
	return text
}

func pick(rng *rand.Rand, texts ...string) string { return texts[rng.IntN(len(texts))] }

// language is how a server refuses.
type language struct{ denied, database, tooMany string }

var languages = []language{
	{"Access denied for user '%s'@'%s' (using password: YES)", "Access denied for user '%s'@'%s' to database '%s'", "Too many connections"},
	{"Access denied for user '%s'@'%s' (using password: YES)", "Access denied for user '%s'@'%s' to database '%s'", "Host '10.0.0.1' is not allowed to connect to this MySQL server"},
	{"Accès refusé pour l'utilisateur: '%s'@'@%s' (mot de passe: OUI)", "Accès refusé pour l'utilisateur: '%s'@'@%s'. Base '%s'", "Trop de connexions"},
	{"Accesso non consentito per l'utente: '%s'@'%s' (Password: SI)", "Accesso non consentito per l'utente: '%s'@'%s' al database '%s'", "Troppe connessioni"},
	{"Benutzer '%s'@'%s' hat keine Zugriffsberechtigung (verwendetes Passwort: JA)", "Benutzer '%s'@'%s' hat keine Zugriffsberechtigung für Datenbank '%s'", "Zu viele Verbindungen"},
	{"'%s'@'%s' (using password: YES)", "'%s'@'%s' '%s'", "너무 많은 연결"},
	{"Pristup je zabranjen korisniku '%s'@'%s' (koristi lozinku: 'DA')", "Pristup je zabranjen korisniku '%s'@'%s' za bazu '%s'", "Забагато з'єднань"},
}

func (l language) refuse(user, host string) string { return fmt.Sprintf(l.denied, user, host) }

func (l language) refuseDatabase(user, host, database string) string {
	return fmt.Sprintf(l.database, user, host, database)
}

// statements returns n of them.
func statements(rng *rand.Rand, n int) (list []step) {
	for range n {
		list = append(list, step{command: "Query", text: pick(rng, "SELECT 1", "SELECT a FROM t WHERE b = 'c'", "UPDATE t SET a = 7", "COMMIT", strings.Repeat("SELECT 2 + ", 3)+"4")})
	}
	return list
}
