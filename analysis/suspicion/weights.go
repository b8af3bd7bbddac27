package suspicion

// Prior returns what weights are before a log is looked at, the same for all of a sort:
// a detection of severity high is more likely right than not by itself, a login
// that fails in one suspicious way is not yet, in two it is; what is new to an account
// or to the log is one step of several, more where it asks for something, and more where
// a user has left all the networks that it is at home in.
func Prior() Weights {
	return Weights{
		Bias: -4,
		Kinds: [Kinds]float64{
			RefusedStranger: 2, UsersTried: 3, HostsTried: 3, ManyTries: 3, NoSuchUser: 1,
			NewAccount: 1, NewNetwork: 1, Away: 3, NewDigest: 1, SeveralNew: 1, NewRequest: 2, StrangeRequest: 2,
			Guessing: 6, Access: 6, Injection: 6, Discovery: 6, Collection: 6, Persistence: 6, Impact: 6, Hiding: 6,
			Unlike: 1, Company: 2, Actor: 4, Session: 4, Learned: 4,
		},
	}
}

// fitted are the weights in use: cmd/weights, on the six logs in testdata, made them
// out of Prior.
var fitted = Weights{
	Bias: -5.28,
	Kinds: [Kinds]float64{
		RefusedStranger: 1.75, UsersTried: 3.00, HostsTried: 2.84, ManyTries: 2.89, NoSuchUser: 1.01,
		NewAccount: 0.54, NewNetwork: 1.01, Away: 3.00,
		NewDigest: 0.90, SeveralNew: 0.98, NewRequest: 1.95, StrangeRequest: 1.48,
		Guessing: 5.80, Access: 6.00, Injection: 6.08, Discovery: 5.97,
		Collection: 5.84, Persistence: 5.58, Impact: 5.91, Hiding: 5.99,
		Unlike: 0.44, Company: 2.15, Actor: 3.32, Session: 4.19, Learned: 4.00,
	},
}

// Fitted returns the weights in use.
func Fitted() Weights { return fitted }
