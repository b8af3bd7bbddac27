package genlog

import "bytes"

// A server writes three lines each time it opens the log:
//
//	/usr/sbin/mysqld, Version: 5.7.12-0ubuntu1 ((Ubuntu)). started with:
//	Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock
//	Time                 Id Command    Argument
//
// Windows servers print "TCP Port: 3306, Named Pipe: MySQL", MariaDB's have TABs
// in the last line, and web pages and chats make one blank of many. All three must
// be together: each of them alone could be text of a statement.

// maxBannerLine bounds a line of a banner.
const maxBannerLine = 16 << 10

// versionLine reports whether line is the first of a banner.
func versionLine(line []byte) bool {
	if len(line) > maxBannerLine {
		return false
	}
	line = bytes.TrimRight(line, "\r\n")
	if !bytes.HasSuffix(line, []byte("started with:")) && !bytes.HasSuffix(line, []byte("embedded library")) {
		return false
	}
	return bytes.Contains(line, []byte(", Version: "))
}

func portLine(line []byte) bool {
	return len(line) <= maxBannerLine && (bytes.HasPrefix(line, []byte("Tcp port: ")) || bytes.HasPrefix(line, []byte("TCP Port: ")))
}

func columnsLine(line []byte) bool {
	if len(line) > maxBannerLine || !bytes.HasPrefix(line, []byte("Time")) {
		return false
	}
	f := bytes.Fields(line)
	return len(f) == 4 && string(f[0]) == "Time" && string(f[1]) == "Id" && string(f[2]) == "Command" && string(f[3]) == "Argument"
}

// firstLine returns the first line of b with its newline.
func firstLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i+1]
	}
	return b
}

// bannerLen returns the length of the banner at the start of b, 0 for none.
func bannerLen(b []byte) int {
	one := firstLine(b)
	if !versionLine(one) {
		return 0
	}
	two := firstLine(b[len(one):])
	if !portLine(two) {
		return 0
	}
	three := firstLine(b[len(one)+len(two):])
	if !columnsLine(three) {
		return 0
	}
	return len(one) + len(two) + len(three)
}

// OpensLog reports whether b begins with the second or third line of a banner; the
// first can have anything before it.
func OpensLog(b []byte) bool {
	line := firstLine(b)
	return portLine(line) || columnsLine(line)
}
