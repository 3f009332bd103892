"""EKS: what its API keeps, answers and refuses. No node is started; what is described is what was asked for."""
