// Package principal records what accounts, hosts and users did: before a moment of a log,
// in all of it, and compared with what is ordinary.
//
//	loaded.Log --Learn--> History: profiles, digests, tables, logins, with first, last, days
//	a period of the log, other logs (Baseline) --> what is ordinary, at each entry
//	what somebody declared normal (Usual) --WithUsual--> the same, at once
//	History --Novel--> what is new, with reasons
//
// A History is learnt in one pass over a loaded log and is immutable. What came
// before an entry is what precedes it in the log, whatever its times are. An
// entry without a time counts for the day and half hour of the entry before it.
// Days are those of the log's times.
//
// Where no baseline is given the log is compared with its own beginning: what appears
// after its first quarter in few half hours is new. A quarter and a tenth are round
// figures; they decide what is listed, not what is suspicious.
//
// Tables are named as statements write them: shop.orders is another name than orders.
package principal
