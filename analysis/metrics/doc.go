// Package metrics turns counts into figures: predicted and true classes into a
// confusion matrix and a classification report, scores and true classes into
// curves and histograms, values into summaries.
//
// Everything takes counts rather than single observations, because a log's
// entries repeat enormously. Where scikit-learn 1.2.1, NumPy or pandas have
// the same figure, it is computed in their order of operations and has the
// same bits, unless the function documents otherwise.
package metrics
