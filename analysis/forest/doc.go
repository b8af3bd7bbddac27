// Package forest turns a matrix of small integers into two models: Random, a
// random forest learned from classes, and Isolation, an isolation forest that
// needs none. Both reproduce scikit-learn 1.2.1 on amd64 (RandomForestClassifier,
// IsolationForest and train_test_split with an integer random_state, all other
// parameters at their defaults) to the last bit; only isolation scores and
// their offset are promised to 1e-14, because there scikit-learn itself depends
// on the CPU it runs on.
//
// A log repeats its rows enormously, so every function works on the distinct
// rows of a Matrix. An entry of the log is represented by a code: the number of its
// row, or a cell, row*classes + class. That loses nothing: the splits of a tree
// depend on how often each cell was drawn, never on which of several equal entries
// was drawn. The draws themselves are still made entry by entry, in the order of
// the entries, which is what keeps the numbers the same.
//
//	Matrix + cells --Split--> test, training cells --TrainRandom--> Random
//	Matrix + row of each entry ------------------TrainIsolation--> Isolation
//
// Results depend on the input and the seed only. Trees are grown in parallel,
// and whatever is summed over them is summed in their order, so one worker and
// eight give the same bits.
//
// The algorithms are those of Breiman (2001), "Random Forests", and Liu, Ting
// and Zhou (2008), "Isolation Forest". Every product that feeds a sum is
// converted to float64 explicitly: Go would otherwise be free to fuse the two,
// and the last bits would depend on the platform.
package forest
