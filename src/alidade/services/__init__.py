"""Use cases: one function per thing a person can do. Each asks the policy, acts, and logs, in one transaction."""
