package screentest

import (
	"fmt"
	"strings"
	"time"
)

// incident is a small log with everything that screens must cope with: an
// application's ordinary connections, a backup, a mistyped password, a run of
// refused logins that ends with an accepted one, the theft of a table, a server
// restart after which ids begin again, a statement over several lines, and
// hostile text.
func incident() string {
	var b strings.Builder
	at := time.Date(2024, 7, 10, 5, 25, 5, 58758000, time.UTC)
	entry := func(id int, command, text string) {
		fmt.Fprintf(&b, "%s\t%5d %s\t%s\n", at.Format("2006-01-02T15:04:05.000000Z"), id, command, text)
		at = at.Add(731 * time.Millisecond)
	}
	banner := func() {
		b.WriteString("/usr/sbin/mysqld, Version: 5.7.42-log (MySQL Community Server (GPL)). started with:\n" +
			"Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock\n" +
			"Time                 Id Command    Argument\n")
	}
	banner()
	for i := range 6 {
		id := 2 + i
		entry(id, "Connect", "wordpress@localhost on wordpress using Socket")
		entry(id, "Query", "SET NAMES utf8mb4")
		entry(id, "Query", "SELECT option_name, option_value FROM wp_options WHERE autoload = 'yes'")
		entry(id, "Query", fmt.Sprintf("SELECT wp_posts.*\n\t\t FROM wp_posts\n\t\t WHERE ID = %d", 40+i))
		entry(id, "Query", fmt.Sprintf("UPDATE wp_options SET option_value = '%d' WHERE option_name = 'cron'", 1720589100+i))
		entry(id, "Quit", "")
		at = at.Add(40 * time.Second)
	}
	entry(8, "Connect", "Access denied for user 'editor'@'10.0.0.7' (using password: YES)")
	entry(9, "Connect", "editor@10.0.0.7 on wordpress using TCP/IP")
	entry(9, "Query", "INSERT INTO wp_posts (post_title) VALUES ('日本語のタイトル, café')")
	entry(9, "Quit", "")
	at = at.Add(10 * time.Minute)
	for i := range 14 {
		entry(10+i, "Connect", "Access denied for user 'root'@'127.0.0.66' (using password: YES)")
		at = at.Add(-600 * time.Millisecond)
	}
	entry(24, "Connect", "root@127.0.0.66 on  using TCP/IP")
	entry(24, "Query", "SELECT user_login, user_pass FROM wordpress.wp_users")
	entry(24, "Query", "SELECT '\x1b]0;owned\x07\x1b[31m' AS \u202Eevil, 'tower: e\u0301\u0301\u0301\u0301', '\xff\xfe' FROM wp_users -- \u200b\U000E0041")
	entry(24, "Quit", "")
	at = at.Add(2 * time.Hour)
	banner()
	for i := range 3 {
		id := 2 + i
		entry(id, "Connect", "wordpress@localhost on wordpress using Socket")
		entry(id, "Query", "SELECT option_name, option_value FROM wp_options WHERE autoload = 'yes'")
		entry(id, "Quit", "")
	}
	entry(5, "Connect", "root@localhost on  using Socket")
	entry(5, "Query", "SELECT /*!40001 SQL_NO_CACHE */ * FROM `wp_users`")
	entry(5, "Query", "SELECT /*!40001 SQL_NO_CACHE */ * FROM `wp_posts`")
	entry(5, "Quit", "")
	return b.String()
}

// tampered is a log whose writing somebody interfered with: entries forged
// inside a quote and inside a comment, a step back in time, logging switched off
// while ids went on, and a run of NUL bytes.
func tampered() string {
	var b strings.Builder
	at := time.Date(2025, 3, 11, 8, 0, 0, 123456000, time.UTC)
	const form = "2006-01-02T15:04:05.000000Z"
	entry := func(id int, command, text string) {
		fmt.Fprintf(&b, "%s\t%5d %s\t%s\n", at.Format(form), id, command, text)
		at = at.Add(137 * time.Microsecond)
	}
	id := 0
	visit := func(statements ...string) {
		id++
		entry(id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
		for _, s := range statements {
			entry(id, "Query", s)
		}
		entry(id, "Quit", "")
		at = at.Add(10 * time.Second)
	}
	visits := func(n int) {
		for k := range n {
			visit(fmt.Sprintf("SELECT name FROM customers WHERE id = %d", k))
		}
	}
	b.WriteString("/usr/sbin/mysqld, Version: 5.7.44-log (MySQL Community Server (GPL)). started with:\n" +
		"Tcp port: 3306  Unix socket: /run/mysqld.sock\nTime                 Id Command    Argument\n")
	visits(30)
	// A header in an open quote, as another connection's login and theft.
	visit("SELECT 1", "SELECT '\n"+at.Add(400*time.Microsecond).Format(form)+"\t 9999 Connect\troot@10.0.0.66 on  using TCP/IP\n"+
		at.Add(500*time.Microsecond).Format(form)+"\t 9999 Query\tSELECT * FROM customers\n'")
	visits(20)
	visit("SELECT 1 /*\n" + at.Add(200*time.Microsecond).Format(form) + "\t   52 Query\tDROP TABLE customers */")
	visits(20)
	at = at.Add(-3 * time.Minute) // a step back
	visits(20)
	id++
	entry(id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
	entry(id, "Query", "SET GLOBAL general_log = 'OFF'")
	id += 140 // clients came meanwhile
	at = at.Add(5 * time.Minute)
	visits(20)
	b.WriteString(strings.Repeat("\x00", 4096))
	visits(5)
	return b.String()
}
