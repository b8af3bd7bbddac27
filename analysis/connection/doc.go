// Package connection turns the entries of a log into connections: the session
// that a server gave one thread id to, from its login to its end.
//
// Ids begin again when a server restarts, so a connection is named by its
// epoch (the server run, counted from 1) and its id.
//
// # What a client can write into a log
//
// A client who can send a statement, and on some servers one who can only try to
// log in, can write lines into the log that look like banners and entries. So
// nothing in a log proves a restart or a login, and the Tracker weighs what it
// reads:
//
//   - An entry is in doubt where one of the 16 before it ends inside a quote or
//     comment, or is a Connect cut in the middle of a name. It is inside, as far
//     as is known, until an entry in which the quote or comment may end. A banner
//     is in doubt where an entry in its place would be.
//   - A banner and a Connect of a lower or known id behind it are a restart; so
//     is a Connect of an id that is over and lies far below the highest one. Where
//     banner or Connect is in doubt, where there is no banner, or where the id is
//     hardly lower, they only claim one, and a Connect beyond doubt must repeat
//     the claim: one of an id that is over, or several of lower ids. What came in
//     between is of the new run then.
//   - A restart ends all connections, and ids begin low and rise. So a claim is
//     rejected, and a restart that was confirmed is reverted, when a connection
//     from before goes on without a Connect, when its login is refused by the name of
//     its account, or when logins go on with the ids from before. A Connect whose id
//     is neither low nor far below the highest claims nothing. A restart is beyond
//     doubt after 8 logins without such a sign.
//   - Where a run begins is not always certain, without a banner or where ids had hardly
//     risen. What logged in out of order there is named (Displaced), and so is what
//     goes on behind the restart without a login (Survived).
//   - User and host of a connection are those of its first Connect that is not
//     inside a text; where a refusal names another account, that one, since it is
//     the server's own word. A further login, or a refusal of what had got past
//     login, changes nothing and is noted (Doubt). What is inside a text ends no
//     connection and gives it no database.
//   - A login may be cut by a line break in a name, and the entries behind it be
//     the rest of the name (Forged). What they did is taken back as soon as the
//     end of the name is seen.
//   - A single id far above all others does not count as the highest.
//
// Connections of a restart that did not happen keep their entries and are
// marked (Unstarted). Where the true run has the same id they keep an epoch of
// their own, above NeverBegun; other epochs are counted as if they were not there.
//
// What this does not see: a forged restart that is in no quote (servers that log
// what they could not parse, a client that makes our lexer take a quote for
// closed) and comes when nobody else is connected, or brings 8 logins of its own;
// a forged Connect, in no quote, of the id that is given out next; a Change user of a
// connection that goes on, or lines whose time and id are right where logins do not end
// in the kind of connection, in the name of a database. A restart is missed where there is no
// banner and few logins come before or behind it, where it comes within 16 entries
// of an open quote and no id comes again that had quit before, or with another
// forged banner close to it. Entries between a claim and its end may be
// in the wrong one of two connections of the same id.
package connection
