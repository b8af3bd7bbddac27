package integrity

var ServerNames = serverNames
