// Package count holds the notebook's tables: entries by action and by table, by
// hour of day, action-table pairs, and the distribution of connection ids per
// action and per table; and the timeline that screens draw.
package count
