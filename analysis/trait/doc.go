// Package trait measures connections: who logged in and what was known of them, how
// new statements are to their account, what they ask for, what rules found.
//
//	loaded.Log + principal.History + detections --Learn--> what connections are measured against
//	a connection --Measure--> Measures --traits--> values --steps--> a row of a Matrix
//	rows --isolation forest--> how unlike the others a connection is
//
// A Trait is a named number with a unit, a source and at most 16 steps; equal rows of
// steps are kept once, with how many connections have them. Values are exact and can
// be asked for again; models see steps.
//
// The bounds of steps are powers and round figures chosen before a log was looked at:
// counts by doubling, times by what people call a minute, an hour, a day, shares by
// halving. A tree needs the order of values alone, so that other bounds change little.
package trait
