// Package account lists who tried to log in from where: tries, refusals, logins, what was
// asked for, and in words why an account is at its place of the list.
//
//	loaded.Log, principal.History --Of--> Accounts: a Pair for each user and host
//	Accounts --By--> Table: users with their hosts, hosts with their users, or pairs
//
// The first order is oddness (Level), not number: an account that got in from a host
// from which it never had, and guesses from such hosts, come first; failures at a
// constant rate and typing mistakes behind them; what only ever got in comes last.
//
// Each sentence states what can be counted in the entries of its row; where it supposes
// a reason there is a question mark. What is new is decided by the whole log and the
// baseline, the rest by the connections that are shown.
//
// The work grows linearly with the connections, but for sorting. Accounts that got in
// are kept before those that only tried, MaxPairs in all; Accounts.Left counts the rest.
package account
