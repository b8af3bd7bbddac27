// Package evaluation measures what an analysis found in a log against what is
// known about it: labels of connections with their stages, labels of entries.
//
//	Truth (labels files) + snapshot --Measure--> Result --Text--> a table
//	Result.Learn: F1 by class of forests that learn from the labels, five folds
//	Transfer: models learnt from one capture, applied to each other one
//
// What Measure measures has seen no labels.
package evaluation
