// Package incident joins connections and detections of one actor in time to what a
// responder reads first: who, what was asked for and in which order, through which
// accounts, what came after, and what speaks for an honest cause.
//
//	detections --hostile hosts and pairs--> host actors --shared accounts--> actors
//	detections of injection --bursts--> account actors
//	refused logins of hosts that are in none --> stray guesses, one incident
//
// An actor is one of
//
//   - a host from which accounts were guessed, or from which an account that had no
//     past there did what a rule of high severity looks for: all connections of the
//     accounts that have no honest past on that host;
//   - several such hosts, where what they know of the server's accounts, or the use of
//     one account in turn, speaks for one hand: that they are one is inferred;
//   - a person's account with a past on other days, in one sitting of which two rules
//     speak: all that it did about that time, and nothing of other days;
//   - an account with a past of its own, as that of an application, through which
//     statements came that are not its own: those statements, no others, and none that is
//     odd for apostrophes within words only, unless SQL is added beside it;
//   - many hosts with a few refused logins each, which are not taken for one.
//
// No rule is known to this package by its name: it reads severity and the tactics of
// ATT&CK. Everything in an Incident that was read from the log is attacker-written.
//
// Constants that decide are few. They were chosen for what they mean and not moved
// for a log: see pause, near and sharedAccounts in actor.go and burst.go.
package incident
