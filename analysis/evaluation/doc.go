// Package evaluation measures what an analysis found in a log against what is
// known about it: labels of connections with their stages, labels of entries.
//
//	Truth (labels files) + snapshot --Measure--> Result --Text--> a table
//
// Nothing is trained and nothing is chosen here; the labels are seen by the
// measures alone.
package evaluation
