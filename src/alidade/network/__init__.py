"""Network: graphs of people and things, and what can be said of them: groups, roles, key players, hidden links, evolution."""
