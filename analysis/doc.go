// Package analysis holds everything that sqleuth finds out about a log; nothing
// below it knows a terminal.
//
//	bytes      logfile     containers, offsets, SHA-256, reading back
//	           follow      what a log that is being written has got since
//	           wrapper     prefixes, containers and encodings around a log, taken off
//	           textmap     where what is left is in the log
//	           stops       the next byte at which a walk through text stops
//	entries    genlog      the general log as servers write it, every byte accounted for
//	           tablelog    dumps of its table, mysql.general_log
//	           filekind    what a file is that holds no general log
//	           notebook    the same log as the notebook's Python reads it
//	           sqltext     a statement: tokens, action, tables, digest, lines to read
//	           fact        what a statement asks for, no rule in sight
//	           reading     the two readings, and all in which they differ
//	           connection  entries of one thread id of one server run
//	           store       all of it in columns, views of which are immutable
//	           loaded      a log as read, which all that follows looks at
//	templates  drain       similar statements
//	features   feature     templates, commands, actions and tables as ranks
//	models     forest      scikit-learn's two forests, bit for bit
//	           metrics     confusion, reports, curves
//	           model       both forests on a log, measured against labels
//	           integrity   what speaks against a log, and what it cannot show
//	findings   label       the analyst's verdicts; casefile keeps them
//	           principal   what accounts, hosts and users did before
//	           rule        rules, correlations and filters in files
//	           account     who tried to log in from where, the oddest first
//	           detect      rules with ATT&CK ids
//	           trait       features of connections, and how unlike the others each is
//	           learned     what labels teach of connections, in this log or another
//	           incident    what one actor did, in stages
//	           suspicion   which connections and entries to read first, and why
//	           finding     one row of evidence for each connection that counts
//	           evaluation  what was found, measured against labels
//	           filter      what an analyst types to see less
//	           count       the notebook's tables
//	files      export      CSV and JSON with a manifest
//	           schema      the names and types of what files hold, as JSON Schema
//	           redact      tokens in the place of values
//	           verify      an export against its log
//	           merkle      hashes under one root, and proofs of some of them
//	           stream      lines of JSON for an engine that holds many logs, and its tables
//	           handover    a report for readers without the program, as HTML and Markdown
//	           report      everything as text or JSON
//	           pandascsv   the CSV that pandas writes
//	           visible     text of any origin made harmless to a terminal
//	           wording     figures, names and errors as words of a sentence
//	           parallel    work on several goroutines, a panic of which is the caller's
//	           wholefile   a file that is there when it is whole
//	           filelock    a file for one process at a time
//	checks     reference   all figures against those of the notebook's libraries
//	pipeline   runs the stages and hands out snapshots
//
// Words: an entry is one timestamped record; a connection is (epoch, id), where
// an epoch is a server run; an action is the SQL verb and a table what it works
// on; a template is what Drain makes of similar statements; a digest is the text of
// one without its values; a principal is a user with the host it came from; a label is a class
// given to a connection, and whatever is not normal is an anomaly; a detection is
// a rule's hit; a finding is what the analyst takes away.
package analysis
