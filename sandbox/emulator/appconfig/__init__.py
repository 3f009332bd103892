"""AWS AppConfig: versions, validators, deployments with rollback, and the data plane."""
