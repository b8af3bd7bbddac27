package filekind

import "bytes"

// signatures are the kinds of files that are no text, by their first bytes.
var signatures = []kind{
	{"a MySQL binary log", "turn it into text with mysqlbinlog and read that there; for sqleuth " + give, magic(0, "\xfebin")},
	{"an encrypted MySQL binary log", "turn it into text with mysqlbinlog --read-from-remote-server; for sqleuth " + give, magic(0, "\xfdbin")},
	{"a network capture", "extract the statements with tshark -Y mysql.query -T fields -e mysql.query; for sqleuth " + give, anyMagic("\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x0a\x0d\x0d\x0a")},
	{"a 7z archive", "unpack it with 7z x and give the logs in it", magic(0, "7z\xbc\xaf\x27\x1c")},
	{"a rar archive", "unpack it with unrar x and give the logs in it", magic(0, "Rar!\x1a\x07")},
	{"a zip archive", "unpack it with unzip and give the logs in it", anyMagic("PK\x03\x04", "PK\x05\x06", "PK\x07\x08")},
	{"a tar archive", "unpack it with tar xf and give the logs in it", magic(257, "ustar")},
	{"a cabinet archive", "unpack it and give the logs in it", magic(0, "MSCF")},
	{"a file that was compressed twice", "take off one gzip and give what is inside", magic(0, "\x1f\x8b\x08")},
	{"a file compressed by zstd inside another container", "decompress it with zstd -d and give what is inside", magic(0, "\x28\xb5\x2f\xfd")},
	{"a file compressed by xz inside another container", "decompress it with xz -d and give what is inside", magic(0, "\xfd7zXZ\x00")},
	{"a file compressed by bzip2 inside another container", "decompress it with bunzip2 and give what is inside", bzip2},
	{"a file compressed by lz4", "decompress it with lz4 -d and give what is inside", magic(0, "\x04\x22\x4d\x18")},
	{"a file compressed by lzip", "decompress it with lzip -d and give what is inside", magic(0, "LZIP")},
	{"a file compressed by compress", "decompress it with uncompress and give what is inside", magic(0, "\x1f\x9d")},
	{"a systemd journal", "give the text that journalctl --file=FILE -u mysql -o short-iso writes", magic(0, "LPKSHHRH")},
	{"the description (CSM) of a table of the CSV engine", "give the file beside it that ends in CSV", csvMeta},
	{"the description (frm) of a table", "give the table's rows: general_log.CSV in the same folder", frm},
	{"an index of a MyISAM or Aria table", "give the table's rows: SELECT * FROM mysql.general_log as CSV", anyMagic("\xfe\xfe\x07", "\xfe\xfe\x09")},
	{"an InnoDB tablespace", "give the table's rows: SELECT * FROM mysql.general_log as CSV", tablespace},
	{"an InnoDB redo log", give, redoLog},
	{"a SQLite database", give, magic(0, "SQLite format 3\x00")},
	{"a Windows event log", give, magic(0, "ElfFile\x00")},
	{"a program", give, anyMagic("\x7fELF", "MZ\x90\x00")},
	{"a PDF", "give the log itself as text", magic(0, "%PDF-")},
	{"a picture", "give the log itself as text", anyMagic("\x89PNG\r\n", "\xff\xd8\xff")},
	{"a Parquet file", "give the same rows as CSV", magic(0, "PAR1")},
}

// magic returns a recogniser for heads that hold a signature at an offset.
func magic(at int, signature string) func([]byte) int {
	return func(head []byte) int {
		if len(head) >= at && bytes.HasPrefix(head[at:], []byte(signature)) {
			return at
		}
		return -1
	}
}

// anyMagic returns a recogniser for heads that begin with one of several
// signatures.
func anyMagic(signatures ...string) func([]byte) int {
	var all []func([]byte) int
	for _, s := range signatures {
		all = append(all, magic(0, s))
	}
	return either(all...)
}

// when makes a recogniser of a condition that the start of the file meets.
func when(ok bool) int {
	if ok {
		return 0
	}
	return -1
}

// bzip2 knows the signature with the level and the first block's mark, since
// three letters alone may begin a text.
func bzip2(head []byte) int {
	return when(len(head) >= 10 && bytes.HasPrefix(head, []byte("BZh")) && string(head[4:10]) == "1AY&SY")
}

// csvMeta knows the 35 bytes that the CSV engine keeps beside a table: a mark,
// the version 1, and counts.
func csvMeta(head []byte) int {
	return when(len(head) == 35 && head[0] == 0xfe && head[1] == 1)
}

// frm knows the description of a table up to MySQL 5.7, and of MariaDB.
func frm(head []byte) int {
	return when(len(head) >= 64 && head[0] == 0xfe && head[1] == 1 && head[2] >= 6 && head[2] <= 16)
}

// tablespace knows the first page of a tablespace: number 0, of the type that
// holds the list of extents, its own number given twice.
func tablespace(head []byte) int {
	return when(len(head) >= 1024 && string(head[4:8]) == "\x00\x00\x00\x00" && string(head[24:26]) == "\x00\x08" && string(head[34:38]) == string(head[38:42]))
}

// redoLog knows the name of the program in the header of a redo log.
func redoLog(head []byte) int {
	const creator = 16
	return when(len(head) >= 512 && head[0] <= 1 && (bytes.HasPrefix(head[creator:], []byte("MySQL ")) || bytes.HasPrefix(head[creator:], []byte("MariaDB ")) || bytes.HasPrefix(head[creator:], []byte("MEB "))) || len(head) >= 512 && bytes.HasPrefix(head, []byte("PHYS")))
}
