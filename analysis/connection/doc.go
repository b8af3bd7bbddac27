// Package connection turns the entries of a log into connections: the session
// that a server gave one thread id to, from its login to its end.
//
// Ids begin again when a server restarts, so a connection is named by its
// epoch (the server run, counted from 1) and its id.
//
// # What a log can be made to say
//
// Whoever can send a statement, and on some servers whoever can try to log in,
// can write lines into the log that look like banners and entries. So nothing
// in a log proves a restart or a login, and the Tracker weighs what it reads:
//
//   - An entry is in doubt where one of the 16 before it ends inside a quote or
//     comment, or is a Connect cut in the middle of a name. A banner is in doubt
//     where an entry in its place would be.
//   - A banner and a Connect of a lower or known id behind it are a restart; so
//     is a Connect of an id that has quit and lies far below the highest one.
//     Where banner or Connect is in doubt, or where the id is not far below and
//     there is no banner, they only claim one, and a second Connect beyond doubt
//     must repeat the claim. What came in between belongs to the new run then.
//   - A restart ends all connections, and ids begin low and rise. So a claim is
//     dismissed, and a restart that was believed is taken back, when a connection
//     from before goes on without a Connect, or when logins go on with the ids
//     from before. A restart is beyond doubt after 8 logins without such a sign.
//   - The user and host of a connection are those of its first Connect beyond
//     doubt. A further one, or a refusal of what had got past login, changes
//     nothing and is noted (Doubt).
//   - A single id far above all others does not count as the highest.
//
// Connections of a restart that was taken back keep their entries, get the
// epoch in which they stand, and are marked (Unstarted); some have the name of an
// honest connection then.
//
// What this does not see: a forged restart that is in no quote (servers that log
// what they could not parse, a client that makes our lexer take a quote for
// closed) and that comes when nobody else is connected, or brings 8 logins of its
// own; a forged Connect of an id that is given out next, if it is in no quote. A
// restart is missed where it stands right behind an open quote and no id comes
// again that had quit before, and where a connection that never quit is
// followed, behind a true restart, by entries of the same id without a Connect.
package connection
