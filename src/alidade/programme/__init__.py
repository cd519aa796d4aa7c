"""Programme: instruments, measures, recommendations, rounds, answers, and reports of what came of them."""
