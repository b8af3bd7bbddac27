// Package filter selects entries of a log: a line of text becomes a Filter
// (Parse), a Filter and what is known about a log become a Program (Compile),
// and a Program becomes a Selection (Run), the bitmap of the entries that
// match, which grows while the program still runs.
//
// # The language
//
//	union                 the statement holds "union"
//	"order by 1"          the same for text with spaces, brackets, quotation marks
//	/sleep\s*\(/          the statement matches a regular expression (RE2);
//	                      / inside it is written \/
//	id:2523  id:2523@2    connections by id, or by id and server run
//	id:1,5,9-12           several
//	user: host: db:       who logged in, from where, into which database
//	host:203.0.113.0/24   a network; IPv6 too, host:2001:db8::/32
//	host:@office.txt      the addresses and networks that a file lists, one a line
//	cmd: action:          command and SQL verb of the statement
//	table:                a table that the statement names, wherever; without
//	                      a dot the schema does not matter, with one a table
//	                      without a schema is in the current database
//	template:3f2a         event id of the statement's template, or its beginning
//	digest:outfile        part of the statement's digest, its text without the values;
//	                      or the beginning of the digest's SHA-256
//	label:login_attack    class of the connection; label:normal is also what
//	                      nobody labelled, label:- only that
//	detection:ID          what a rule found: its connections and single entries
//	incident:ID           what one actor did: his own entries; by id, or by the letter
//	                      that the Overview has for it; incident:A/collection is one
//	                      of its stages
//	error:1045            what the server answered, in logs that hold it: its error
//	                      number, any, none, or - where the log has none
//	login:denied          connections with a login of that outcome, at their Connect or
//	                      where they change the user: accepted, denied, failed (another
//	                      reason than denial), pending (not shown by the log), unseen
//	                      (no Connect in the log); refused is denied or failed
//	iforest>0.6           score of the Isolation Forest, 0 to 1, the higher the
//	                      more abnormal (scikit-learn's score_samples without
//	                      its minus sign); also >= < <=
//	rforest>0.5           the Random Forest's probability of an anomaly
//	score>0.5             the place of a connection in the ranking, 0 to 1
//	anomaly>0.6           how unlike the others a connection is, 0 to 1
//	learned>0.5           probability, from labels, that a connection is not normal
//	time:2025-03-12T13    that hour; any beginning of an ISO date and time, UTC; a blank
//	                      may replace the T
//	time:13:06            that minute of every day; time:03-12 that day of every year
//	time:A..B  A..  ..B   from A to B, both included; B may leave out the date of A,
//	                      time:03-12 13:06..13:20, and without one may be before it,
//	                      time:22:00..04:00
//
// Terms side by side, or joined by "and", must all hold; "or" binds weaker,
// brackets group. "not" negates what follows it, and so does a "-" directly
// before a field, a quotation mark, a slash or a bracket (before a word it is
// text: "--" and "-1" are worth searching for).
//
// user:root,admin is (user:root or user:admin), and so with the other fields
// that have a value. In values * matches any text, unless it is quoted: user:wp_*,
// db:"my shop"*, table:"a*b". A value is compared whole. Where there is nothing
// to compare (no table, no user) the value is "-".
//
// Values, text and regular expressions are compared without regard to case (in
// an expression (?-i) brings it back): ASCII letters match in
// either case, other letters by Unicode's simple case folding; an ASCII letter
// never matches another letter. Bytes that are not UTF-8 match themselves, not
// parts of characters.
//
// Everything in a quotation is literal; the escapes are those of Go strings,
// so that every byte sequence can be written in printable characters.
package filter
