// Package suspicion ranks connections and entries in the order in which an analyst
// should read them, and takes each score apart.
//
//	logins, profiles, facts, detections --evidence--> how strongly each Kind speaks, 0 to 1
//	evidence * weights --sum, logistic--> a score by itself
//	scores of others of the account in time, of the host --Company, Actor--> a score
//	labels --Learned--> a Ranking
//
// A score is 1/(1+exp(-(bias + the sum of weight times strength))): each Kind of evidence
// adds to the log-odds that a connection is part of an attack, and none takes away, so
// that nothing an attacker does besides makes him less suspicious. Of detections the
// gravest of a group of tactics counts, since rules overlap. What others did is added in
// a second pass, from scores that others have by themselves: nobody is suspicious because
// of himself. An entry is scored by the same weights from what is its own.
//
// Weights are in weights.go. Prior has what they are before any log is looked at;
// cmd/weights fits them to logs with labels by logistic regression that is drawn to the
// prior (Fit), each log weighing alike and each stage of an attack alike. Each log is
// measured with weights that were fitted to the others.
//
// # Constants
//
// These were chosen or confirmed while captures were looked at; why they carry over:
//
//   - noise 0.3: honest statements are new to their account too, after a release or in a
//     menu that is seldom used; in every capture, attack or not, a novelty up to a third
//     is common. It only sets where evidence begins.
//   - steady 0.4: half the error that random gaps have, see trait.Measures.Pace; a timer
//     has about 0, and nothing honest or hostile was seen between 0.3 and 0.6.
//   - fading, six hours: who gets in within the working day had forgotten a password.
//     Two users and few tries are what people do; tools try more.
//   - settles, ten minutes, fewTries 3, someDays 3: at a host that many share, such as that
//     of phpMyAdmin, guesses and mistakes come from one address. The figures are those by
//     which rules part them, and of what is ordinary; who guesses right on his third
//     try does not come on three days.
//   - average 0.6: isolation scores of ordinary programs reach it in every capture; it has
//     the smallest of weights.
//   - sitting, an hour: somebody who works at the server reads answers and thinks; it is
//     the pause of package incident. An account that is active all day has no sittings.
//   - nearby, a quarter of an hour: requests of one series follow each other by seconds to
//     minutes; within it honest statements that look injected are rare in every log.
//   - halves of saturating (2 users, hosts and neighbours, 4 tries and new digests): one
//     more than what a person does in a moment of forgetting.
//   - bySeverity: low is what honest administrators do every day, medium what they do now
//     and then; taken from what the levels of rules are defined to mean.
//   - pull 0.1 of package evaluation: a log weighs 2, so that a kind that one log alone has
//     moves by a tenth at most and no log decides about another.
package suspicion
