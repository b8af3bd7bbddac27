// Package servertest writes general logs of servers that never were, and knows
// what is true of them: whose each entry is, who each connection was, how its
// login ended. Tests compare that with what is read out of the bytes.
//
//	seed --> server --> log, truth
//
// A server runs several times, its log is opened again while it runs, clients
// come out of order, are refused in the words of some language, change user and
// database, or vanish; threads of the server's own send statements. To a hostile
// server clients come who know no password and choose names that look like parts
// of a log.
package servertest
