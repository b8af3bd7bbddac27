"""Awkward clients for a general log: every kind of text that makes a log hard
to read, sent through the wire protocol. Arguments: socket, port, and the part
to play (first, second) or the dump to write (export, export-hex)."""

import csv
import struct
import sys
import time

import pymysql
from pymysql.constants import CLIENT, COMMAND

SOCKET, PORT, PART = sys.argv[1], int(sys.argv[2]), sys.argv[3]

COM_SET_OPTION, COM_RESET_CONNECTION = 0x1B, 0x1F


def connect(user="root", password="", tcp=False, **more):
    where = {"host": "127.0.0.1", "port": PORT} if tcp else {"unix_socket": SOCKET}
    return pymysql.connect(user=user, password=password, autocommit=True, **where, **more)


def send(conn, statement):
    """Sends a statement (bytes are sent as they are) and reads every result."""
    if isinstance(statement, str):
        statement = statement.encode(conn.encoding, "surrogateescape")
    try:
        conn._execute_command(COMMAND.COM_QUERY, statement)
        conn._affected_rows = conn._read_query_result()
        while conn._result is not None and conn._result.has_next:
            conn._read_query_result()
    except pymysql.err.MySQLError as e:
        print(f"{PART}: {statement[:50]!r}: {e}", file=sys.stderr)


def command(conn, number, payload=b"", answers=1):
    """Sends any command and reads its answer, a packet or several."""
    conn._execute_command(number, payload)
    packets = []
    try:
        for _ in range(answers):
            packets.append(conn._read_packet())
    except pymysql.err.MySQLError as e:
        print(f"{PART}: command {number}: {e}", file=sys.stderr)
    conn._result = None
    return packets


def until_eof(conn):
    """Reads the packets of a list that ends with an EOF packet."""
    while not conn._read_packet().is_eof_packet():
        pass


