// Package principal tells what accounts, hosts and users did before a moment of a
// log: the statements that an account had sent by then and on how many days, the
// logins that a host, a user or both together had tried.
//
// A History is learnt in one pass over a loaded log and is immutable. What came
// before an entry is what precedes it in the log, whatever its times are. An
// entry without a time counts for the day and half hour of the entry before it.
// Days are those of the log's times.
package principal