class Prepared:
    """A statement of the binary protocol."""

    def __init__(self, conn, sql):
        self.conn = conn
        head = command(conn, COMMAND.COM_STMT_PREPARE, sql.encode())[0].get_all_data()
        self.id, columns, self.params = struct.unpack_from("<IHH", head, 1)
        for count in (self.params, columns):
            if count:
                until_eof(conn)

    def execute(self, *values):
        body = struct.pack("<IBI", self.id, 0, 1)
        if values:
            nulls = bytearray((len(values) + 7) // 8)
            types, data = b"", b""
            for i, v in enumerate(values):
                if v is None:
                    nulls[i // 8] |= 1 << i % 8
                    types += b"\x06\x00"
                elif v is LONG:
                    types += b"\xfc\x00"  # its data has been sent before
                elif isinstance(v, int):
                    types, data = types + b"\x08\x00", data + struct.pack("<q", v)
                elif isinstance(v, float):
                    types, data = types + b"\x05\x00", data + struct.pack("<d", v)
                else:
                    kind = b"\xfc\x00" if isinstance(v, bytes) else b"\xfe\x00"
                    v = v.encode() if isinstance(v, str) else v
                    types, data = types + kind, data + b"\xfd" + struct.pack("<I", len(v))[:3] + v
            body += bytes(nulls) + b"\x01" + types + data
        first = command(self.conn, COMMAND.COM_STMT_EXECUTE, body)
        if first and not first[0].is_ok_packet():
            until_eof(self.conn)  # columns
            until_eof(self.conn)  # rows

    def long_data(self, param, data):
        command(self.conn, COMMAND.COM_STMT_SEND_LONG_DATA, struct.pack("<IH", self.id, param) + data, answers=0)

    def reset(self):
        command(self.conn, COMMAND.COM_STMT_RESET, struct.pack("<I", self.id))

    def close(self):
        command(self.conn, COMMAND.COM_STMT_CLOSE, struct.pack("<I", self.id), answers=0)


LONG = object()


def change_user(conn, user, database):
    """COM_CHANGE_USER to an account without a password."""
    payload = user + b"\0" + b"\0" + database + b"\0" + struct.pack("<H", 45) + b"mysql_native_password\0\0"
    answer = command(conn, COMMAND.COM_CHANGE_USER, payload)
    if answer and answer[0].is_auth_switch_request():
        conn.write_packet(b"")  # no password
        try:
            conn._read_packet()
        except pymysql.err.MySQLError as e:
            print(f"{PART}: change user: {e}", file=sys.stderr)


def fails(**login):
    try:
        connect(**login).close()
    except (pymysql.err.MySQLError, RuntimeError):
        return
    raise SystemExit(f"login {login} should have failed")


SCHEMA = """CREATE DATABASE shop CHARACTER SET utf8mb4
USE shop
CREATE TABLE product (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100), price DECIMAL(8,2), stock INT DEFAULT 0)
CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, product INT, at DATETIME)
CREATE TABLE note (id INT PRIMARY KEY AUTO_INCREMENT, body LONGTEXT)
CREATE TABLE image (id INT PRIMARY KEY AUTO_INCREMENT, data LONGBLOB)
CREATE USER app@'%' IDENTIFIED BY 'S3cret!'
CREATE USER guest@'%', guest@localhost, ''@localhost
CREATE USER 'odd @ name[x]'@localhost
GRANT ALL ON shop.* TO app@'%', guest@'%', guest@localhost
CREATE PROCEDURE fill(IN n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO INSERT INTO product (name, price) VALUES (CONCAT('p', i), i * 1.5); SET i = i + 1; END WHILE; SELECT COUNT(*) FROM product; END
CREATE FUNCTION dearest() RETURNS DECIMAL(8,2) READS SQL DATA RETURN (SELECT MAX(price) FROM product)
CREATE TRIGGER sold AFTER INSERT ON orders FOR EACH ROW UPDATE product SET stock = stock - 1 WHERE id = NEW.product"""


def first():
    c = connect()
    for line in SCHEMA.split("\n"):
        send(c, line)
    c.close()

    # Prepared statements of the text protocol.
    c = connect(database="shop")
    send(c, "CALL fill(5)")
    send(c, "PREPARE cheap FROM 'SELECT name FROM product WHERE price < ? AND name LIKE ?'")
    send(c, "SET @p = 3.5, @n = 'p%'")
    send(c, "EXECUTE cheap USING @p, @n")
    send(c, "EXECUTE cheap USING @n, @p")
    send(c, "DEALLOCATE PREPARE cheap")
    send(c, "EXECUTE IMMEDIATE 'SELECT dearest()'")
    c.close()

    # Prepared statements of the binary protocol.
    c = connect("app", "S3cret!", tcp=True, database="shop", charset="utf8mb4")
    select = Prepared(c, "SELECT id, name FROM product WHERE price > ? AND name <> ?\n  AND stock = ?")
    for values in ((1.5, "p1", 0), (None, "it's \"quoted\" \\ and\nof two lines", -7), (99.25, "caf\u00e9 \u65e5\u672c \U0001f511", 1)):
        select.execute(*values)
    insert = Prepared(c, "INSERT INTO image (data) VALUES (?)")
    insert.execute(bytes(range(256)))
    insert.long_data(0, b"\x00long\x00")
    insert.long_data(0, b"\ndata\t\xff\xfe")
    insert.execute(LONG)
    insert.reset()
    insert.close()
    plain = Prepared(c, "SELECT 1")
    plain.execute()
    plain.close()
    command(c, COMMAND.COM_STMT_PREPARE, b"SELEC broken")
    select.close()
    c.close()

    # Change user, and the commands that are not statements.
    c = connect("app", "S3cret!", tcp=True, database="shop")
    change_user(c, b"guest", b"shop")
    send(c, "SELECT CURRENT_USER(), USER()")
    change_user(c, b"nobody", b"")  # refused: the server closes the connection
    c = connect()
    command(c, COMMAND.COM_INIT_DB, b"shop")
    command(c, COMMAND.COM_INIT_DB, b"no such; db\t\n")
    command(c, COMMAND.COM_PING)
    command(c, COMMAND.COM_STATISTICS)
    command(c, COM_SET_OPTION, struct.pack("<H", 0))
    command(c, COM_RESET_CONNECTION)
    command(c, COMMAND.COM_DEBUG)
    conn_id = c.thread_id()
    c._execute_command(COMMAND.COM_FIELD_LIST, b"product\0%")
    try:
        until_eof(c)
    except pymysql.err.MySQLError:
        pass
    command(c, COMMAND.COM_REFRESH, b"\x01")
    c._execute_command(COMMAND.COM_PROCESS_INFO, b"")
    c._read_packet()
    until_eof(c)
    until_eof(c)
    c.close()

    # Character sets: the statement's bytes are those of the client.
    c = connect(database="shop")
    for names, text in (
        ("latin1", b"caf\xe9 \xa3 \x80"), ("utf8mb4", "\u65e5\u672c \U0001f511 \u202etxt.exe".encode()),
        ("gbk", b"\xc4\xe3\xba\xc3 \xbf\x5c"), ("cp1251", b"\xcf\xf0\xe8\xe2\xe5\xf2"), ("binary", b"\x80\xfe\xff\xc0\xaf"),
        ("utf8mb3", b"broken \xc3( \xff \xf0\x9f\x94\x91"),
    ):
        send(c, "SET NAMES " + names)
        send(c, b"INSERT INTO note (body) VALUES ('" + names.encode() + b": " + text + b"')")
        send(c, b"SELECT * FROM note WHERE body = '" + text + b"'")
    c.close()

    # Bytes that mean something to one log format or another.
    c = connect(database="shop", charset="utf8mb4")
    send(c, b"INSERT INTO image (data) VALUES (_binary '" + bytes(b for b in range(256) if b not in b"'\\") + b"')")
    send(c, b"SELECT 'NUL \0 TAB \t CR \r LF \n ESC \x1b[31mred\x1b[0m BEL \x07 DEL \x7f C1 \xc2\x9b'")
    send(c, "SELECT '\n2024-07-10T05:25:05.058758Z\t 9999 Connect\troot@10.0.0.1 on  using TCP/IP\n'")
    send(c, "SELECT '\n250311  8:42:00\t  9999 Query\tDROP TABLE users\n'")
    send(c, "SELECT '\n\t\t  9999 Quit\t\n'")
    send(c, "/*\n\t\t     9 Connect\troot@localhost on shop\n*/ SELECT 1")
    send(c, "SELECT '\n/usr/sbin/mariadbd, Version: 10.0 (x). started with:\nTcp port: 0  Unix socket: x\nTime\t\t    Id Command\tArgument\n'")
    row = '"2024-07-10 05:25:05.058758","root[root] @ localhost []",9999,1,"Query","DROP TABLE users"'
    send(c, "SELECT '\n" + row + "\n'")
    send(c, "SELECT '\\\n" + row + "\\\n'")
    send(c, "SELECT '\n" + row.replace('"', "").replace(",", "\t") + "\n'")
    send(c, 'SELECT "","" , """", "\\"\n"",\n", \'\\\\\'')
    send(c, "SELECT '\\\\\\\n\\\\\\\\\n\\' \\\\', '\\N', 'NULL', '\\t\\n\\0'")
    send(c, "SELECT 1,\r\n  2,\r\n  3\r\n")
    send(c, "SELECT 'ends in a backslash' \\")
    send(c, "SELECT 'ends in CR'\r")
    send(c, "SELECT 'ends in LF'\n")
    send(c, "\n\n  SELECT 'begins with lines'")
    for nothing in ("", ";", " ", "-- only a comment", "/* only a comment */", "\n", "#", "0x53454C4543542031", "NULL", "\\N", '"'):
        send(c, nothing)
    send(c, "SELECT '" + "long " * 4000 + "'")
    send(c, "SELECT " + ",\n".join(str(i) for i in range(400)))
    c.close()

    # Several statements in one text.
    c = connect(database="shop", client_flag=CLIENT.MULTI_STATEMENTS)
    send(c, "SELECT 1; SELECT 'a;b' ;INSERT INTO orders (product, at) VALUES (1, NOW());\nUPDATE product SET price = 0;")
    send(c, "SELECT 1; SELEC 2; SELECT 3")
    send(c, "BEGIN; DELETE FROM orders; ROLLBACK")
    c.close()

    # Logins that fail, each in its own way, and users that are hard to read.
    fails(user="root", password="wrong", tcp=True)
    fails(user="admin", password="admin", tcp=True)
    fails(user="app", password="S3cret!", tcp=True, database="mysql")
    fails(user="app", password="S3cret!", tcp=True, database="nowhere")
    fails(user="it's'@'me", password="x", tcp=True)
    fails(user="on shop@evil", password="", tcp=True)
    fails(user="line\nbreak\t", password="x", tcp=True)
    connect("odd @ name[x]").close()
    connect("anyone").close()

    # Kill, and the log reopened and switched.
    victim, killer = connect("guest", tcp=True, database="shop"), connect()
    send(victim, "SELECT 'before the kill'")
    send(killer, f"KILL QUERY {victim.thread_id()}")
    send(killer, f"KILL {victim.thread_id()}")
    send(killer, "KILL 4294967295")
    command(killer, COMMAND.COM_PROCESS_KILL, struct.pack("<I", conn_id))
    send(killer, "FLUSH LOGS")
    send(killer, "SELECT 'after FLUSH LOGS'")
    send(killer, "SET sql_log_off = ON")
    send(killer, "SELECT 'not logged'")
    send(killer, "SET sql_log_off = OFF")
    send(killer, "SET GLOBAL general_log = OFF")
    send(killer, "SELECT 'not logged either'")
    send(killer, "SET GLOBAL general_log = ON")
    send(killer, "FLUSH GENERAL LOGS")
    send(killer, "CREATE EVENT shop.once ON SCHEDULE AT NOW() DO UPDATE shop.product SET stock = stock + 10")
    time.sleep(2)
    killer.close()


def second():
    """After a restart: ids begin again."""
    c = connect("app", "S3cret!", tcp=True, database="shop", charset="utf8mb4")
    send(c, "SELECT name FROM product WHERE name = '\u00fcber'")
    send(c, "CALL restock(1)")
    send(c, "SELECT a.name, b.at FROM product a JOIN orders b ON b.product = a.id")
    c.close()
    fails(user="root", password="again", tcp=True)
    c = connect()
    send(c, "SELECT User, Host, authentication_string FROM mysql.user")
    send(c, "SELECT * FROM shop.image INTO OUTFILE '/nowhere/image'")
    c.close()


# Exports as consoles of managed databases and desktop clients write them: RFC
# 4180 with a header, CRLF after each row, and an order of columns of their own.

def export(query, names):
    c = connect(charset="utf8mb4")
    cursor = c.cursor()
    cursor.execute(query)
    text = sys.stdout
    text.reconfigure(encoding="utf-8", newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(names)
    rows.writerows(cursor.fetchall())
    c.close()


if PART == "first":
    first()
elif PART == "second":
    second()
elif PART == "export":
    export("SELECT thread_id, command_type, argument, server_id, CAST(event_time AS CHAR), user_host FROM mysql.general_log",
           ["thread_id", "command_type", "argument", "server_id", "event_time", "user_host"])
elif PART == "export-hex":
    export("SELECT CAST(event_time AS CHAR), user_host, thread_id, server_id, command_type, HEX(argument) FROM mysql.general_log",
           ["event_time", "user_host", "thread_id", "server_id", "command_type", "HEX(argument)"])
